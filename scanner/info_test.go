package scanner

import (
	"strings"
	"testing"
)

func TestID(t *testing.T) {
	for _, row := range []struct {
		name string
		info Info
		want string
	}{
		{"a device with a serial number", Info{Vendor: 0x0c2e, Product: 0x0b67, Serial: "SN 01"}, "0c2e:0b67:SN 01"},
		{"a device without one", Info{Vendor: 0x0c2e, Product: 0x0b67}, "0c2e:0b67"},
		{"a product of number 0", Info{Vendor: 0x0c2e}, "0c2e:0000"},
		{"a serial port of the board", Info{Serial: "x"}, ""},
	} {
		if got := row.info.ID(); got != row.want {
			t.Errorf("%s: got %q", row.name, got)
		}
	}
}

func TestName(t *testing.T) {
	for _, row := range []struct {
		name string
		text string
		want string
	}{
		{"a plain name", "Voyager 1602g", "Voyager 1602g"},
		{"white space around and within", "  Voyager\t\n 1602g ", "Voyager 1602g"},
		{"a name that would colour the screen", "\x1b[31mVoyager\x07", "[31mVoyager"},
		{"a name that would turn the line", "Voyager\u202e1602", "Voyager1602"},
		{"bytes that are no text", "Voy\xffager", "Voyager"},
		{"another script", "Считыватель", "Считыватель"},
		{"a long name", strings.Repeat("ä", 100), strings.Repeat("ä", 80)},
		{"nothing", "\x00", ""},
	} {
		if got := Name(row.text); got != row.want {
			t.Errorf("%s: got %q", row.name, got)
		}
	}
}

func TestRule(t *testing.T) {
	const ids = `"0c2e", ATTRS{idProduct}=="0b67", MODE="0660", TAG+="uaccess"` + "\n"
	for _, row := range []struct {
		name string
		info Info
		want string
	}{
		{"through libusb", Info{Backend: "hid", Kind: POS, Vendor: 0x0C2E, Product: 0x0B67}, `SUBSYSTEM=="usb", ATTR{idVendor}=="0c2e", ATTR{idProduct}=="0b67", MODE="0660", TAG+="uaccess"` + "\n"},
		{"through its raw node", Info{Backend: "hidraw", Kind: POS, Vendor: 0x0C2E, Product: 0x0B67}, `SUBSYSTEM=="hidraw", KERNELS=="*:0C2E:0B67.*", MODE="0660", TAG+="uaccess"` + "\n"},
		{"its raw node and its keys", Info{Backend: "hidraw", Kind: Keyboard, Vendor: 0x0C2E, Product: 0x0B67}, `SUBSYSTEM=="hidraw", KERNELS=="*:0C2E:0B67.*", MODE="0660", TAG+="uaccess"` + "\n" +
			`SUBSYSTEM=="input", KERNEL=="event*", KERNELS=="*:0C2E:0B67.*", MODE="0660", TAG+="uaccess"` + "\n"},
		{"a serial port", Info{Backend: "serial", Kind: Serial, Vendor: 0x0C2E, Product: 0x0B67}, `SUBSYSTEM=="tty", ATTRS{idVendor}==` + ids},
		{"a serial port of the board", Info{Backend: "serial", Kind: Serial}, ""},
	} {
		if got := row.info.Rule(); got != row.want {
			t.Errorf("%s: got %q", row.name, got)
		}
	}
}
