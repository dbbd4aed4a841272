// Package emulated proves the scanners on a real kernel, with real USB and without a
// scanner: one command boots a small machine, plugs emulated scanners into it, and
// runs our own code in it.
//
//	scanner/emulated/run                  all checks
//	scanner/emulated/run -run unplug      those whose name matches
//	scanner/emulated/run packages         the Debian packages that it needs
//
// It ends with 0 only if every check in the machine passed. It prints a line for
// each, and on failure keeps what the machine wrote on its console and says where.
//
// It needs Linux on amd64, Go with cgo, and Debian's apt, from which it fetches the
// kernel once (linux-image-amd64; it is unpacked, never installed) into the folder
// that -cache names, or else the user's cache folder. It installs nothing, needs no
// root and no /dev/kvm: QEMU computes every instruction itself.
//
//	report.go   what the machine tells who has started it
//	usbip       a USB device, as a kernel sees it over USB/IP
//	guest       the machine's only program: it plugs devices in and checks
//	machine     fetches the kernel, starts the machine and listens to it
//
// The machine has one processor, and its time counts instructions, 4 ns each: 250
// million a second, a tenth of what a desk's computer does. It leaps where there is
// nothing to do. So a check goes the same way on a slow and busy computer as on a fast
// one, waiting costs nothing, and the times that a check tells of are of this kind.
//
// In the machine the POS scanner and the keyboard scanner are Go code behind the
// kernel's vhci-hcd, which takes them for devices on a wire; QEMU's own keyboard
// hangs on an emulated xHCI, and its keys are pressed from outside. Above that
// nothing is emulated: usbcore, usbhid, hidraw, evdev, libusb and our backends are
// those of a desk.
//
// It does not know Windows, macOS, Bluetooth's radio, two processors, udev, or how a
// maker's scanner departs from its manual.
package emulated
