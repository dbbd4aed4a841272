//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/karalabe/hid"

	"circdesk/scanner"
	ours "circdesk/scanner/hid"
)

// listed: a scanner that is plugged in is in the list, with all that it says of
// itself, and can be opened and closed.
func (c combination) listed(ctx context.Context) (string, error) {
	d := c.model.device(c.serial)
	p, err := plug(ctx, 0, d)
	if err != nil {
		return "", err
	}
	defer p.unplug()
	info, err := find(ctx, c.backend, c.serial)
	if err != nil {
		return "", err
	}
	switch {
	case info.Vendor != d.Vendor, info.Product != d.Product, info.VendorName != d.VendorName, info.ProductName != d.ProductName,
		info.Kind != c.model.kind, info.Bus != "usb", !bytes.Equal(info.Descriptor, d.Descriptor), info.Access != scanner.Allowed:
		return "", fmt.Errorf("it is listed as %+v", info)
	}
	port, err := c.backend.Open(info, scanner.Setup{})
	if err != nil {
		return "", fmt.Errorf("open: %w", err)
	}
	if err := port.Close(); err != nil {
		return "", fmt.Errorf("close: %w", err)
	}
	return fmt.Sprintf("%s %s", info.ID(), info.Path), nil
}

// libraryAgrees: what our list says of USB devices without opening them is what
// karalabe/hid says after it has asked each.
func libraryAgrees(ctx context.Context) (string, error) {
	p, err := plug(ctx, 0, pos.device("agreed-pos"))
	if err != nil {
		return "", err
	}
	defer p.unplug()
	k, err := plug(ctx, 1, keys.device("agreed-keys"))
	if err != nil {
		return "", err
	}
	defer k.unplug()
	b := &ours.Backend{}
	for _, serial := range []string{"agreed-pos", "agreed-keys"} {
		if _, err := find(ctx, b, serial); err != nil {
			return "", err
		}
	}
	list, err := b.List()
	if err != nil {
		return "", err
	}
	theirs, err := hid.Enumerate(0, 0)
	if err != nil {
		return "", err
	}
	said := make(map[string]hid.DeviceInfo)
	for _, i := range theirs {
		said[i.Path] = i
	}
	for _, i := range list {
		d, ok := said[i.Path]
		if !ok || d.VendorID != i.Vendor || d.ProductID != i.Product || scanner.Name(d.Serial) != i.Serial ||
			scanner.Name(d.Manufacturer) != i.VendorName || scanner.Name(d.Product) != i.ProductName {
			return "", fmt.Errorf("ours %+v, theirs %+v", i, d)
		}
	}
	if len(list) != len(theirs) || len(list) != 3 {
		return "", fmt.Errorf("ours are %d, theirs %d, plugged in are 3", len(list), len(theirs))
	}
	return fmt.Sprintf("%d devices", len(list)), nil
}
