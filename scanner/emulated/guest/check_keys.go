//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/hidraw"
	"circdesk/scanner/watch"
)

// alone: while the desk reads a scanner that types, its keys go to nobody else; when
// the desk has left, they go where they went before.
func (c combination) alone(ctx context.Context) (string, error) {
	p, err := plug(ctx, 0, c.model.device(c.serial))
	if err != nil {
		return "", err
	}
	defer p.unplug()
	if _, err := find(ctx, &hidraw.Backend{}, c.serial); err != nil {
		return "", err
	}
	typing := func() error { p.Send(c.model.reports(c.model.label(0))...); return nil }
	if n, err := presses(c.serial, typing); err != nil || n == 0 {
		return "", fmt.Errorf("before the desk reads it, %d keys are pressed: %w", n, err)
	}
	desk := sit([]scanner.Backend{c.backend}, named(c.model, c.serial))
	_, err = desk.notice(ctx, watch.Plugged, c.serial)
	if err == nil {
		err = c.silently(ctx, desk, p)
	}
	if e := desk.leave(); err == nil {
		err = e
	}
	if err != nil {
		return "", err
	}
	if _, err := find(ctx, &hidraw.Backend{}, c.serial); err != nil {
		return "", err
	}
	if n, err := presses(c.serial, typing); err != nil || n == 0 {
		return "", fmt.Errorf("after the desk has left, %d keys are pressed: %w", n, err)
	}
	return "", nil
}

// silently reads a scan, of which nobody else may get a key.
func (c combination) silently(ctx context.Context, desk *desk, p *plugged) error {
	n, err := presses(c.serial, func() error { return desk.reads(ctx, c.model, p, c.serial) })
	if err == nil && n != 0 {
		err = fmt.Errorf("while the desk reads it, %d keys are pressed", n)
	}
	return err
}

// presses returns how many keys a device presses for the terminal while something is
// done and a moment later. A device that has no keys for the terminal presses none.
func presses(serial string, do func() error) (n int, err error) {
	var nodes []*os.File
	info, err := listed(&hidraw.Backend{}, serial)
	if err == nil {
		for _, file := range info.Files {
			if !strings.Contains(file, "event") {
				continue
			}
			f, err := os.Open(file)
			if err != nil {
				return 0, err
			}
			defer f.Close()
			nodes = append(nodes, f)
		}
	}
	if err := do(); err != nil {
		return 0, err
	}
	for _, f := range nodes {
		more, err := pressed(f, 300*time.Millisecond)
		if err != nil {
			return 0, err
		}
		n += more
	}
	return n, nil
}

// A struct input_event on a machine of 64 bits: time, kind, code, value.
const (
	eventLength = 24
	eventKind   = 16
	eventValue  = 20
	kindKey     = 1
	valueDown   = 1
)

// pressed returns how many keys a node presses until nothing comes for a moment.
func pressed(f *os.File, moment time.Duration) (n int, err error) {
	b := make([]byte, 64*eventLength)
	for {
		if err := f.SetReadDeadline(time.Now().Add(moment)); err != nil {
			return n, err
		}
		got, err := f.Read(b)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		for e := b[:got]; len(e) >= eventLength; e = e[eventLength:] {
			if binary.LittleEndian.Uint16(e[eventKind:]) == kindKey && binary.LittleEndian.Uint32(e[eventValue:]) == valueDown {
				n++
			}
		}
	}
}
