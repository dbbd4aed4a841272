package serial

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"go.bug.st/serial"

	"circdesk/scanner"
)

func TestCheck(t *testing.T) {
	for _, row := range []struct {
		name string
		line string
		want serial.Mode
		err  string // part of the error; "": none
	}{
		{"nothing said", "", serial.Mode{BaudRate: 9600, DataBits: 8}, ""},
		{"all said", "19200,7,E,2", serial.Mode{BaudRate: 19200, DataBits: 7, Parity: serial.EvenParity, StopBits: serial.TwoStopBits}, ""},
		{"the speed alone", "115200", serial.Mode{BaudRate: 115200, DataBits: 8}, ""},
		{"blanks", "9600, 7, o, 1.5", serial.Mode{BaudRate: 9600, DataBits: 7, Parity: serial.OddParity, StopBits: serial.OnePointFiveStopBits}, ""},
		{"no speed", "fast", serial.Mode{}, "no speed \"fast\""},
		{"a speed of 0", "0", serial.Mode{}, "no speed"},
		{"9 data bits", "9600,9", serial.Mode{}, "data bits \"9\""},
		{"no parity", "9600,8,x", serial.Mode{}, "parity \"x\": n, e, o, m, s"},
		{"3 stop bits", "9600,8,n,3", serial.Mode{}, "stop bits \"3\""},
		{"too much", "9600,8,n,1,xon", serial.Mode{}, "is not like 9600,8,n,1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m, err := mode(row.line)
			if (err != nil) != (row.err != "") || err != nil && !strings.Contains(err.Error(), row.err) || (Check(row.line) == nil) != (row.err == "") {
				t.Fatalf("error %v", err)
			}
			if err == nil && *m != row.want {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	b := &Backend{}
	if _, err := b.Open(scanner.Info{Path: "no-such-port"}, scanner.Setup{Line: "fast"}); err == nil || !strings.Contains(err.Error(), "fast") {
		t.Errorf("a line that is none: %v", err)
	}
	if _, err := b.Open(scanner.Info{Path: "no-such-port"}, scanner.Setup{}); !errors.Is(err, scanner.ErrGone) {
		t.Errorf("a port that is not there: %v", err)
	}
}

func TestWhy(t *testing.T) {
	other := errors.New("other")
	for _, row := range []struct {
		name string
		err  error
		want error
	}{
		{"not there", fs.ErrNotExist, scanner.ErrGone},
		{"not allowed", fs.ErrPermission, fs.ErrPermission},
		{"something else", other, other},
		{"a port error of another kind", &serial.PortError{}, scanner.ErrBusy},
	} {
		if err := why(row.err); !errors.Is(err, row.want) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

func TestHex16(t *testing.T) {
	for text, want := range map[string]uint16{"0C2E": 0x0C2E, "": 0, "12345": 0, "x": 0} {
		if got := hex16(text); got != want {
			t.Errorf("%q: %x", text, got)
		}
	}
}
