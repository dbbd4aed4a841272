//go:build linux

package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"circdesk/scanner"
	"circdesk/scanner/emulated"
	"circdesk/scanner/watch"
)

// QEMU's own keyboard.
const (
	qemuVendor  = 0x0627
	qemuProduct = 0x0001
)

// ordinary: a keyboard that nobody named is left to the terminal, though scanners
// beside it are read; one that is named is read like a scanner, and given back.
func (w way) ordinary(t *teller) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		var keyboard scanner.Info
		err := until(ctx, "QEMU's keyboard", func() bool {
			list, err := w.backend.List()
			i := slices.IndexFunc(list, func(i scanner.Info) bool { return i.Vendor == qemuVendor && i.Product == qemuProduct })
			if err != nil || i < 0 {
				return false
			}
			keyboard = list[i]
			return true
		})
		if err != nil {
			return "", err
		}
		if keyboard.Kind != scanner.Keyboard {
			return "", fmt.Errorf("it is listed as %+v", keyboard)
		}
		if err := w.unnamed(ctx, keyboard); err != nil {
			return "", fmt.Errorf("unnamed: %w", err)
		}
		name := watch.Wanted{Vendor: qemuVendor, Product: qemuProduct, Setup: scanner.Setup{Name: "keyboard"}}
		desk := sit([]scanner.Backend{w.backend}, name)
		defer desk.leave()
		if _, err := desk.notice(ctx, watch.Plugged, "keyboard"); err != nil {
			return "", err
		}
		defer awake()()
		for _, text := range []string{"31234000123456", "lib00112233"} {
			t.tell(emulated.Line{Type: text + "\n"})
			if _, err := desk.hear(ctx, scanner.Scan{Text: text, End: scanner.Enter, Source: "keyboard"}); err != nil {
				return "", err
			}
		}
		if err := desk.leave(); err != nil {
			return "", err
		}
		return fmt.Sprintf("%s %s", keyboard.ID(), keyboard.ProductName), until(ctx, "the keyboard to be given back", func() bool { return driver(keyboard.Part) == "usbhid" })
	}
}

// awake keeps the processor busy until done is called. The machine's time leaps when
// it has nothing to do, and what comes from outside takes its time.
func awake() (done func()) {
	var over atomic.Bool
	var busy sync.WaitGroup
	busy.Go(func() {
		for !over.Load() {
			runtime.Gosched()
		}
	})
	return func() {
		over.Store(true)
		busy.Wait()
	}
}

// unnamed looks at what a desk does to a keyboard that its settings do not name.
func (w way) unnamed(ctx context.Context, keyboard scanner.Info) error {
	p, err := plug(ctx, 0, pos.device("beside"))
	if err != nil {
		return err
	}
	defer p.unplug()
	desk := sit([]scanner.Backend{w.backend})
	defer desk.leave()
	if _, err := desk.notice(ctx, watch.Plugged, "0c2e:0b67:beside"); err != nil {
		return err
	}
	if err := desk.reads(ctx, pos, p, "0c2e:0b67:beside"); err != nil {
		return err
	}
	if d := driver(keyboard.Part); d != "usbhid" {
		return fmt.Errorf("its driver is %q", d)
	}
	port, err := w.backend.Open(keyboard, scanner.Setup{})
	if err != nil {
		return fmt.Errorf("somebody has it: %w", err)
	}
	return port.Close()
}
