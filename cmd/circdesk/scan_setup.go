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
	"github.com/spf13/cobra"

	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/scanner"
	"circdesk/scanner/setup"
)

func (p *program) scanSetupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "setup", Short: "how a scanner that types is programmed, from one scan", Args: takesArgs(cobra.NoArgs),
		Long: `Asks for a scan of a code that you know, and works out from what comes how the scanner is
programmed: the keyboard it types on, what it sends before and behind the code, what closes
a scan, and how fast it types.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.setup(c.Context()) },
	}
}

// quiet is how long nothing may come until a scan has come whole.
const quiet = 700 * time.Millisecond

// mostArrived bounds what is read of one scan, in bytes.
const mostArrived = 16 << 10

func (p *program) setup(ctx context.Context) error {
	in, ok := p.in.(*os.File)
	if !ok || !terminal(in) {
		return p.tell(exitUsage, words.ErrorNoTerminal)
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
	came := arrivals(ctx, in)
	if err := term.Restore(in.Fd(), state); err != nil {
		return err
	}
	f, typed, err := setup.Typed(code, came)
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
	return p.sayFinding(f)
}

// arrivals takes what a scanner types, with the times, until it has been quiet.
func arrivals(ctx context.Context, in io.Reader) (came []setup.Arrival) {
	pieces := make(chan setup.Arrival)
	go func() {
		b := make([]byte, 256)
		for {
			n, err := in.Read(b)
			if n > 0 {
				select {
				case pieces <- setup.Arrival{At: time.Now(), Bytes: append([]byte(nil), b[:n]...)}:
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				close(pieces)
				return
			}
		}
	}()
	var over <-chan time.Time
	size := 0
	for size < mostArrived {
		select {
		case <-ctx.Done():
			return came
		case <-over:
			return came
		case a, ok := <-pieces:
			if !ok || len(a.Bytes) == 1 && a.Bytes[0] == 3 { // Ctrl+C
				return came
			}
			came, size, over = append(came, a), size+len(a.Bytes), time.After(quiet)
		}
	}
	return came
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

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
