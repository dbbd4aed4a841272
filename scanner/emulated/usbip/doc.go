// Package usbip emulates an HID device on USB that a host reaches by USB/IP, the
// protocol that Linux has for USB over a line: the line is any connection, such as
// one end of a socket pair whose other end the kernel's vhci-hcd has.
//
//	message.go      what host and device say to one another
//	device.go       what a device is and says of itself
//	link.go         a device on a line: its answers, and the reports that it sends
//
// It knows USB's standard and HID's class requests, transfers and when they are
// full. It does not know what a report holds, or how the kernel is given a line.
package usbip
