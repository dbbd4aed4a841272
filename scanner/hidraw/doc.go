// Package hidraw finds and opens HID devices through Linux's raw nodes,
// /dev/hidrawN. It needs no cgo, and reaches Bluetooth too. On other systems List
// and Open return [errors.ErrUnsupported].
//
// The kernel's driver keeps the device, so a program that is killed leaves nothing
// behind. For a scanner that types it means that its keys go to the terminal as
// well: Open therefore grabs the nodes that the keys come from, so that nobody else
// gets them until Close, and refuses a device whose nodes it cannot grab. A scan
// must not come twice, once read and once typed.
//
// A raw node may be opened by many; Open locks it, so that two programs of ours do
// not get the same scans.
//
// It knows files, locks, and reports as bytes. It does not know what reports hold.
package hidraw
