// Package serial finds and opens serial ports: RS-232, and scanners that are a
// serial port over USB or Bluetooth.
//
// A port is never opened without being named: opening one may reset what hangs on
// it. Which ports there are is known from /sys on Linux, from the system on Windows,
// and on macOS only in a program built with cgo; elsewhere ports are listed without
// vendor and product, and are named by their path.
//
// It knows ports, speeds, and bytes. It does not know where a scan ends.
package serial
