//go:build linux

package main

import (
	"context"
	"fmt"

	"circdesk/scanner"
	"circdesk/scanner/watch"
)

// killed: a desk that is killed while it reads a scanner, and started anew, reads it
// again.
func (c combination) killed(ctx context.Context) (string, error) {
	p, err := plug(ctx, 0, c.model.device(c.serial))
	if err != nil {
		return "", err
	}
	defer p.unplug()
	info, err := find(ctx, c.backend, c.serial)
	if err != nil {
		return "", err
	}
	name := named(c.model, c.serial)
	other, err := sitOther(0, wanted{Backends: []string{c.backend.Name()}, Wanted: []watch.Wanted{name}})
	if err != nil {
		return "", err
	}
	if _, err := other.event(ctx, watch.Plugged, c.serial); err != nil {
		other.kill()
		return "", err
	}
	err = other.reads(ctx, c.model, p, c.serial)
	other.kill()
	if err != nil {
		return "", err
	}
	saw := fmt.Sprintf("its driver is %q after the kill", driver(info.Part))
	var all []watch.Wanted
	source := info.ID()
	if c.model.kind == scanner.Keyboard {
		all, source = append(all, name), c.serial // nobody reads it unnamed
	}
	desk := sit([]scanner.Backend{c.anew()}, all...)
	defer desk.leave()
	if _, err := desk.notice(ctx, watch.Plugged, source); err != nil {
		return saw, err
	}
	return saw, desk.reads(ctx, c.model, p, source)
}
