// Package hidreport reads HID report descriptors, which say where in a device's
// reports what stands, and takes values out of reports. A descriptor is outside
// text of the worst kind: every length and count in it is checked.
//
// It knows the items of a descriptor, usages, bits, and reports that come in
// several transfers. It does not know what the values mean: neither scans nor keys,
// and no devices.
package hidreport
