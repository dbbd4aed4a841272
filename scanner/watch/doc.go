// Package watch keeps all scanners of a desk read: it finds them, reads them until
// they are unplugged, and takes them back when they are there again.
//
//	w := watch.Watcher{Backends: []scanner.Backend{&hid.Backend{}, &hidraw.Backend{}, &serial.Backend{}}}
//	err := w.Run(ctx, give)
//
// A device is read if the settings name it, or if it says of itself that it is a bar
// code scanner. A keyboard or a serial port is never opened without being named: the
// one would be taken away from the terminal, and what hangs on the other may not
// like to be spoken to.
//
// Where several backends reach the same part of a device, the first that can open
// it reads it. Every device has a goroutine of its own, and so has every backend's
// list, since both may be slow.
//
// It knows names of devices, plugs, and what to try again when. It does not know how
// a device is reached, what a scan means, or a clerk's words for what happened.
package watch
