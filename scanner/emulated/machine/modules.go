package main

import (
	"bytes"
	"debug/elf"
	"fmt"
	"slices"
	"strings"
)

// wanted are the modules that the machine needs, besides those that they need.
var wanted = []string{
	"xhci-pci",    // QEMU's USB
	"vhci-hcd",    // ours
	"usbhid",      // HID over USB
	"hid-generic", // HID devices as they say of themselves
	"evdev",       // their keys
	"uhid",        // HID devices that are on no bus
}

// moduleFolders are where all of these lie in a kernel's package.
var moduleFolders = []string{"/kernel/drivers/usb/", "/kernel/drivers/hid/", "/kernel/drivers/input/"}

// moduleName is a module's name as the kernel spells it.
func moduleName(file string) string { return strings.ReplaceAll(file, "-", "_") }

// inOrder returns the modules that are needed in an order in which each comes after
// those that it needs itself.
func inOrder(files map[string][]byte) (order []string, err error) {
	var add func(name string, path []string) error
	add = func(name string, path []string) error {
		switch {
		case slices.Contains(order, name):
			return nil
		case slices.Contains(path, name):
			return fmt.Errorf("module %s needs itself", name)
		case files[name] == nil:
			return fmt.Errorf("there is no module %s in it", name)
		}
		more, err := needed(files[name])
		if err != nil {
			return fmt.Errorf("module %s: %w", name, err)
		}
		for _, n := range more {
			if err := add(n, append(path, name)); err != nil {
				return err
			}
		}
		order = append(order, name)
		return nil
	}
	for _, name := range wanted {
		if err := add(moduleName(name), nil); err != nil {
			return nil, err
		}
	}
	return order, nil
}

// needed returns what a module says that it needs.
func needed(module []byte) (names []string, err error) {
	f, err := elf.NewFile(bytes.NewReader(module))
	if err != nil {
		return nil, err
	}
	section := f.Section(".modinfo")
	if section == nil {
		return nil, fmt.Errorf("it says nothing of itself")
	}
	info, err := section.Data()
	if err != nil {
		return nil, err
	}
	for field := range bytes.SplitSeq(info, []byte{0}) {
		list, ok := bytes.CutPrefix(field, []byte("depends="))
		if !ok || len(list) == 0 {
			continue
		}
		for name := range strings.SplitSeq(string(list), ",") {
			names = append(names, moduleName(name))
		}
	}
	return names, nil
}
