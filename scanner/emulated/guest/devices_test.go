//go:build linux

package main

import (
	"testing"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/hidreport"
	"circdesk/scanner/reader"
)

// decoder is a desk's decoder for an emulated scanner.
func decoder(t *testing.T, m model) scanner.Decoder {
	t.Helper()
	d := m.device("A")
	info := scanner.Info{Vendor: d.Vendor, Product: d.Product, Kind: hidreport.Kind(d.Descriptor), Descriptor: d.Descriptor, Packet: int(d.Packet)}
	if info.Kind != m.kind {
		t.Fatalf("it says that it is %q", info.Kind)
	}
	decoder, err := reader.Decoder(info, scanner.Setup{Name: "A"})
	if err != nil {
		t.Fatal(err)
	}
	return decoder
}

// What an emulated scanner sends for a label is that label, and no two are alike: else
// a scan that is lost would not be missed.
func TestLabels(t *testing.T) {
	for _, m := range []model{pos, keys} {
		seen := make(map[string]bool)
		several := false
		d := decoder(t, m)
		for n := range thousand {
			label := m.label(n)
			if seen[label.text] {
				t.Fatalf("%s: label %d came before: %q", m.kind, n, label.text)
			}
			seen[label.text] = true
			var got []scanner.Scan
			reports := m.reports(label)
			closing := 0
			for _, r := range reports {
				if m.closes(r) {
					closing++
				}
				got = append(got, d.Decode(r, time.Time{}).Scans...)
			}
			several = several || len(reports) > 1 && m.kind == scanner.POS
			if len(got) != 1 || got[0] != m.scan(label, "A") || closing != 1 {
				t.Fatalf("%s: label %d is %+v, read is %+v, closed %d times", m.kind, n, label, got, closing)
			}
			if m.kind == scanner.Keyboard && len(reports) > mostReports {
				t.Fatalf("label %d takes %d reports", n, len(reports))
			}
		}
		if m.kind == scanner.POS && !several {
			t.Error("no scan takes more than one report")
		}
	}
}

// mostReports is how many reports libusb's part of the library keeps for who is slow;
// all of one scan may have come before the first is read.
const mostReports = 30

func TestHalfAScan(t *testing.T) {
	for _, m := range []model{pos, keys} {
		d := decoder(t, m)
		reports, lost := m.half()
		for _, r := range reports {
			if got := d.Decode(r, time.Time{}); got.Scans != nil || got.Fault != scanner.NoFault {
				t.Errorf("%s: half a scan gave %+v", m.kind, got)
			}
		}
		if got := d.End(time.Time{}); got.Fault != scanner.Torn || got.Lost != lost || lost == "" {
			t.Errorf("%s: got %+v, want %q to be lost", m.kind, got, lost)
		}
	}
}

// None of the hostile devices sends a whole scan, so that every scan that comes of
// one was made up.
func TestHostiles(t *testing.T) {
	names := make(map[string]bool)
	for _, row := range hostiles() {
		if names[row.name] {
			t.Errorf("%s: twice", row.name)
		}
		names[row.name] = true
		device := pos.device("A")
		if row.change != nil {
			row.change(device)
		}
		info := scanner.Info{Vendor: 0xDEAD, Product: 0xBEEF, Descriptor: device.Descriptor, Packet: int(device.Packet)}
		d, err := reader.Decoder(info, scanner.Setup{})
		if err != nil {
			t.Fatal(err)
		}
		var got []scanner.Scan
		for _, r := range row.reports {
			got = append(got, d.Decode(r, time.Time{}).Scans...)
		}
		if got = append(got, d.End(time.Time{}).Scans...); got != nil {
			t.Errorf("%s: read is %+v", row.name, got)
		}
	}
}
