//go:build linux

package main

import (
	"context"

	"circdesk/scanner"
	"circdesk/scanner/watch"
)

// shared: a scanner that one desk reads is no other's until that desk leaves.
func (c combination) shared(ctx context.Context) (string, error) {
	p, err := plug(ctx, 0, c.model.device(c.serial))
	if err != nil {
		return "", err
	}
	defer p.unplug()
	first := sit([]scanner.Backend{c.backend}, named(c.model, c.serial))
	if _, err := first.notice(ctx, watch.Plugged, c.serial); err != nil {
		first.leave()
		return "", err
	}
	second := sit([]scanner.Backend{c.backend}, named(c.model, c.serial))
	defer second.leave()
	_, err = second.notice(ctx, watch.Busy, c.serial)
	if err == nil {
		err = first.reads(ctx, c.model, p, c.serial)
	}
	if err == nil {
		err = second.silence()
	}
	if e := first.leave(); err == nil {
		err = e
	}
	if err != nil {
		return "", err
	}
	if _, err := second.notice(ctx, watch.Plugged, c.serial); err != nil {
		return "", err
	}
	return "", second.reads(ctx, c.model, p, c.serial)
}
