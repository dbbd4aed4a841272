//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/watch"
)

// thousand is how many scans every way to read every kind of scanner must bring.
const thousand = 1000

// scans: of a thousand scans none is lost or changed. The next label is read when
// the desk has the one before, as a clerk does it; the reports of one come as fast
// as the host takes them, which is faster than a scanner can.
func (c combination) scans(ctx context.Context) (string, error) {
	d := c.model.device(c.serial)
	var sent atomic.Int64 // when the report with which a scan is complete went out
	d.Sending = func(report []byte) {
		if c.model.closes(report) {
			sent.Store(time.Now().UnixNano())
		}
	}
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
	var took []time.Duration
	begun := time.Now()
	reports := 0
	for n := range thousand {
		t := c.model.label(n)
		r := c.model.reports(t)
		reports += len(r)
		p.Send(r...)
		at, err := desk.hear(ctx, c.model.scan(t, c.serial))
		if err != nil {
			return "", fmt.Errorf("scan %d: %w", n, err)
		}
		took = append(took, at.Sub(time.Unix(0, sent.Load())))
	}
	all := time.Since(begun)
	if err := desk.silence(); err != nil {
		return "", err
	}
	if told := desk.told(); told != "" {
		return "", fmt.Errorf("told were: %s", told)
	}
	slices.Sort(took)
	return fmt.Sprintf("%d reports in %.1f s; from report to give p50 %s, p99 %s, most %s", reports, all.Seconds(),
		short(took[len(took)/2]), short(took[len(took)*99/100]), short(took[len(took)-1])), nil
}

// short is a time for people.
func short(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }
