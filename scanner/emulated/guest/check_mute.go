//go:build linux

package main

import (
	"context"
	"fmt"

	"circdesk/scanner"
	"circdesk/scanner/emulated/usbip"
	"circdesk/scanner/watch"
)

// neighbour is the name of the scanner beside one that misbehaves.
const neighbour = "0c2e:0b67:neighbour"

// beside runs something at a desk that reads a well-behaved POS scanner, and sees to
// it that the scanner is still read at the end.
func (w way) beside(ctx context.Context, do func(*desk, *plugged) (string, error), wanted ...watch.Wanted) (string, error) {
	p, err := plug(ctx, 0, pos.device("neighbour"))
	if err != nil {
		return "", err
	}
	defer p.unplug()
	desk := sit([]scanner.Backend{w.backend}, wanted...)
	defer desk.leave()
	if _, err := desk.notice(ctx, watch.Plugged, neighbour); err != nil {
		return "", err
	}
	saw, err := do(desk, p)
	if err != nil {
		return saw, err
	}
	if err := desk.reads(ctx, pos, p, neighbour); err != nil {
		return saw, fmt.Errorf("the neighbour: %w", err)
	}
	return saw, nil
}

// muteNames: a device that never answers when it is asked for its names holds nobody
// up while the kernel waits for it, and is read when the kernel has given up.
func (w way) muteNames(ctx context.Context) (string, error) {
	return w.beside(ctx, func(desk *desk, p *plugged) (string, error) {
		d := pos.device("mute")
		d.Mute.Names = true
		m, err := plug(ctx, 1, d)
		if err != nil {
			return "", err
		}
		defer m.unplug()
		if err := w.heldUp(ctx, desk, p, m); err != nil {
			return "", err
		}
		const source = "0c2e:0b67" // it has not told its number
		if _, err := desk.notice(ctx, watch.Plugged, source); err != nil {
			return "", err
		}
		return "", desk.reads(ctx, pos, m, source)
	})
}

// muteDescriptor: a device that never says what its reports hold holds nobody up.
func (w way) muteDescriptor(ctx context.Context) (string, error) {
	return w.beside(ctx, func(desk *desk, p *plugged) (string, error) {
		d := pos.device("mute")
		d.Mute.Descriptor = true
		m, err := plug(ctx, 1, d)
		if err != nil {
			return "", err
		}
		defer m.unplug()
		return "", w.heldUp(ctx, desk, p, m)
	})
}

// heldUp looks whether a desk lists devices and gets scans of one while another lets
// the kernel wait.
func (w way) heldUp(ctx context.Context, desk *desk, p, mute *plugged) error {
	if err := until(ctx, "the kernel to wait for the device", func() bool { return mute.Silent() > 0 }); err != nil {
		return err
	}
	const many = 20
	for range many {
		if _, err := w.backend.List(); err != nil {
			return err
		}
		if err := desk.reads(ctx, pos, p, neighbour); err != nil {
			return fmt.Errorf("while the kernel waits: %w", err)
		}
	}
	if mute.Silent() == 0 {
		return fmt.Errorf("%d scans took longer than the kernel waits for a device", many)
	}
	return nil
}

// muteWrites: a scanner that never takes what it is told to show is read all the
// same, and loses nothing.
func (c combination) muteWrites(ctx context.Context) (string, error) {
	d := c.model.device(c.serial)
	d.Mute.Writes = true
	p, err := plug(ctx, 0, d)
	if err != nil {
		return "", err
	}
	defer p.unplug()
	desk := sit([]scanner.Backend{c.backend}, named(c.model, c.serial))
	defer desk.leave()
	if _, err := desk.notice(ctx, watch.Plugged, c.serial); err != nil {
		return "", err
	}
	const many = 30
	for n := range many {
		if err := desk.reads(ctx, c.model, p, c.serial); err != nil {
			return "", fmt.Errorf("scan %d: %w", n, err)
		}
		desk.watcher.Signal(c.serial, scanner.GoodRead)
	}
	return "", nil
}

// neverSends: a scanner that never sends anything is no reason to wait for it.
func (c combination) neverSends(ctx context.Context) (string, error) {
	var all []*plugged
	for port := range 2 {
		var d *usbip.Device
		if d = c.model.device(c.serial); port > 0 {
			d = c.model.device(c.serial + "-silent")
		}
		p, err := plug(ctx, port, d)
		if err != nil {
			return "", err
		}
		defer p.unplug()
		all = append(all, p)
	}
	desk := sit([]scanner.Backend{c.backend}, named(c.model, c.serial), named(c.model, c.serial+"-silent"))
	defer desk.leave()
	for _, name := range []string{c.serial, c.serial + "-silent"} {
		if err := until(ctx, name, func() bool { _, ok := desk.find(watch.Plugged, name); return ok }); err != nil {
			return "", err
		}
	}
	if err := desk.reads(ctx, c.model, all[0], c.serial); err != nil {
		return "", err
	}
	return "", desk.leave()
}
