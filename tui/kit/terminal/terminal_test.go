package terminal_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"

	"circdesk/tui/kit/terminal"
)

const asChild = "CIRCDESK_TEST_TERMINAL"

// TestMain is also the program in the terminal: it greets, and ends with the line typed.
func TestMain(m *testing.M) {
	if os.Getenv(asChild) == "" {
		os.Exit(m.Run())
	}
	fmt.Print("\x1b[1mhello\x1b[m ")
	line, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Print("got " + line)
	if line == "fail\n" {
		os.Exit(3)
	}
	os.Exit(0)
}

func start(t *testing.T) *terminal.Terminal {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(terminal.Environ(os.Environ()), asChild+"=1")
	term, err := terminal.Start(cmd, 20, 3)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("no pty on this system")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	return term
}

func TestWhatDidNotHappenIsAnError(t *testing.T) {
	term := start(t)
	if screen, err := term.WaitFor(terminal.Contains("hello"), 30*time.Second); err != nil {
		t.Fatalf("%v\n%s", err, screen)
	}
	term.Look(func(em *vt.Emulator) {
		if c := em.CellAt(0, 0); c == nil || c.Content != "h" || c.Style.Attrs == 0 {
			t.Errorf("the first cell is %+v", c)
		}
	})
	if screen, err := term.WaitFor(terminal.Contains("bye"), time.Millisecond); !errors.Is(err, terminal.ErrNotSeen) || screen == "" {
		t.Errorf("%v, %q", err, screen)
	}
	if err := term.Exit(time.Millisecond); !errors.Is(err, terminal.ErrRuns) {
		t.Errorf("before its end: %v", err)
	}
	if err := term.Key("ctrl+enter"); err == nil {
		t.Error("a key without bytes was pressed")
	}
	if err := term.Type("fail\r"); err != nil {
		t.Error(err)
	}
	if screen, err := term.WaitFor(terminal.Contains("bye"), 30*time.Second); !errors.Is(err, terminal.ErrEnded) {
		t.Errorf("after its end: %v\n%s", err, screen)
	}
	var exit *exec.ExitError
	if err := term.Exit(30 * time.Second); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("it ended with %v", err)
	}
}

func TestAProgramThatIsNotThereIsAnError(t *testing.T) {
	if _, err := terminal.Start(exec.Command("/no such program"), 20, 3); err == nil {
		t.Error("started")
	}
}
