//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"circdesk/scanner"
	"circdesk/scanner/watch"
)

// clerk is a user who may do little.
const clerk = 1000

// denied: a user who may not open the scanner is told so, with the rule that helps,
// and reads it as soon as what the rule does is done.
func (c combination) denied(ctx context.Context) (string, error) {
	p, err := plug(ctx, 0, c.model.device(c.serial))
	if err != nil {
		return "", err
	}
	defer p.unplug()
	info, err := find(ctx, c.backend, c.serial)
	if err != nil {
		return "", err
	}
	other, err := sitOther(clerk, wanted{Backends: []string{c.backend.Name()}, Wanted: []watch.Wanted{named(c.model, c.serial)}})
	if err != nil {
		return "", err
	}
	defer other.leave()
	told, err := other.event(ctx, watch.NoPermission, c.serial)
	if err != nil {
		return "", err
	}
	if told.Access != scanner.Denied || !strings.Contains(strings.ToLower(told.Rule), fmt.Sprintf("%04x", info.Vendor)) {
		return "", fmt.Errorf("told is %+v", told)
	}
	if err := grant(info); err != nil {
		return "", err
	}
	if _, err := other.event(ctx, watch.Plugged, c.serial); err != nil {
		return "", err
	}
	return "", other.reads(ctx, c.model, p, c.serial)
}

// grant gives the files of a device to the clerk, as the rule does.
func grant(info scanner.Info) error {
	for _, file := range info.Files {
		if err := os.Chown(file, clerk, clerk); err != nil {
			return err
		}
	}
	return nil
}

// reads sends a text from a scanner and waits until the other desk has it.
func (o *other) reads(ctx context.Context, m model, p *plugged, source string) error {
	t := m.label(0)
	p.Send(m.reports(t)...)
	got, err := o.hear(ctx, "a scan", func(t told) bool { return t.Scan != nil })
	if err != nil {
		return err
	}
	want := m.scan(t, source)
	want.At = got.Scan.At
	if *got.Scan != want {
		return fmt.Errorf("changed: sent %+v, got %+v", want, *got.Scan)
	}
	return nil
}
