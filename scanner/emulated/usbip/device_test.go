package usbip

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"circdesk/scanner/internal/descriptors"
)

func scannerThatTypes() *Device {
	return &Device{
		Vendor: 0x05F9, Product: 0x2204, VendorName: "Maker", ProductName: "Größe", Serial: "A1",
		Keyboard: true, Descriptor: descriptors.Gryphon(), Packet: 8, Interval: 10,
	}
}

func TestControl(t *testing.T) {
	get := func(kind, value uint16, length int) setup {
		return setup{0x80, getDescriptor, kind<<8 | value, 0, length}
	}
	for _, row := range []struct {
		name  string
		setup setup
		want  string // in hexadecimal digits
		ok    bool
	}{
		{"what it is", get(1, 0, 64), "12 01 0002 00 00 00 40 f905 0422 0001 01 02 03 01", true},
		{"the beginning of it", get(1, 0, 8), "12 01 0002 00 00 00 40", true},
		{"its parts", get(2, 0, 255), "09 02 2200 01 01 00 80 32  09 04 00 00 01 03 01 01 00  09 21 1101 00 01 22 4100  07 05 81 03 0800 0a", true},
		{"how long its parts are", get(2, 0, 9), "09 02 2200 01 01 00 80 32", true},
		{"its languages", get(3, 0, 255), "04 03 0904", true},
		{"its maker", get(3, 1, 255), "0c 03 4d00 6100 6b00 6500 7200", true},
		{"its name, which is not ASCII", get(3, 2, 255), "0c 03 4700 7200 f600 df00 6500", true},
		{"its number", get(3, 3, 255), "06 03 4100 3100", true},
		{"a text that it has not", get(3, 4, 255), "", false},
		{"what HID it speaks", setup{0x81, getDescriptor, 0x2100, 0, 9}, "09 21 1101 00 01 22 4100", true},
		{"its reports", setup{0x81, getDescriptor, 0x2200, 0, 12}, "05 01 09 06 a1 01 05 07 19 e0 29 e7", true},
		{"how it would be if it were faster", get(6, 0, 10), "", false},
		{"its state", setup{0x80, getStatus, 0, 0, 2}, "00 00", true},
		{"the state of its endpoint", setup{0x82, getStatus, 0, 0x81, 2}, "00 00", true},
		{"choose its parts", setup{0x00, setConfigured, 1, 0, 0}, "", true},
		{"choose its other part", setup{0x01, setInterface, 0, 0, 0}, "", true},
		{"wake its endpoint", setup{0x02, clearFeature, 0, 0x81, 0}, "", true},
		{"no repeats", setup{0x21, setIdle, 0, 0, 0}, "", true},
		{"as a BIOS has it", setup{0x21, setProtocol, 0, 0, 0}, "", true},
		{"a report on demand", setup{0xA1, 1, 0x0300, 0, 8}, "", false},
		{"what its maker alone knows", setup{0xC0, 1, 0, 0, 8}, "", false},
		{"a new address", setup{0x00, 5, 7, 0, 0}, "", false}, // the host controller keeps it
	} {
		got, ok, silent := scannerThatTypes().control(row.setup, nil)
		if want := raw(t, row.want); !bytes.Equal(got, want) || ok != row.ok || silent {
			t.Errorf("%s: got %x %v %v, want %x", row.name, got, ok, silent, want)
		}
	}
}

func TestADeviceWithoutNames(t *testing.T) {
	d := &Device{Vendor: 1, Product: 2, Descriptor: descriptors.HandHeldPOS(), Packet: 64}
	if got, _ := d.descriptor(deviceDesc, 0); !bytes.Equal(got[14:17], []byte{0, 0, 0}) {
		t.Errorf("it has texts: % x", got)
	}
	if got, _ := d.descriptor(configDesc, 0); got[15] != 0 || got[16] != 0 || got[33] != 1 {
		t.Errorf("it is a keyboard, or polled at once: % x", got)
	}
	d.ProductName = strings.Repeat("x", 1000)
	if got, ok := d.text(productString); !ok || len(got) != 254 || got[0] != 254 {
		t.Errorf("a long text has %d bytes", len(got))
	}
}

func TestWritten(t *testing.T) {
	var got []Report
	d := scannerThatTypes()
	d.Written = func(r Report) { got = append(got, r) }
	write := func(value uint16, data ...byte) {
		t.Helper()
		if _, ok, silent := d.control(setup{0x21, setReport, value, 0, len(data)}, data); !ok || silent != d.Mute.Writes {
			t.Errorf("report % x: ok %v, silent %v", data, ok, silent)
		}
	}
	write(0x0200, 1)
	write(0x0304, 4, 1)
	d.Mute.Writes = true
	write(0x0200, 7)
	if want := []Report{{false, []byte{1}}, {true, []byte{4, 1}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestMute(t *testing.T) {
	for _, row := range []struct {
		name  string
		mute  Mute
		setup setup
		want  bool
	}{
		{"a name", Mute{Names: true}, setup{0x80, getDescriptor, 0x0302, 0x0409, 255}, true},
		{"the languages", Mute{Names: true}, setup{0x80, getDescriptor, 0x0300, 0, 255}, true},
		{"what it is", Mute{Names: true, Descriptor: true, Writes: true}, setup{0x80, getDescriptor, 0x0100, 0, 18}, false},
		{"its reports", Mute{Descriptor: true}, setup{0x81, getDescriptor, 0x2200, 0, 65}, true},
		{"its reports, where only its names are mute", Mute{Names: true}, setup{0x81, getDescriptor, 0x2200, 0, 65}, false},
	} {
		d := scannerThatTypes()
		d.Mute = row.mute
		if _, _, silent := d.control(row.setup, nil); silent != row.want {
			t.Errorf("%s: silent %v", row.name, silent)
		}
	}
}
