// Package hid finds and opens HID devices through github.com/karalabe/hid.
//
// That library needs cgo. Without it, and on systems that it does not know, List
// and Open return [errors.ErrUnsupported].
//
// On Linux it reaches USB devices only, and an open device is the program's alone:
// the kernel's driver is taken off it, so a scanner that types does not type into
// the terminal as well, and nobody else can read it. Close puts the driver back. A
// program that is killed in between leaves the device without a driver until it is
// plugged in again, or its interface bound again:
//
//	echo -n 1-1:1.0 | sudo tee /sys/bus/usb/drivers/usbhid/bind
//
// The first List does so for what does not say that it types: without its driver
// nobody would know a scanner.
//
// On Windows a device that types belongs to the system: it can be listed and not
// read. On macOS the terminal needs the right to watch input for it.
//
// It knows devices, reports as bytes, and what the library's answers mean. It does
// not know what reports hold.
package hid
