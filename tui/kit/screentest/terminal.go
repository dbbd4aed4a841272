package screentest

import (
	"errors"
	"os/exec"
	"testing"
	"time"

	"circdesk/tui/kit/terminal"
)

// Terminal is a [terminal.Terminal] in a test: what cannot be done ends it.
type Terminal struct {
	*terminal.Terminal
	tb testing.TB
}

// Start runs cmd in a terminal of that size, as [terminal.Start] does, and ends it with the test. Where there are no
// ptys the test is skipped.
func Start(tb testing.TB, cmd *exec.Cmd, cols, rows int) *Terminal {
	tb.Helper()
	t, err := terminal.Start(cmd, cols, rows)
	if errors.Is(err, errors.ErrUnsupported) {
		tb.Skip("no pty on this system")
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(t.Close)
	return &Terminal{t, tb}
}

// Exit waits for the program to end by itself and gives its error; nil is success.
func (t *Terminal) Exit(timeout time.Duration) error {
	t.tb.Helper()
	err := t.Terminal.Exit(timeout)
	if errors.Is(err, terminal.ErrRuns) {
		t.tb.Fatalf("%v; the screen:\n%s", err, t.Screen())
	}
	return err
}

// Type sends bytes as they are: what a scanner or a typist sends.
func (t *Terminal) Type(text string) {
	t.tb.Helper()
	if err := t.Terminal.Type(text); err != nil {
		t.tb.Error(err)
	}
}

// Key presses the keys, named as in [kit.KeyName].
func (t *Terminal) Key(names ...string) {
	t.tb.Helper()
	if err := t.Terminal.Key(names...); err != nil {
		t.tb.Fatal(err)
	}
}

// Resize changes the size of the terminal.
func (t *Terminal) Resize(cols, rows int) {
	t.tb.Helper()
	if err := t.Terminal.Resize(cols, rows); err != nil {
		t.tb.Fatal(err)
	}
}

// WaitFor waits until the screen is as ok wants it, and gives it.
func (t *Terminal) WaitFor(ok func(screen string) bool, timeout time.Duration) string {
	t.tb.Helper()
	screen, err := t.Terminal.WaitFor(ok, timeout)
	if err != nil {
		t.tb.Fatalf("%v; the screen:\n%s", err, screen)
	}
	return screen
}

// Contains is for [Terminal.WaitFor]: all the words are on the screen.
func Contains(words ...string) func(string) bool { return terminal.Contains(words...) }
