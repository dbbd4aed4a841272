//go:build linux

package main

import (
	"context"
	"fmt"

	"circdesk/scanner"
	"circdesk/scanner/watch"
)

// unplugged: a scanner that is pulled out in the middle of a scan gives no half scan,
// the desk says so, and the scanner is read again when it is back.
func (c combination) unplugged(ctx context.Context) (string, error) {
	desk := sit([]scanner.Backend{c.backend}, named(c.model, c.serial))
	defer desk.leave()
	const times = 3
	for n := range times {
		p, err := plug(ctx, 0, c.model.device(c.serial))
		if err != nil {
			return "", err
		}
		if err := c.pulled(ctx, desk, p, n); err != nil {
			p.unplug()
			return "", fmt.Errorf("time %d: %w", n+1, err)
		}
	}
	return fmt.Sprintf("%d times", times), nil
}

func (c combination) pulled(ctx context.Context, desk *desk, p *plugged, n int) error {
	notice, err := desk.notice(ctx, watch.Plugged, c.serial)
	if err != nil {
		return err
	}
	if notice.Back != (n > 0) {
		return fmt.Errorf("told is %+v", notice)
	}
	if err := desk.reads(ctx, c.model, p, c.serial); err != nil {
		return err
	}
	reports, lost := c.model.half()
	p.Send(reports...)
	if err := until(ctx, "half a scan to be sent", func() bool { return p.Waiting() == 0 }); err != nil {
		return err
	}
	if err := p.unplug(); err != nil {
		return err
	}
	torn, err := desk.notice(ctx, watch.Faulted, c.serial)
	if err != nil {
		return err
	}
	if torn.Reading.Fault != scanner.Torn || torn.Reading.Lost != lost {
		return fmt.Errorf("told is %s %q, not %s %q", torn.Reading.Fault, torn.Reading.Lost, scanner.Torn, lost)
	}
	if _, err := desk.notice(ctx, watch.Unplugged, c.serial); err != nil {
		return err
	}
	return desk.silence()
}
