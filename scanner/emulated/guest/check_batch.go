//go:build linux

package main

import (
	"context"
	"fmt"

	"circdesk/scanner"
	"circdesk/scanner/watch"
)

// batch: a scanner that sends many labels from its memory waits for nobody. At the
// pace of a device that is polled every four milliseconds none is lost or changed.
func (c combination) batch(ctx context.Context) (string, error) {
	d := c.model.device(c.serial)
	d.Interval = 4
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
		p.Send(c.model.reports(c.model.label(n))...)
	}
	for n := range many {
		if _, err := desk.hear(ctx, c.model.scan(c.model.label(n), c.serial)); err != nil {
			return "", fmt.Errorf("scan %d: %w", n, err)
		}
	}
	return fmt.Sprintf("%d scans", many), desk.silence()
}

// inPackets: a report that is longer than what the device can send at once is put
// together again.
func (c combination) inPackets(ctx context.Context) (string, error) {
	d := c.model.device(c.serial)
	d.Packet = 8
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
	const many = 50
	for n := range many {
		if err := desk.reads(ctx, c.model, p, c.serial); err != nil {
			return "", fmt.Errorf("scan %d: %w", n, err)
		}
	}
	return fmt.Sprintf("%d scans", many), nil
}
