package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/scanner"
	"circdesk/scanner/setup"
	"circdesk/scanner/watch"
)

func (p *program) scanSetupCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "setup [DEVICE]", Short: "how a scanner is programmed, from one scan", Args: takesArgs(cobra.MaximumNArgs(1)),
		Long: `Asks for a scan of a code that you know, and works out from what comes how the scanner is
programmed: the keyboard it types on, what it sends before and behind the code, what closes
a scan, and how fast it types; and says what to write into desk.toml.

It listens to the terminal, to the scanners that say that they are scanners, and to those
that desk.toml names. DEVICE, vendor:product[:serial] or the path of a serial port as
'circdesk scan --list' shows it, is read as a device, and nothing else is.`,
		RunE: func(c *cobra.Command, args []string) error {
			device := ""
			if len(args) > 0 {
				device = args[0]
			}
			return p.setup(c.Context(), device)
		},
	}
	p.dataFlag(c)
	return c
}

func (p *program) setup(ctx context.Context, device string) error {
	in, ok := p.in.(*os.File)
	if !ok || !terminal(in) {
		return p.tell(exitUsage, words.ErrorNoTerminal)
	}
	watcher, err := p.setupWatcher(device)
	if err != nil {
		return err
	}
	w := p.words
	p.note(w.Text(words.ScanKnown))
	lines := bufio.NewReader(io.LimitReader(in, mostArrived))
	code, err := lines.ReadString('\n')
	if err != nil {
		return err
	}
	code = strings.TrimSpace(code)
	p.note(w.Text(words.ScanScanIt))
	state, err := term.MakeRaw(in.Fd())
	if err != nil {
		return err
	}
	watcher.Notice = func(n watch.Notice) {
		if kind, ok := notices[n.Event]; ok && n.Event != watch.NoBackend {
			p.note(w.Notice(string(kind), "name", n.Name) + "\r") // the terminal is raw
		}
	}
	h := hear(ctx, in, watcher, device != "")
	if err := term.Restore(in.Fd(), state); err != nil {
		return err
	}
	find := func() (setup.Finding, string, error) { return setup.Typed(code, h.came) }
	if h.info.Part != "" {
		find = func() (setup.Finding, string, error) { return setup.Read(code, h.info, h.came) }
	}
	f, typed, err := find()
	switch {
	case errors.Is(err, setup.ErrNothing):
		return p.tell(exitFailed, words.ScanNothingCame)
	case errors.Is(err, setup.ErrShort):
		return p.tell(exitUsage, words.ScanTooShort)
	case errors.Is(err, setup.ErrOther):
		return p.tell(exitFailed, words.ScanOtherCame, "text", text.Clean(typed, shown))
	case err != nil:
		return err
	}
	if err := p.sayFinding(f); err != nil {
		return err
	}
	return p.saySettings(f, h.info, lineOf(watcher.Wanted, h.info))
}

// setupWatcher makes what reads the devices: those of the settings, or the one
// that is named.
func (p *program) setupWatcher(device string) (*watch.Watcher, error) {
	where, err := p.folder()
	if err != nil {
		return nil, err
	}
	settings, err := where.ReadSettings()
	if err != nil {
		return nil, err
	}
	w, err := watcherOf(settings)
	if err != nil || device == "" {
		return w, err
	}
	wanted, err := watch.Parse(device)
	if err != nil {
		return nil, usage{err}
	}
	for _, known := range w.Wanted {
		if known.String() == wanted.String() { // its line is set as the settings say
			wanted = known
		}
	}
	w.Wanted, w.OnlyWanted = []watch.Wanted{wanted}, true
	return w, nil
}

// lineOf gives how the settings set a serial line.
func lineOf(wanted []watch.Wanted, info scanner.Info) string {
	for _, w := range wanted {
		if w.Setup.Line != "" && (w.Path == info.Path || w.String() == info.ID()) {
			return w.Setup.Line
		}
	}
	return ""
}

// sayFinding says how a scanner is programmed.
func (p *program) sayFinding(f setup.Finding) error {
	w := p.words
	lines := []string{w.Text(words.ScanFound)}
	add := func(key words.Key, args ...string) { lines = append(lines, "  "+w.Text(key, args...)) }
	if len(f.Layouts) > 0 {
		add(words.ScanFoundLayout, "layouts", w.List(f.Layouts...))
	}
	if f.Setup.Prefix != "" {
		add(words.ScanFoundPrefix, "prefix", strconv.Quote(f.Setup.Prefix))
	}
	if f.Setup.Suffix != "" {
		add(words.ScanFoundSuffix, "suffix", strconv.Quote(f.Setup.Suffix))
	}
	if f.Symbology != "" {
		add(words.ScanFoundSymbology, "symbology", f.Symbology)
	}
	if f.StartStop {
		add(words.ScanFoundEnds)
	}
	if f.CheckLeftOut {
		add(words.ScanFoundCheck)
	}
	if f.CapsLock {
		add(words.ScanFoundCaps)
	}
	if f.End == scanner.Whole {
		add(words.ScanFoundOpen)
	} else {
		add(words.ScanFoundEnd, "end", string(f.End))
	}
	if s := f.Speed; s.Characters > 1 {
		add(words.ScanFoundSpeed, "n", strconv.Itoa(s.Characters), "median", millis(s.Median), "longest", millis(s.Longest))
	}
	_, err := fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	return err
}

// saySettings says what to write into the settings for the scanner.
func (p *program) saySettings(f setup.Finding, info scanner.Info, line string) error {
	var settings any
	key := words.ScanWriteTyping
	if info.Part == "" {
		typing := folder.Typing{Layout: f.Setup.Layout, Host: f.Setup.Host, Prefix: f.Setup.Prefix, Suffix: f.Setup.Suffix}
		if typing == (folder.Typing{}) {
			if f.End == scanner.Whole { // that was said
				return nil
			}
			_, err := fmt.Fprintln(p.out, p.words.Text(words.ScanPlainTyping))
			return err
		}
		settings = struct {
			Typing folder.Typing `toml:"typing"`
		}{typing}
	} else {
		device := folder.Scanner{
			Name: info.ID(), Kind: string(f.Setup.Kind), Layout: f.Setup.Layout, Prefix: f.Setup.Prefix, Suffix: f.Setup.Suffix,
			Line: line, Caps: f.Setup.Caps, Pause: int(f.Setup.Pause.Milliseconds()),
		}
		if device.Name == "" {
			device.Name = info.Path
		}
		key = words.ScanWriteIt
		settings = struct {
			Scanner []folder.Scanner `toml:"scanner"`
		}{[]folder.Scanner{device}}
	}
	table, err := toml.Marshal(settings)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "%s\n%s", p.words.Text(key), table)
	return err
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
