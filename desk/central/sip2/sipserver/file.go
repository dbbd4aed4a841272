package sipserver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// File is settings that are read from a file, and again when it has changed. A change
// that has mistakes changes nothing. It is safe for concurrent use.
type File struct {
	path string

	mu      sync.Mutex
	data    []byte
	set     *Settings
	trouble error
}

// Open reads the file. The error is [Problems], or that of the file.
func Open(path string) (*File, error) {
	f := &File{path: path}
	if f.Settings(); f.set == nil {
		return nil, f.trouble
	}
	return f, nil
}

// Settings gives those in force.
func (f *File) Settings() *Settings {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := readFile(f.path)
	if err != nil {
		f.trouble = err
		return f.set
	}
	if f.data != nil && bytes.Equal(data, f.data) {
		return f.set
	}
	f.data = data
	set, err := Parse(data)
	if err != nil {
		f.trouble = err
		return f.set
	}
	f.set, f.trouble = set, nil
	return f.set
}

// Trouble says why the file as it is now is not in force; nil: it is.
func (f *File) Trouble() error {
	f.Settings()
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.trouble
}

func readFile(path string) ([]byte, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, mostBytes+1))
}

// Row writes a terminal for the settings' file. The password is a hash.
func Row(x Terminal) string {
	var b strings.Builder
	b.WriteString("\n[[terminal]]\n")
	text := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s = %s\n", key, tomlText(value))
		}
	}
	text("login", x.Login)
	text("password", x.Password)
	text("desk", string(x.Desk))
	text("institution", x.Institution.ID)
	text("name", x.Name)
	if x.May != nil {
		may := make([]string, len(x.May))
		for i, p := range x.May {
			may[i] = tomlText(string(p))
		}
		fmt.Fprintf(&b, "may = [%s]\n", strings.Join(may, ", "))
	}
	text("charset", x.Charset.String())
	return b.String()
}

// InstitutionRow writes an institution for the settings' file.
func InstitutionRow(i Institution) string {
	return fmt.Sprintf("\n[[institution]]\nid = %s\nlibrary = %s\n", tomlText(i.ID), tomlText(string(i.Library)))
}

// tomlText writes a text in quotes. What cannot be seen is refused by [Parse].
func tomlText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + `"`
}

// ErrNoTerminal says that the settings have no terminal of a login.
var ErrNoTerminal = errors.New("no terminal of this login")

// Remove takes a terminal out of the text of settings that can be read.
func Remove(source []byte, login string) ([]byte, error) {
	s, err := Parse(source)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(s.Terminals, func(x Terminal) bool { return x.Login == login })
	if at < 0 {
		return nil, ErrNoTerminal
	}
	found := findLines(source)
	self := "terminal#" + strconv.Itoa(at+1)
	first, last := found[self], 1<<30
	for path, line := range found {
		if line > first && !strings.HasPrefix(path, self+".") && path != self {
			last = min(last, line)
		}
	}
	var out []byte
	n := 0
	for line := range bytes.Lines(source) {
		if n++; n < first || n >= last {
			out = append(out, line...)
		}
	}
	return out, nil
}
