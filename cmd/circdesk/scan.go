package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/scanner"
	"circdesk/scanner/hid"
	"circdesk/scanner/reader"
	"circdesk/scanner/watch"
)

func (p *program) scanCommand() *cobra.Command {
	var list bool
	c := &cobra.Command{
		Use: "scan", Short: "which scanners are plugged in, and what they send", Args: takesArgs(cobra.NoArgs),
		Long: `Lists the scanners that are plugged in, who may open them, and what to do where this user may
not; then shows each scan, step by step: what came, the text, and what it means.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.scan(c.Context(), list) },
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&list, "list", false, "only the list")
	c.AddCommand(p.scanDecodeCommand(), p.scanSetupCommand())
	return c
}

// scan lists scanners and shows what they send.
func (p *program) scan(ctx context.Context, list bool) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	settings, err := where.ReadSettings()
	if err != nil {
		return err
	}
	labels, err := labelsOf(settings)
	if err != nil {
		return err
	}
	w, err := watcherOf(settings)
	if err != nil {
		return err
	}
	if !hid.Supported() {
		p.note(p.words.Text(words.ScanNoHid))
	}
	if err := p.listScanners(w); err != nil || list {
		return err
	}
	p.note("", p.words.Text(words.ScanListening))
	var out sync.Mutex // one step at a time
	w.Step = func(s reader.Step) {
		out.Lock()
		defer out.Unlock()
		p.sayStep(s)
	}
	w.Notice = func(n watch.Notice) {
		out.Lock()
		defer out.Unlock()
		if kind, ok := notices[n.Event]; ok && n.Event != watch.NoBackend {
			p.note(p.words.Notice(string(kind), "name", n.Name))
		}
	}
	err = w.Run(ctx, func(s scanner.Scan) {
		out.Lock()
		defer out.Unlock()
		_ = p.sayDecoded(p.decoded(labels, s.Symbology+s.Text), false)
	})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// listScanners lists what is plugged in: each device once, with what the desk does
// with it.
func (p *program) listScanners(w *watch.Watcher) error {
	found, err := w.List()
	if err != nil && len(found) == 0 && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if len(found) == 0 {
		p.note(p.words.Text(words.ScanNone))
	}
	for _, f := range found {
		if err := p.sayFound(f); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) sayFound(f watch.Found) error {
	w, i := p.words, f.Ways[0]
	var ways []string
	for _, way := range f.Ways {
		ways = append(ways, way.Backend)
	}
	id := i.ID()
	if id == "" {
		id = i.Path
	}
	lines := []string{w.Text(words.ScanDevice, "id", id, "name", strings.TrimSpace(i.VendorName+" "+i.ProductName),
		"kind", p.kindOf(i.Kind), "backend", w.List(ways...))}
	switch {
	case f.Read:
		lines = append(lines, "  "+w.Text(words.ScanRead))
	case i.Kind == scanner.Keyboard:
		lines = append(lines, "  "+w.Text(words.ScanNameIt, "id", id))
	default:
		lines = append(lines, "  "+w.Text(words.ScanNotRead))
	}
	denied := !slices.ContainsFunc(f.Ways, func(i scanner.Info) bool { return i.Access != scanner.Denied })
	if rule := i.Rule(); denied && rule != "" {
		lines = append(lines, "  "+w.Text(words.ScanDenied, "file", scanner.RuleFile))
		for l := range strings.Lines(rule) {
			lines = append(lines, "    "+strings.TrimSpace(l))
		}
	}
	_, err := fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	return err
}

func (p *program) kindOf(k scanner.Kind) string {
	switch k {
	case scanner.POS:
		return p.words.Text(words.ScanPos)
	case scanner.Keyboard:
		return p.words.Text(words.ScanKeyboard)
	case scanner.Serial:
		return p.words.Text(words.ScanSerial)
	}
	return ""
}

// sayStep shows what came, and what was read out of it.
func (p *program) sayStep(s reader.Step) {
	w := p.words
	if len(s.Raw) > 0 {
		_, _ = fmt.Fprintln(p.out, w.Text(words.ScanRaw, "raw", fmt.Sprintf("% x", s.Raw)))
	}
	if t := s.Reading.Text; t != "" {
		_, _ = fmt.Fprintln(p.out, w.Text(words.ScanText, "text", text.Clean(t, shown), "symbology", s.Reading.Symbology))
	}
	if f := s.Reading.Fault; f != scanner.NoFault {
		_, _ = fmt.Fprintln(p.out, w.Text(words.ScanFault, "why", string(f)))
	}
}
