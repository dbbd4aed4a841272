// Package pos makes scans of the reports of a bar code scanner that is one of
// HID's point of sale devices.
//
// It knows where such a report holds its length, AIM identifier, data, and
// whether more follows: by the device's descriptor, and where there is none by the
// layouts that makers are known to use. It knows which reports make a device beep.
// It does not know how reports are read, nor what a scan means.
package pos
