package screentest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"circdesk/tui/kit"
	"circdesk/tui/kit/terminal"
)

var scans = flag.Int("scans", 300, "how many scans the flood test sends")

const (
	patience  = 60 * time.Second
	childFile = "SCREENTEST_SCANNED"
)

// TestMain makes the test binary itself the program that the tests look at in a terminal.
func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		if err := runDesk(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// deskModel is the least a desk can be: it notes each scan in a file, one a line, and shows the last.
type deskModel struct {
	look  kit.Look
	line  kit.ScanLine
	file  *os.File
	count int
	views int
	keys  []string
	last  string
	size  tea.WindowSizeMsg
	blur  bool
}

func runDesk(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	theme, err := kit.NewTheme(kit.Sixteen)
	if err != nil {
		return err
	}
	b := kit.NewBatcher()
	m := &deskModel{file: file, look: kit.Look{Theme: theme}, line: kit.ScanLine{Prompt: " scan "}}
	p := tea.NewProgram(m, tea.WithFilter(b.Filter), tea.WithFPS(120))
	b.Attach(p.Send)
	if _, err := p.Run(); err != nil {
		return err
	}
	return file.Close()
}

func (m *deskModel) Init() tea.Cmd { return nil }

func (m *deskModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.look = m.look.Learn(msg)
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.size = msg
	case tea.BlurMsg:
		m.blur = true
	case tea.FocusMsg:
		m.blur = false
	case kit.InputMsg:
		lines, key := m.line.Input(msg)
		for _, l := range lines {
			m.count++
			m.last = l.Text
			fmt.Fprintf(m.file, "%q by %s\n", l.Text, l.By)
		}
		switch key {
		case "ctrl+c":
			return m, tea.Quit
		case "f9":
			return m, tea.Raw("\a")
		case "":
		default:
			m.keys = append(m.keys, key)
		}
	}
	return m, nil
}

func (m *deskModel) View() tea.View {
	m.views++
	status := fmt.Sprintf("%d scans, %d views, %dx%d", m.count, m.views, m.size.Width, m.size.Height)
	if m.blur {
		status = "NOT LISTENING"
	}
	v := tea.NewView(kit.Compose(m.look, m.size.Width, m.size.Height, []string{
		kit.FullBar(m.look, kit.Bar, m.size.Width, status, ""),
		"LAST=[" + m.last + "]",
		"KEYS=" + strings.Join(m.keys, ","),
		m.line.View(m.look, m.size.Width, ""),
	}))
	v.AltScreen, v.ReportFocus = true, true
	v.Cursor = m.line.Cursor(m.look, m.size.Width, 3, "")
	return v
}

// startDesk runs the small desk in a terminal; the path is the file that it notes scans in.
func startDesk(t *testing.T) (*Terminal, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scanned")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(terminal.Environ(os.Environ()), childFile+"="+path)
	term := Start(t, cmd, 80, 24)
	term.WaitFor(Contains("0 scans", "80x24"), patience)
	return term, path
}

func noted(t *testing.T, path string) string {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestAFloodOfScansArrivesCompleteUnchangedAndInOrder(t *testing.T) {
	term, path := startDesk(t)
	var sent, want strings.Builder
	closers := []struct{ bytes, name string }{{"\r", "enter"}, {"\n", "ctrl+j"}, {"\t", "tab"}}
	for i := range *scans {
		c := closers[i%len(closers)]
		fmt.Fprintf(&sent, "312%011d%s", i*7919, c.bytes)
		fmt.Fprintf(&want, "\"312%011d\" by %s\n", i*7919, c.name)
	}
	begin := time.Now()
	term.Type(sent.String())
	screen := term.WaitFor(Contains(fmt.Sprintf("%d scans", *scans)), patience)
	t.Logf("%d scans in %s: %s", *scans, time.Since(begin).Round(time.Millisecond), strings.TrimSpace(strings.SplitN(screen, "\n", 2)[0]))
	term.Key("ctrl+c")
	if err := term.Exit(patience); err != nil {
		t.Fatal(err)
	}
	if got := noted(t, path); got != want.String() {
		t.Errorf("noted and sent differ:\n%s", differing(want.String(), got))
	}
}

func TestWhatTheTerminalBringsToTheProgram(t *testing.T) {
	term, path := startDesk(t)
	term.Paste("31234000000041\r\n31234000000058")
	term.WaitFor(Contains("LAST=[31234000000058]"), patience)
	term.Key("f2", "alt+y", "ctrl+k", "shift+tab", "alt+shift+d", "esc")
	term.WaitFor(Contains("KEYS=f2,alt+y,ctrl+k,shift+tab,alt+shift+d,esc"), patience)
	term.Type("]C1\x1d10AB \x80\xe9\r")
	term.WaitFor(Contains("LAST=[]C1"), patience)
	term.Type("Ze\u0301")
	term.Key("backspace")
	term.WaitFor(func(s string) bool { return strings.HasSuffix(strings.TrimRight(s, "\n"), " scan Z") }, patience)
	if x, y, seen := term.Cursor(); x != 7 || y != 3 || !seen {
		t.Errorf("the cursor is at %d,%d, seen %v", x, y, seen)
	}
	term.Focus(false)
	term.WaitFor(Contains("NOT LISTENING"), patience)
	term.Focus(true)
	term.Resize(100, 30)
	term.WaitFor(Contains("100x30"), patience)
	term.Key("f9")
	for until := time.Now().Add(patience); term.Bells() == 0 && time.Now().Before(until); {
		time.Sleep(5 * time.Millisecond)
	}
	if term.Bells() != 1 {
		t.Errorf("the bell rang %d times", term.Bells())
	}
	term.Key("ctrl+c")
	if err := term.Exit(patience); err != nil {
		t.Fatal(err)
	}
	want := "\"31234000000041\" by paste\n\"31234000000058\" by paste\n\"]C1\\x1d10AB \uFFFD\uFFFD\" by enter\n"
	if got := noted(t, path); got != want {
		t.Errorf("noted %s\nwant %s", got, want)
	}
}

func TestEveryKeyHasBytes(t *testing.T) {
	for _, c := range []struct{ key, want string }{
		{"enter", "\r"}, {"alt+y", "\x1by"}, {"alt+shift+d", "\x1bD"}, {"ctrl+k", "\v"}, {"ctrl+]", "\x1d"}, {"f10", "\x1b[21~"},
		{"alt+enter", "\x1b\r"}, {"ctrl+enter", ""}, {"alt+f2", ""}, {"", ""},
	} {
		if got, ok := terminal.KeyBytes(c.key); got != c.want && ok || ok != (c.want != "") {
			t.Errorf("key %q: %q, %v", c.key, got, ok)
		}
	}
}
