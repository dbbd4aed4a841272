package terminal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/vt"

	"circdesk/tui/kit/internal/grid"
)

// Terminal is a real program in a real terminal: a pty, with an emulator behind it that draws the screen and
// answers the program's questions. Its methods may be used from several goroutines.
type Terminal struct {
	cmd    *exec.Cmd
	file   *os.File
	loops  sync.WaitGroup
	exited chan struct{} // closed when the program has ended
	silent chan struct{} // closed when all that it wrote is drawn
	err    error         // how it ended; read after exited

	mu      sync.Mutex
	em      *vt.Emulator
	bells   int
	changed chan struct{} // closed and made anew at every change of the screen
}

// Start runs cmd in a terminal of that size; Close ends it. Without an environment of its own the program gets this
// process's, as [Environ] makes it. Where there are no ptys (Windows) the error is [errors.ErrUnsupported].
func Start(cmd *exec.Cmd, cols, rows int) (*Terminal, error) {
	if cmd.Env == nil {
		cmd.Env = Environ(os.Environ())
	}
	file, err := open(cmd, cols, rows)
	if err != nil {
		return nil, fmt.Errorf("start %s in a terminal: %w", cmd.Path, err)
	}
	t := &Terminal{
		cmd: cmd, file: file, exited: make(chan struct{}), silent: make(chan struct{}),
		em: vt.NewEmulator(cols, rows), changed: make(chan struct{}),
	}
	t.em.SetCallbacks(vt.Callbacks{Bell: func() { t.bells++ }})
	t.loops.Go(t.read)
	t.loops.Go(t.answer)
	t.loops.Go(t.wait)
	return t, nil
}

// Environ is an environment for a program in this terminal: without what other terminals say of themselves, as a
// plain xterm with 256 colours.
func Environ(env []string) []string {
	var kept []string
	for _, e := range env {
		name, _, _ := strings.Cut(e, "=")
		switch name {
		case "TERM", "TERM_PROGRAM", "COLORTERM", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "SSH_TTY", "TMUX", "LINES", "COLUMNS", "WT_SESSION":
		default:
			kept = append(kept, e)
		}
	}
	return append(kept, "TERM=xterm-256color")
}

// read draws what the program writes.
func (t *Terminal) read() {
	defer close(t.silent)
	buf := make([]byte, 32<<10)
	for {
		n, err := t.file.Read(buf)
		if n > 0 {
			t.mu.Lock()
			_, _ = t.em.Write(buf[:n]) // an open emulator takes all
			t.tell()
			t.mu.Unlock()
		}
		if err != nil { // EIO when the program has gone
			return
		}
	}
}

// tell wakes all that wait for a change. The lock is held.
func (t *Terminal) tell() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// answer brings the emulator's answers to the program.
func (t *Terminal) answer() {
	buf := make([]byte, 4096)
	for {
		n, err := t.em.Read(buf)
		if n > 0 {
			_, _ = t.file.Write(buf[:n]) // a program that has gone needs no answer
		}
		if err != nil {
			return
		}
	}
}

func (t *Terminal) wait() {
	err := t.cmd.Wait()
	t.mu.Lock()
	t.err = err
	close(t.exited)
	t.mu.Unlock()
}

// Close ends the program, by force when it still runs, and the terminal. It may be called twice.
func (t *Terminal) Close() {
	select {
	case <-t.exited:
	default:
		_ = t.cmd.Process.Kill() // it may have ended by itself meanwhile
	}
	_ = t.file.Close()
	if pipe, ok := t.em.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
	t.loops.Wait()
}

// What did not happen in a terminal.
var (
	ErrRuns    = errors.New("the program still runs")
	ErrEnded   = errors.New("the program has ended")
	ErrNotSeen = errors.New("not on the screen in time")
)

// Exit waits for the program to end by itself and gives its error; nil is success, [ErrRuns] that it did not end.
func (t *Terminal) Exit(timeout time.Duration) error {
	select {
	case <-t.exited:
		return t.err
	case <-time.After(timeout):
		return fmt.Errorf("wait %s for %s: %w", timeout, t.cmd.Path, ErrRuns)
	}
}

// Type sends bytes as they are: what a scanner or a typist sends.
func (t *Terminal) Type(text string) error {
	if _, err := io.WriteString(t.file, text); err != nil {
		return fmt.Errorf("type %d bytes: %w", len(text), err)
	}
	return nil
}

// Key presses the keys, named as in [kit.KeyName]: "enter", "f2", "alt+y", "ctrl+k", "shift+tab".
func (t *Terminal) Key(names ...string) error {
	for _, n := range names {
		seq, ok := KeyBytes(n)
		if !ok {
			return fmt.Errorf("key %q: not known to this terminal", n)
		}
		if err := t.Type(seq); err != nil {
			return err
		}
	}
	return nil
}

// Paste sends text as a terminal pastes it: in brackets when the program asked for them.
func (t *Terminal) Paste(text string) { t.emulator(func(em *vt.Emulator) { em.Paste(text) }) }

// Focus tells the program, if it asked, that the terminal has the focus or has lost it.
func (t *Terminal) Focus(has bool) {
	t.emulator(func(em *vt.Emulator) {
		if has {
			em.Focus()
		} else {
			em.Blur()
		}
	})
}

// emulator runs fn with the emulator, while nothing is drawn.
func (t *Terminal) emulator(fn func(*vt.Emulator)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fn(t.em)
}

// Look lets fn read the emulator, as for a picture or the colour of a cell; fn must not keep it.
func (t *Terminal) Look(fn func(*vt.Emulator)) { t.emulator(fn) }

// Resize changes the size of the terminal.
func (t *Terminal) Resize(cols, rows int) error {
	t.emulator(func(em *vt.Emulator) { em.Resize(cols, rows) })
	if err := resize(t.file, cols, rows); err != nil {
		return fmt.Errorf("resize the terminal to %dx%d: %w", cols, rows, err)
	}
	return nil
}

// Screen is what stands on the screen, rows parted by \n, without styles and without blanks at the ends of rows.
func (t *Terminal) Screen() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(grid.Lines(t.em), "\n")
}

// Cursor is the place of the cursor and whether it is seen.
func (t *Terminal) Cursor() (x, y int, seen bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.em.CursorPosition()
	return at.X, at.Y, !t.em.CursorHidden()
}

// Bells is how often the bell has rung.
func (t *Terminal) Bells() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bells
}

// WaitFor waits until the screen is as ok wants it, and gives it, or the last one with [ErrNotSeen] or [ErrEnded].
func (t *Terminal) WaitFor(ok func(screen string) bool, timeout time.Duration) (string, error) {
	over := time.NewTimer(timeout)
	defer over.Stop()
	for {
		silent := isClosed(t.silent)
		t.mu.Lock()
		changed := t.changed
		screen := strings.Join(grid.Lines(t.em), "\n")
		t.mu.Unlock()
		if ok(screen) {
			return screen, nil
		}
		if silent {
			return screen, ErrEnded
		}
		select {
		case <-changed:
		case <-t.silent:
		case <-over.C:
			return screen, fmt.Errorf("%w: %s", ErrNotSeen, timeout)
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Contains is for [Terminal.WaitFor]: all the words are on the screen.
func Contains(words ...string) func(string) bool {
	return func(screen string) bool {
		for _, w := range words {
			if !strings.Contains(screen, w) {
				return false
			}
		}
		return true
	}
}
