//go:build linux

package main

import (
	"context"
	"fmt"
	"os"

	"circdesk/scanner"
	"circdesk/scanner/watch"
)

// together: a desk reads four scanners at once, two of each kind and two by each
// way, all sending at the same time; each gives its scans in their order.
func together(ctx context.Context) (string, error) {
	type one struct {
		model   model
		source  string
		plugged *plugged
		next    int
	}
	var all []*one
	var wanted []watch.Wanted
	for i, b := range backends() {
		for j, m := range []model{pos, keys} {
			serial := fmt.Sprintf("%s-%s", b.Name(), m.kind)
			d := m.device(serial)
			d.Interval = 4
			p, err := plug(ctx, 2*i+j, d)
			if err != nil {
				return "", err
			}
			defer p.unplug()
			name := named(m, serial)
			name.Backend = b.Name()
			wanted = append(wanted, name)
			all = append(all, &one{model: m, source: serial, plugged: p})
		}
	}
	desk := sit(backends(), wanted...)
	defer desk.leave()
	for _, o := range all {
		if err := until(ctx, o.source, func() bool { _, ok := desk.find(watch.Plugged, o.source); return ok }); err != nil {
			return "", fmt.Errorf("%w; told were: %s", err, desk.told())
		}
	}
	const each = 20
	for _, o := range all {
		for n := range each {
			o.plugged.Send(o.model.reports(o.model.label(n))...)
		}
	}
	for range each * len(all) {
		var got heard
		select {
		case got = <-desk.scans:
		case <-ctx.Done():
			return "", fmt.Errorf("lost; told were: %s", desk.told())
		}
		for _, o := range all {
			if o.source != got.Source {
				continue
			}
			want := o.model.scan(o.model.label(o.next), o.source)
			want.At = got.At
			if got.Scan != want {
				return "", fmt.Errorf("scan %d of %s: sent %+v, got %+v", o.next, o.source, want, got.Scan)
			}
			o.next++
		}
	}
	for _, o := range all {
		if o.next != each {
			return "", fmt.Errorf("%d scans of %s", o.next, o.source)
		}
	}
	return fmt.Sprintf("%d scans of each", each), desk.silence()
}

// otherWay: where a user may not open a scanner in the better way, the desk takes
// the other.
func otherWay(ctx context.Context) (string, error) {
	p, err := plug(ctx, 0, pos.device("barred"))
	if err != nil {
		return "", err
	}
	defer p.unplug()
	ways := backends()
	var infos []scanner.Info
	for _, b := range ways {
		info, err := find(ctx, b, "barred")
		if err != nil {
			return "", err
		}
		infos = append(infos, info)
	}
	if err := grant(infos[1]); err != nil {
		return "", err
	}
	other, err := sitOther(clerk, wantedOf(ways))
	if err != nil {
		return "", err
	}
	defer other.leave()
	if _, err := other.event(ctx, watch.Plugged, infos[0].ID()); err != nil {
		return "", err
	}
	if _, err := os.Stat(infos[1].Path); err != nil {
		return "", fmt.Errorf("it was opened in the better way: %w", err)
	}
	return "", other.reads(ctx, pos, p, infos[0].ID())
}

// wantedOf is a desk that reads by all of these ways what nobody named.
func wantedOf(ways []scanner.Backend) (w wanted) {
	for _, b := range ways {
		w.Backends = append(w.Backends, b.Name())
	}
	return w
}
