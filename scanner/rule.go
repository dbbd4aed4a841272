package scanner

import (
	"fmt"
	"strings"
)

// RuleFile is where [Info.Rule] belongs on Linux. The number in its name is below
// that of the rules which give devices to who sits before the screen.
const RuleFile = "/etc/udev/rules.d/70-circdesk.rules"

// Rule returns the lines for [RuleFile] that give the device to who sits before the
// screen, "": it has no vendor and product to know it by.
func (i Info) Rule() string {
	if i.Vendor == 0 && i.Product == 0 {
		return ""
	}
	const grant = `MODE="0660", TAG+="uaccess"`
	usb := fmt.Sprintf(`ATTRS{idVendor}=="%04x", ATTRS{idProduct}=="%04x"`, i.Vendor, i.Product)
	hid := fmt.Sprintf(`KERNELS=="*:%04X:%04X.*"`, i.Vendor, i.Product)
	switch {
	case i.Kind == Serial:
		return fmt.Sprintf("SUBSYSTEM==\"tty\", %s, %s\n", usb, grant)
	case i.Backend == "hid":
		return fmt.Sprintf("SUBSYSTEM==\"usb\", %s, %s\n", strings.ReplaceAll(usb, "ATTRS", "ATTR"), grant)
	case i.Kind == Keyboard:
		return fmt.Sprintf("SUBSYSTEM==\"hidraw\", %s, %s\nSUBSYSTEM==\"input\", KERNEL==\"event*\", %s, %s\n", hid, grant, hid, grant)
	}
	return fmt.Sprintf("SUBSYSTEM==\"hidraw\", %s, %s\n", hid, grant)
}
