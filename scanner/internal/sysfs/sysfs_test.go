//go:build linux

package sysfs

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"

	"circdesk/scanner"
	"circdesk/scanner/internal/descriptors"
)

// tree makes a tree of files: a folder for every path, a link where the content
// begins with ->.
func tree(t *testing.T, files map[string]string) Tree {
	t.Helper()
	top := t.TempDir()
	for path, content := range files {
		path = filepath.Join(top, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch target, link := strings.CutPrefix(content, "->"); {
		case link:
			err = os.Symlink(filepath.Join(top, target), path)
		default:
			err = os.WriteFile(path, []byte(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return Tree{Sys: filepath.Join(top, "sys"), Dev: filepath.Join(top, "dev")}
}

// A machine with two scanners, one at a hub, a Bluetooth scanner, a mouse without a
// driver, and serial ports of three kinds.
func machine() map[string]string {
	const (
		usb  = "sys/devices/pci0/usb1/"
		bt   = "sys/devices/virtual/bluetooth/hci0/"
		list = "sys/bus/usb/devices/"
	)
	files := map[string]string{
		usb + "1-1/idVendor":                                                        "0c2e\n",
		usb + "1-1/idProduct":                                                       "0b67\n",
		usb + "1-1/manufacturer":                                                    "Honeywell\x1b[31m\n",
		usb + "1-1/product":                                                         "Voyager 1602g\n",
		usb + "1-1/serial":                                                          "SN0001\n",
		usb + "1-1/busnum":                                                          "1\n",
		usb + "1-1/devnum":                                                          "7\n",
		usb + "1-1/1-1:1.0/bInterfaceClass":                                         "03\n",
		usb + "1-1/1-1:1.0/ep_01/direction":                                         "out\n",
		usb + "1-1/1-1:1.0/ep_81/direction":                                         "in\n",
		usb + "1-1/1-1:1.0/ep_81/type":                                              "Interrupt\n",
		usb + "1-1/1-1:1.0/ep_81/wMaxPacketSize":                                    "0040\n",
		usb + "1-1/1-1:1.0/0003:0C2E:0B67.0001/report_descriptor":                   string(descriptors.HandHeldPOS()),
		usb + "1-1/1-1:1.0/0003:0C2E:0B67.0001/uevent":                              "HID_ID=0003:00000C2E:00000B67\n",
		usb + "1-2/1-2.3/idVendor":                                                  "05f9\n",
		usb + "1-2/1-2.3/idProduct":                                                 "2204\n",
		usb + "1-2/1-2.3/1-2.3:1.0/bInterfaceClass":                                 "03\n",
		usb + "1-2/1-2.3/1-2.3:1.0/bInterfaceSubClass":                              "01\n",
		usb + "1-2/1-2.3/1-2.3:1.0/bInterfaceProtocol":                              "01\n",
		usb + "1-2/1-2.3/1-2.3:1.0/0003:05F9:2204.0002/report_descriptor":           string(descriptors.Gryphon()),
		usb + "1-2/1-2.3/1-2.3:1.0/0003:05F9:2204.0002/input/input5/event3/dev":     "13:67\n",
		usb + "1-2/1-2.3/1-2.3:1.0/0003:05F9:2204.0002/input/input5/capabilities/x": "",
		usb + "1-2/1-2.3/1-2.3:1.0/0003:05F9:2204.0002/input/input6/event4/dev":     "13:68\n",
		usb + "1-4/idVendor":                                                        "05f9\n",
		usb + "1-4/idProduct":                                                       "2204\n",
		usb + "1-4/1-4:1.0/bInterfaceClass":                                         "03\n",
		usb + "1-4/1-4:1.0/bInterfaceSubClass":                                      "01\n",
		usb + "1-4/1-4:1.0/bInterfaceProtocol":                                      "01\n",
		usb + "1-5/idVendor":                                                        "05e0\n",
		usb + "1-5/idProduct":                                                       "1701\n",
		usb + "1-5/product":                                                         "Symbol CDC\n",
		usb + "1-5/1-5:1.0/bInterfaceClass":                                         "02\n",
		usb + "1-5/1-5:1.0/tty/ttyACM0/dev":                                         "166:0\n",
		usb + "1-6/idVendor":                                                        "0403\n",
		usb + "1-6/idProduct":                                                       "6001\n",
		usb + "1-6/1-6:1.0/bInterfaceClass":                                         "ff\n",
		usb + "1-6/1-6:1.0/ttyUSB0/tty/ttyUSB0/dev":                                 "188:0\n",
		"sys/devices/pnp0/tty/ttyS0/type":                                           "4\n",
		"sys/devices/platform/serial8250/tty/ttyS1/type":                            "0\n",
		"sys/devices/virtual/tty/tty1/dev":                                          "4:1\n",
		bt + "0005:0C2E:0B61.0003/report_descriptor":                                string(descriptors.PlainPOS()),
		bt + "0005:0C2E:0B61.0003/uevent":                                           "DRIVER=hid-generic\nHID_ID=0005:00000C2E:00000B61\nHID_NAME=Voyager BT\nHID_UNIQ=aa:bb\n",
		"sys/devices/i2c/0018:06CB:0001.0004/uevent":                                "HID_ID=oops\nHID_NAME=Touchpad\n",
		"dev/bus/usb/001/007":                                                       "",
		"dev/hidraw0":                                                               "",
		"dev/hidraw1":                                                               "",
		"dev/input/event3":                                                          "",
		"dev/input/event4":                                                          "",

		list + "usb1":                     "->" + usb,
		list + "1-0:1.0":                  "->sys/devices/none",
		list + "1-1":                      "->" + usb + "1-1",
		list + "1-1:1.0":                  "->" + usb + "1-1/1-1:1.0",
		list + "1-2.3":                    "->" + usb + "1-2/1-2.3",
		list + "1-2.3:1.0":                "->" + usb + "1-2/1-2.3/1-2.3:1.0",
		list + "1-4":                      "->" + usb + "1-4",
		list + "1-4:1.0":                  "->" + usb + "1-4/1-4:1.0",
		list + "1-5":                      "->" + usb + "1-5",
		list + "1-5:1.0":                  "->" + usb + "1-5/1-5:1.0",
		"sys/class/hidraw/hidraw0/device": "->" + usb + "1-1/1-1:1.0/0003:0C2E:0B67.0001",
		"sys/class/hidraw/hidraw1/device": "->" + usb + "1-2/1-2.3/1-2.3:1.0/0003:05F9:2204.0002",
		"sys/class/hidraw/hidraw2/device": "->" + bt + "0005:0C2E:0B61.0003",
		"sys/class/hidraw/hidraw3/device": "->sys/devices/i2c/0018:06CB:0001.0004",
		"sys/class/hidraw/hidraw4/device": "->sys/devices/gone",
		"sys/class/tty/ttyACM0/device":    "->" + usb + "1-5/1-5:1.0",
		"sys/class/tty/ttyUSB0/device":    "->" + usb + "1-6/1-6:1.0/ttyUSB0",
		"sys/class/tty/ttyS0/device":      "->sys/devices/pnp0",
		"sys/class/tty/ttyS0/type":        "4\n",
		"sys/class/tty/ttyS1/device":      "->sys/devices/platform/serial8250",
		"sys/class/tty/ttyS1/type":        "0\n",
		"sys/class/tty/tty1/dev":          "4:1\n",
	}
	return files
}

// compare compares without the folder of the test.
func compare(t *testing.T, got, want []scanner.Info, tree Tree) {
	t.Helper()
	for i := range want {
		for j := range want[i].Files {
			want[i].Files[j] = filepath.Join(tree.Dev, want[i].Files[j])
		}
		if strings.HasPrefix(want[i].Path, "/dev/") {
			want[i].Path = filepath.Join(tree.Dev, strings.TrimPrefix(want[i].Path, "/dev/"))
		}
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("missing: %+v", want[i])
		case i >= len(want):
			t.Errorf("too many: %+v", got[i])
		case !reflect.DeepEqual(got[i], want[i]):
			t.Errorf("got  %+v\nwant %+v", got[i], want[i])
		}
	}
}

func TestUSB(t *testing.T) {
	tree := tree(t, machine())
	compare(t, tree.USB(), []scanner.Info{
		{
			Path: "1-1:1.0", Part: "1-1:1.0", Device: "1-1", Bus: "usb", Vendor: 0x0C2E, Product: 0x0B67,
			VendorName: "Honeywell[31m", ProductName: "Voyager 1602g", Serial: "SN0001",
			Kind: scanner.POS, Descriptor: descriptors.HandHeldPOS(), Packet: 64, Access: scanner.Allowed, Files: []string{"bus/usb/001/007"},
		},
		{Path: "1-2.3:1.0", Part: "1-2.3:1.0", Device: "1-2.3", Bus: "usb", Vendor: 0x05F9, Product: 0x2204, Kind: scanner.Keyboard, Descriptor: descriptors.Gryphon()},
		{Path: "1-4:1.0", Part: "1-4:1.0", Device: "1-4", Bus: "usb", Vendor: 0x05F9, Product: 0x2204, Kind: scanner.Keyboard},
	}, tree)
}

func TestHIDRaw(t *testing.T) {
	tree := tree(t, machine())
	compare(t, tree.HIDRaw(), []scanner.Info{
		{
			Path: "/dev/hidraw0", Part: "1-1:1.0", Device: "1-1", Bus: "usb", Vendor: 0x0C2E, Product: 0x0B67,
			VendorName: "Honeywell[31m", ProductName: "Voyager 1602g", Serial: "SN0001",
			Kind: scanner.POS, Descriptor: descriptors.HandHeldPOS(), Access: scanner.Allowed, Files: []string{"hidraw0"},
		},
		{
			Path: "/dev/hidraw1", Part: "1-2.3:1.0", Device: "1-2.3", Bus: "usb", Vendor: 0x05F9, Product: 0x2204,
			Kind: scanner.Keyboard, Descriptor: descriptors.Gryphon(), Access: scanner.Allowed, Files: []string{"hidraw1", "input/event3", "input/event4"},
		},
		{
			Path: "/dev/hidraw2", Part: "0005:0C2E:0B61.0003", Device: "0005:0C2E:0B61.0003", Bus: "bluetooth", Vendor: 0x0C2E, Product: 0x0B61,
			ProductName: "Voyager BT", Serial: "aa:bb", Kind: scanner.POS, Descriptor: descriptors.PlainPOS(), Files: []string{"hidraw2"},
		},
		{Path: "/dev/hidraw3", Part: "0018:06CB:0001.0004", Device: "0018:06CB:0001.0004", ProductName: "Touchpad", Files: []string{"hidraw3"}},
	}, tree)
}

func TestTerminals(t *testing.T) {
	tree := tree(t, machine())
	compare(t, tree.Terminals(), []scanner.Info{
		{Path: "/dev/ttyACM0", Part: "1-5:1.0", Device: "1-5", Bus: "usb", Vendor: 0x05E0, Product: 0x1701, ProductName: "Symbol CDC", Kind: scanner.Serial, Files: []string{"ttyACM0"}},
		{Path: "/dev/ttyS0", Part: "ttyS0", Device: "ttyS0", Kind: scanner.Serial, Files: []string{"ttyS0"}},
		{Path: "/dev/ttyUSB0", Part: "1-6:1.0", Device: "1-6", Bus: "usb", Vendor: 0x0403, Product: 0x6001, Kind: scanner.Serial, Files: []string{"ttyUSB0"}},
	}, tree)
}

func TestADeviceThatNobodyMayOpen(t *testing.T) {
	tree := tree(t, machine())
	if os.Getuid() == 0 { // root may open everything: be somebody else
		if err := syscall.Setresuid(65534, 0, 0); err != nil {
			t.Fatal(err)
		}
		defer syscall.Setresuid(0, 0, 0)
	}
	if err := os.Chmod(filepath.Join(tree.Dev, "hidraw0"), 0o400); err != nil {
		t.Fatal(err)
	}
	if got := tree.HIDRaw()[0].Access; got != scanner.Denied {
		t.Errorf("got %q", got)
	}
}

func TestStamp(t *testing.T) {
	files := machine()
	tree := tree(t, files)
	for _, row := range []struct {
		name  string
		stamp func() string
		file  string
	}{
		{"usb", tree.USBStamp, "bus/usb/devices/9-9"},
		{"hidraw", tree.HIDRawStamp, "class/hidraw/hidraw9"},
		{"tty", tree.TerminalStamp, "class/tty/ttyACM9"},
	} {
		before := row.stamp()
		if before == "" || row.stamp() != before {
			t.Errorf("%s: not the same twice", row.name)
		}
		path := filepath.Join(tree.Sys, row.file)
		if err := os.Symlink("first", path); err != nil {
			t.Fatal(err)
		}
		plugged := row.stamp()
		if plugged == before {
			t.Errorf("%s: not another one when a device came", row.name)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if row.stamp() != before {
			t.Errorf("%s: not the one before when it was gone", row.name)
		}
	}
}

// A driver makes something of an interface after the interface is there, and takes it
// away when another program takes the device.
func TestStampOfADriver(t *testing.T) {
	tree := tree(t, machine())
	made := filepath.Join(tree.Sys, "bus/usb/devices/1-4:1.0/0003:05F9:2204.0009")
	before := tree.USBStamp()
	if err := os.Mkdir(made, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(made, "report_descriptor"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	half := tree.USBStamp()
	if err := os.Mkdir(filepath.Join(made, "hidraw"), 0o755); err != nil {
		t.Fatal(err)
	}
	whole := tree.USBStamp()
	if half == before || whole == half {
		t.Error("it is not another one")
	}
	if err := os.RemoveAll(made); err != nil {
		t.Fatal(err)
	}
	if tree.USBStamp() != before {
		t.Error("it is not the one before")
	}
}

// Whoever reads the names of a device that its driver is still asking waits as long
// as the driver.
func TestADeviceThatDoesNotAnswer(t *testing.T) {
	files := machine()
	files["sys/bus/usb/drivers/usbhid/bind"] = ""
	files["sys/devices/pci0/usb1/1-1/1-1:1.0/driver"] = "->sys/bus/usb/drivers/usbhid"
	files["sys/devices/pci0/usb1/1-4/1-4:1.0/driver"] = "->sys/bus/usb/drivers/usbhid"
	tree := tree(t, files)
	var list []string
	for _, i := range tree.USB() {
		list = append(list, i.Path)
	}
	if !slices.Equal(list, []string{"1-1:1.0", "1-2.3:1.0"}) {
		t.Errorf("listed are %q", list)
	}
	if tree.Driver("1-4:1.0") != "usbhid" || tree.Driver("1-2.3:1.0") != "" {
		t.Errorf("drivers are %q and %q", tree.Driver("1-4:1.0"), tree.Driver("1-2.3:1.0"))
	}
}

func TestNoTree(t *testing.T) {
	none := Tree{Sys: t.TempDir(), Dev: t.TempDir()}
	if none.Here() || none.USB() != nil || none.HIDRaw() != nil || none.Terminals() != nil || none.USBStamp() != "" || none.HIDRawStamp() != "" || none.TerminalStamp() != "" {
		t.Error("it tells of devices")
	}
	if !tree(t, machine()).Here() {
		t.Error("it is not here")
	}
}

// A descriptor longer than any is not read whole, and is refused.
func TestAHostileDescriptor(t *testing.T) {
	files := machine()
	for path := range files {
		if strings.HasSuffix(path, "report_descriptor") {
			files[path] = string(bytes.Repeat([]byte{0xA1, 1}, maxFile))
		}
	}
	for _, i := range tree(t, files).HIDRaw() {
		if i.Kind != scanner.Unknown || len(i.Descriptor) > maxFile {
			t.Errorf("kind %q, %d bytes", i.Kind, len(i.Descriptor))
		}
	}
}
