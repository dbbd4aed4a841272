//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"unicode"

	"circdesk/scanner"
	"circdesk/scanner/emulated/usbip"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/watch"
)

// hostile is a device that says of itself, or sends, what no scanner does.
type hostile struct {
	name    string
	change  func(*usbip.Device)
	reports [][]byte
}

// report is one of the POS scanner's, with other bytes at its beginning.
func report(first ...byte) []byte {
	b := posReports(text{aim: "]F0", text: "31234000123456"})[0]
	copy(b, first)
	return b
}

func descriptor(b []byte) func(*usbip.Device) {
	return func(d *usbip.Device) { d.Descriptor = b }
}

// hostiles are the devices; of none of them may a scan come, since none sends a whole
// one.
func hostiles() []hostile {
	whole := descriptors.HandHeldPOS()
	return []hostile{
		{"a descriptor that is cut in an item", descriptor(whole[:len(whole)-3]), nil},
		{"a descriptor that is cut before its ends", descriptor(whole[:len(whole)-1]), nil},
		{"a descriptor of nothing", descriptor(nil), nil},
		{"a descriptor of zeros", descriptor(make([]byte, 200)), nil},
		{"a descriptor longer than any", descriptor(bytes.Repeat(whole, 40)), nil},
		{"the longest descriptor", descriptor(append(bytes.Repeat([]byte{0x09, 0xFE}, 2000), whole[:64]...)), nil},
		{"a report of 2^31 values", descriptor(descriptors.Bytes(`058c 0902 a101 8502 0912 a102 1500 26ff00 7508 97ffffff7f 09fe 8102 c0 c0`)), nil},
		{"values of 255 bits", descriptor(descriptors.Bytes(`058c 0902 a101 8502 0912 a102 1500 26ff00 75ff 9510 09fe 8102 c0 c0`)), nil},
		{"values of no bits", descriptor(descriptors.Bytes(`058c 0902 a101 8502 0912 a102 1500 26ff00 7500 95ff 09fe 8102 c0 c0`)), nil},
		{"collections in one another", descriptor(append(bytes.Repeat([]byte{0x05, 0x8c, 0x09, 0x02, 0xa1, 0x02}, 300), bytes.Repeat([]byte{0xc0}, 300)...)), nil},
		{"settings put aside for ever", descriptor(append(bytes.Repeat([]byte{0xa4}, 300), whole...)), nil},
		{"ends without beginnings", descriptor(bytes.Repeat([]byte{0xc0}, 100)), nil},
		{"a long item that has no end", descriptor(append([]byte{0xfe, 0xff, 0x00}, whole[:20]...)), nil},

		{"more data than there is", nil, [][]byte{report(2, 255)}},
		{"more data than there is, and more to come", nil, [][]byte{append(report(2, 255)[:63], 0xFF)}},
		{"a report that is cut", nil, [][]byte{report()[:7]}},
		{"a report of one byte", nil, [][]byte{{2}}},
		{"an empty report", nil, [][]byte{{}}},
		{"a report of a number that it has not", nil, [][]byte{report(77)}},
		{"a scan that does not end", nil, func() (all [][]byte) {
			for range 300 {
				r := report(2, room)
				r[63] = 1
				all = append(all, r)
			}
			return all
		}()},

		{"names that steer a terminal", func(d *usbip.Device) {
			d.ProductName, d.VendorName = "\x1b[2J\x1b]0;pwned\a\r\n\x00Scanner", "\u202egnp.exe"+strings.Repeat("\u0301", 90)
		}, nil},
	}
}

// hostile: whatever a device says of itself and sends, it gives no scan that it did
// not send, the scanner beside it is read on, and its names are one printable line.
func (w way) hostile(ctx context.Context) (string, error) {
	name := watch.Wanted{Vendor: 0xDEAD, Product: 0xBEEF, Setup: scanner.Setup{Name: "hostile"}}
	rows := hostiles()
	opened := 0
	saw, err := w.beside(ctx, func(desk *desk, p *plugged) (string, error) {
		for n, row := range rows {
			was, err := w.meets(ctx, desk, p, row, n)
			if err != nil {
				return "", fmt.Errorf("%s: %w", row.name, err)
			}
			if was {
				opened++
			}
		}
		return "", nil
	}, name)
	if err != nil {
		return saw, err
	}
	return fmt.Sprintf("%d devices, %d of them opened", len(rows), opened), nil
}

// meets is a desk that meets a hostile device; opened says whether it has read it.
func (w way) meets(ctx context.Context, desk *desk, p *plugged, row hostile, n int) (opened bool, err error) {
	d := pos.device(fmt.Sprintf("hostile-%d", n))
	d.Vendor, d.Product = 0xDEAD, 0xBEEF
	if row.change != nil {
		row.change(d)
	}
	h, err := plug(ctx, 1, d)
	if err != nil {
		return false, err
	}
	defer h.unplug()
	// The kernel may not want it at all; then it asks no more.
	if err := until(ctx, "the kernel to look at it", func() bool { return known(d.Serial) }); err != nil {
		return false, err
	}
	if opened, err = w.takes(ctx, desk, d.Serial); err != nil {
		return opened, err
	}
	if opened {
		h.Send(row.reports...)
		if err := until(ctx, "its reports to be sent", func() bool { return h.Waiting() == 0 }); err != nil {
			return opened, err
		}
	}
	if err := desk.silence(); err != nil {
		return opened, err
	}
	if err := desk.reads(ctx, pos, p, neighbour); err != nil {
		return opened, fmt.Errorf("the neighbour: %w", err)
	}
	if err := h.unplug(); err != nil {
		return opened, err
	}
	if opened {
		_, err = desk.notice(ctx, watch.Unplugged, "hostile")
	}
	return opened, err
}

// takes returns whether the desk reads the hostile device: it must if it is listed.
func (w way) takes(ctx context.Context, desk *desk, serial string) (bool, error) {
	info, err := listed(w.backend, serial)
	if err != nil {
		return false, nil
	}
	for _, s := range []string{info.VendorName, info.ProductName, info.Serial} {
		if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return false, fmt.Errorf("it is called %q", s)
		}
	}
	_, err = desk.notice(ctx, watch.Plugged, "hostile")
	return true, err
}
