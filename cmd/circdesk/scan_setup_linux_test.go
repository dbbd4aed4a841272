package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/creack/pty"

	"circdesk/cmd/internal/folder"
	"circdesk/tui/kit/screentest"
)

func TestOneScanShowsHowAScannerThatTypesIsProgrammed(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, typed, want string }{
		{"one that needs nothing", "31234567890015\r", "nothing is to be set"},
		{"one on a computer with a French keyboard", "\"&é\"'(-è_çàà&(\r", "host = 'fr'"},
		{"one that sends no Enter", "31234567890015", "set the scanner to send Enter"},
		{"a scan of something else", "9780140449136\r", "does not hold the code: 9780140449136"},
		{"nothing", "\x03", "nothing came"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			term := screen(t, 80, 24, "scan", "setup", "--data", t.TempDir())
			term.WaitFor(screentest.Contains("Type what its label says"), longEnough)
			term.Type("31234567890015\r")
			term.WaitFor(screentest.Contains("scan it now"), longEnough)
			time.Sleep(50 * time.Millisecond) // the terminal is raw only now
			term.Type(row.typed)
			term.WaitFor(screentest.Contains(row.want), longEnough)
		})
	}
}

func TestOneScanShowsHowADeviceIsProgrammed(t *testing.T) {
	t.Parallel()
	device, tty, err := pty.Open() // at its other end it is a serial port
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	defer tty.Close()
	named := t.TempDir()
	if err := os.WriteFile(filepath.Join(named, folder.DeskTOML), []byte("[[scanner]]\nname = \""+tty.Name()+"\"\nline = \"19200,7,e,1\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		args []string
		line string
	}{
		{"one that the settings name", []string{"--data", named}, "19200,7,e,1"},
		{"one that the command names", []string{"--data", t.TempDir(), tty.Name()}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			term := screen(t, 80, 24, append([]string{"scan", "setup"}, row.args...)...)
			term.WaitFor(screentest.Contains("Type what its label says"), longEnough)
			term.Type("31234567890015\r")
			term.WaitFor(screentest.Contains("scan it now", "is read"), longEnough)
			if _, err := device.Write([]byte("#31234567890015\r\n")); err != nil {
				t.Fatal(err)
			}
			want := []string{`before the code: "#"`, "[[scanner]]", "name = '" + tty.Name() + "'", "kind = 'serial'", "prefix = '#'"}
			if row.line != "" {
				want = append(want, "line = '"+row.line+"'")
			}
			term.WaitFor(screentest.Contains(want...), longEnough)
		})
	}
	if _, errs, code := here(t, "", "scan", "setup", "--data", t.TempDir(), "0c2e"); code != exitUsage {
		t.Errorf("a name that names nothing: exit code %d: %s", code, errs)
	}
}
