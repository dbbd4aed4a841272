// Package sysfs reads from Linux's /sys what is known of devices without opening
// them, so that a device that does not answer holds nobody up.
//
// It knows the folders of USB devices, HID devices and terminals. It does not know
// how a device is opened or read.
package sysfs
