// Picture draws the picture in the README: it runs the demo in a real terminal,
// lends some books, and writes the screen's cells as SVG.
//
// It knows what a newcomer would do. It does not know how a screen is drawn.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/charmbracelet/x/vt"

	"circdesk/tui/kit/svg"
	"circdesk/tui/kit/terminal"
)

func main() {
	out := flag.String("o", "", "the `file` to write")
	title := flag.String("title", "circdesk: check out", "what the picture is called")
	flag.Parse()
	if err := draw(*out, *title); err != nil {
		fmt.Fprintln(os.Stderr, "draw the picture:", err)
		os.Exit(1)
	}
}

// patience is how long a screen may take.
const patience = 20 * time.Second

// steps are what is typed, and what the screen then shows.
var steps = []struct{ typed, shows string }{
	{"", "line up"},
	{"21234567890017\r", "SILVA, Maria"},
	{"31234567890015\r", "Middlemarch"},
	{"31234567890106\r", "OUT"},
	{"31234567890122\r", "OUT"},
	{"31234567890031\r", "Alt+N"},
}

func draw(out, title string) (err error) {
	dir, err := os.MkdirTemp("", "picture")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "circdesk")
	if b, err := exec.CommandContext(context.Background(), "go", "build", "-o", program, "circdesk/cmd/circdesk").CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w: %s", err, b)
	}
	cmd := exec.Command(program, "demo")
	cmd.Env = terminal.Environ(os.Environ())
	t, err := terminal.Start(cmd, 80, 24)
	if err != nil {
		return err
	}
	defer t.Close()
	for _, s := range steps {
		if s.typed != "" {
			if err := t.Type(s.typed); err != nil {
				return err
			}
			time.Sleep(300 * time.Millisecond) // so that the final word stands, not the local one
		}
		if screen, err := t.WaitFor(terminal.Contains(s.shows), patience); err != nil {
			return fmt.Errorf("after %q: %w\n%s", s.typed, err, screen)
		}
	}
	w, err := os.Create(out)
	if err != nil {
		return err
	}
	t.Look(func(em *vt.Emulator) { err = svg.Write(w, title, em, svg.Night()) })
	if err != nil {
		_ = w.Close()
		return err
	}
	return w.Close()
}
