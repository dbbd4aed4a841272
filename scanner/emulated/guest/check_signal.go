//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"circdesk/scanner"
	"circdesk/scanner/emulated/usbip"
	"circdesk/scanner/watch"
)

// signalled: what the desk wants the scanner to show reaches it, and so does the
// switch between keys and reports.
func (c combination) signalled(ctx context.Context) (string, error) {
	d := c.model.device(c.serial)
	var mu sync.Mutex
	var written []usbip.Report
	d.Written = func(r usbip.Report) {
		mu.Lock()
		defer mu.Unlock()
		written = append(written, r)
	}
	arrives := func(feature bool, data ...byte) error {
		return until(ctx, fmt.Sprintf("report % x to be written", data), func() bool {
			mu.Lock()
			defer mu.Unlock()
			return slices.ContainsFunc(written, func(r usbip.Report) bool { return r.Feature == feature && bytes.Equal(r.Data, data) })
		})
	}
	p, err := plug(ctx, 0, d)
	if err != nil {
		return "", err
	}
	defer p.unplug()
	name := named(c.model, c.serial)
	name.Setup.Kind = scanner.POS
	desk := sit([]scanner.Backend{c.backend}, name)
	defer desk.leave()
	told, err := desk.notice(ctx, watch.Plugged, c.serial)
	if err != nil {
		return "", err
	}
	if err := arrives(true, 254, 1); err != nil {
		return "", err
	}
	for _, s := range []struct {
		signal scanner.Signal
		flag   byte
	}{{scanner.GoodRead, 1 << 6}, {scanner.BadRead, 1 << 5}} {
		if err := desk.reads(ctx, c.model, p, c.serial); err != nil {
			return "", err
		}
		if !slices.Contains(told.Signals, s.signal) || !desk.watcher.Signal(c.serial, s.signal) {
			return "", fmt.Errorf("%s is not taken; told is %+v", s.signal, told)
		}
		if err := arrives(false, 4, s.flag); err != nil {
			return "", err
		}
	}
	if err := desk.leave(); err != nil {
		return "", err
	}
	return "", arrives(true, 254, 0)
}
