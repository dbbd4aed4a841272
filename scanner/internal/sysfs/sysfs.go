package sysfs

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"circdesk/scanner"
	"circdesk/scanner/hidreport"
)

// Tree is where the system's files lie; the zero Tree is the system's own.
type Tree struct {
	Sys string // "": /sys
	Dev string // "": /dev
}

func (t Tree) sys(parts ...string) string {
	root := t.Sys
	if root == "" {
		root = "/sys"
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

func (t Tree) dev(parts ...string) string {
	root := t.Dev
	if root == "" {
		root = "/dev"
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

// maxFile bounds what is read of one file; the longest is a report descriptor.
const maxFile = hidreport.MaxDescriptor + 1

// read returns what a file holds, nil: it is not there or cannot be read.
func read(path ...string) []byte {
	f, err := os.Open(filepath.Join(path...))
	if err != nil {
		return nil
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil
	}
	return b
}

// word returns the one line of a file.
func word(path ...string) string { return strings.TrimSpace(string(read(path...))) }

// number returns the number in a file, 0: there is none.
func number(base int, path ...string) int {
	n, err := strconv.ParseUint(word(path...), base, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

// names returns the names in a folder in order, nil: it is not there.
func names(folder string) []string {
	d, err := os.Open(folder)
	if err != nil {
		return nil
	}
	defer d.Close()
	list, err := d.Readdirnames(-1)
	if err != nil {
		return nil
	}
	slices.Sort(list)
	return list
}

// Here reports whether there is a /sys that tells of USB devices.
func (t Tree) Here() bool {
	_, err := os.Stat(t.sys(usbDevices))
	return err == nil
}

// Where devices are listed.
const (
	usbDevices = "bus/usb/devices"
	hidraws    = "class/hidraw"
	terminals  = "class/tty"
)

// USBStamp, HIDRawStamp and TerminalStamp return texts that are others when what
// [Tree.USB], [Tree.HIDRaw] and [Tree.Terminals] list has changed. "": there is no
// such list here.
func (t Tree) USBStamp() string      { return t.stamp(usbDevices, true) }
func (t Tree) HIDRawStamp() string   { return t.stamp(hidraws, false) }
func (t Tree) TerminalStamp() string { return t.stamp(terminals, false) }

// stamp tells of the names in a folder and, of interfaces, of what drivers have made
// of them: an interface is there before.
func (t Tree) stamp(list string, interfaces bool) string {
	folder := t.sys(list)
	d, err := os.Stat(folder)
	if err != nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "@%d", born(d))
	mark := func(path string) {
		b.WriteString(" " + filepath.Base(path))
		if info, err := os.Lstat(path); err == nil {
			fmt.Fprintf(&b, "@%d", born(info))
		}
	}
	for _, name := range names(folder) {
		path := filepath.Join(folder, name)
		mark(path)
		if !interfaces || !strings.Contains(name, ":") {
			continue
		}
		for _, made := range names(path) {
			if isHIDDevice(made) {
				mark(filepath.Join(path, made))
				b.WriteString(" " + strings.Join(names(filepath.Join(path, made)), " "))
			}
		}
	}
	return b.String()
}

// isHIDDevice reports whether a folder is that of an HID device, which is called by
// its bus, vendor, product and a number.
func isHIDDevice(name string) bool { return strings.Count(name, ":") == 2 }

// asking reports whether the kernel's driver is still asking a device what it is.
// Whoever reads the device's names must wait as long as the driver does, which may
// be half a minute.
func asking(device string) bool {
	for _, name := range names(device) {
		folder := filepath.Join(device, name)
		if !strings.Contains(name, ":") || driver(folder) != "usbhid" {
			continue
		}
		if !slices.ContainsFunc(names(folder), isHIDDevice) {
			return true
		}
	}
	return false
}

// driver returns the name of the kernel's driver of an interface; "": it has none.
func driver(folder string) string {
	to, err := os.Readlink(filepath.Join(folder, "driver"))
	if err != nil {
		return ""
	}
	return filepath.Base(to)
}

// usb fills in what is known of a USB device from its folder.
func (t Tree) usb(info *scanner.Info, folder string) {
	info.Bus = "usb"
	info.Device = filepath.Base(folder)
	info.Vendor = uint16(number(16, folder, "idVendor"))
	info.Product = uint16(number(16, folder, "idProduct"))
	info.VendorName = scanner.Name(word(folder, "manufacturer"))
	info.ProductName = scanner.Name(word(folder, "product"))
	info.Serial = scanner.Name(word(folder, "serial"))
}

const classHID = "03"

// USB returns the HID interfaces of all USB devices, but of those that the kernel is
// still asking what they are. Path and Part are the interface's name, which libusb's
// path is too; the file is the USB device's.
func (t Tree) USB() (list []scanner.Info) {
	for _, name := range names(t.sys(usbDevices)) {
		device, _, ok := strings.Cut(name, ":")
		folder := t.sys(usbDevices, name)
		if !ok || word(folder, "bInterfaceClass") != classHID {
			continue
		}
		parent := t.sys(usbDevices, device)
		if asking(parent) {
			continue
		}
		info := scanner.Info{Path: name, Part: name}
		t.usb(&info, parent)
		info.Packet = packet(folder)
		info.Descriptor = descriptor(folder)
		info.Kind = hidreport.Kind(info.Descriptor)
		if info.Descriptor == nil && word(folder, "bInterfaceSubClass") == "01" && word(folder, "bInterfaceProtocol") == "01" {
			info.Kind = scanner.Keyboard // it has no driver just now, but says so itself
		}
		if bus, n := number(10, parent, "busnum"), number(10, parent, "devnum"); bus > 0 && n > 0 {
			info.Files = []string{t.dev("bus", "usb", fmt.Sprintf("%03d", bus), fmt.Sprintf("%03d", n))}
		}
		info.Access = access(info.Files)
		list = append(list, info)
	}
	return list
}

// Driver returns the name of the kernel's driver of an interface of a USB device; "":
// it has none. A program that has the device open through libusb is called usbfs.
func (t Tree) Driver(part string) string { return driver(t.sys(usbDevices, part)) }

// packet returns the most bytes of a transfer from an interface.
func packet(folder string) int {
	for _, name := range names(folder) {
		if strings.HasPrefix(name, "ep_") && word(folder, name, "direction") == "in" && word(folder, name, "type") == "Interrupt" {
			return number(16, folder, name, "wMaxPacketSize") & 0x7FF
		}
	}
	return 0
}

// descriptor returns the report descriptor that the kernel has read of the HID
// device of an interface, nil: it has none, since another driver has it.
func descriptor(folder string) []byte {
	for _, name := range names(folder) {
		if b := read(folder, name, "report_descriptor"); len(b) > 0 { // it is empty until the kernel has understood it
			return b
		}
	}
	return nil
}

// buses are the numbers of the kernel's input buses.
var buses = map[string]string{"0003": "usb", "0005": "bluetooth", "0018": "i2c"}

// HIDRaw returns the HID devices that have a raw node, of every bus. The files of one
// that types, or may, are its raw node and the nodes that its keys come from.
func (t Tree) HIDRaw() (list []scanner.Info) {
	for _, name := range names(t.sys(hidraws)) {
		folder, err := filepath.EvalSymlinks(t.sys(hidraws, name, "device"))
		if err != nil {
			continue // gone meanwhile
		}
		info := scanner.Info{Path: t.dev(name)}
		t.hid(&info, folder)
		info.Descriptor = read(folder, "report_descriptor")
		info.Kind = hidreport.Kind(info.Descriptor)
		info.Files = []string{info.Path}
		if info.Kind != scanner.POS {
			info.Files = append(info.Files, t.events(folder)...)
		}
		info.Access = access(info.Files)
		list = append(list, info)
	}
	return list
}

// hid fills in what is known of an HID device: its own folder has the numbers, and
// that of the USB device that it is part of the names.
func (t Tree) hid(info *scanner.Info, folder string) {
	info.Part = filepath.Base(folder)
	info.Device = info.Part
	up := filepath.Dir(folder)
	if word(up, "bInterfaceClass") == classHID {
		t.usb(info, filepath.Dir(up))
		info.Part = filepath.Base(up)
		return
	}
	for line := range strings.Lines(string(read(folder, "uevent"))) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch key {
		case "HID_ID": // bus, vendor, product
			parts := strings.Split(value, ":")
			if len(parts) != 3 {
				continue
			}
			info.Bus = buses[parts[0]]
			info.Vendor, info.Product = hex16(parts[1]), hex16(parts[2])
		case "HID_NAME":
			info.ProductName = scanner.Name(value)
		case "HID_UNIQ":
			info.Serial = scanner.Name(value)
		}
	}
}

// hex16 reads the lower 16 bits of a hexadecimal number.
func hex16(s string) uint16 {
	n, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return 0
	}
	return uint16(n)
}

// events returns the nodes that the keys of an HID device come from.
func (t Tree) events(folder string) (files []string) {
	for _, input := range names(filepath.Join(folder, "input")) {
		for _, name := range names(filepath.Join(folder, "input", input)) {
			if strings.HasPrefix(name, "event") {
				files = append(files, t.dev("input", name))
			}
		}
	}
	return files
}

// Terminals returns the serial ports that are there: those of USB devices with
// their names, and those of the board.
func (t Tree) Terminals() (list []scanner.Info) {
	for _, name := range names(t.sys(terminals)) {
		folder, err := filepath.EvalSymlinks(t.sys(terminals, name, "device"))
		if err != nil {
			continue // a console, or a terminal of a program
		}
		info := scanner.Info{Path: t.dev(name), Part: name, Device: name, Kind: scanner.Serial}
		switch up := filepath.Dir(folder); {
		case word(folder, "bInterfaceClass") != "": // ttyACM
			t.usb(&info, up)
			info.Part = filepath.Base(folder)
		case word(up, "bInterfaceClass") != "": // ttyUSB
			t.usb(&info, filepath.Dir(up))
			info.Part = filepath.Base(up)
		case number(10, t.sys(terminals, name, "type")) == 0:
			continue // a port that the board could have and has not
		}
		info.Files = []string{info.Path}
		info.Access = access(info.Files)
		list = append(list, info)
	}
	return list
}
