package replay

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"circdesk/scanner"
)

// Bounds of a script.
const (
	maxFile  = 4 << 20 // bytes
	maxPause = 10 * time.Minute
)

// Step is one line of a script: a pause or a scan.
type Step struct {
	Pause time.Duration // 0: a scan
	Text  string        // as the scanner sends it, an AIM identifier included
}

// Parse reads a script:
//
//	# a card, then two books
//	21112000698132
//	@250ms
//	]F030234000517861
//	\# a code that begins like a comment
//
// A line is a scan, without the white space around it. A line that begins with #
// is a comment, one with @ a pause of at most ten minutes in Go's notation; after
// a backslash all is the scan as it stands, white space and all. Empty lines are
// nothing. The error names the line: a pause that cannot be read, a scan longer
// than [scanner.MaxText], or a script of more than 4 MiB.
func Parse(r io.Reader) ([]Step, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("more than %d bytes", maxFile)
	}
	var steps []Step
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		n++
		step, ok, err := parse(strings.TrimRight(line, "\r\n"))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if ok {
			steps = append(steps, step)
		}
	}
	return steps, nil
}

// parse reads one line; ok is false where it is neither pause nor scan.
func parse(line string) (step Step, ok bool, err error) {
	text := strings.TrimSpace(line)
	switch {
	case text == "", text[0] == '#':
		return Step{}, false, nil
	case text[0] == '@':
		pause, err := time.ParseDuration(text[1:])
		if err != nil || pause <= 0 || pause > maxPause {
			return Step{}, false, fmt.Errorf("%.40q is no pause between 0 and %s", text, maxPause)
		}
		return Step{Pause: pause}, true, nil
	case text[0] == '\\':
		if text = strings.TrimLeft(line, " \t")[1:]; text == "" {
			return Step{}, false, errors.New("no scan behind the backslash")
		}
	}
	if len(text) > scanner.MaxText {
		return Step{}, false, fmt.Errorf("a scan of %d bytes, at most %d", len(text), scanner.MaxText)
	}
	return Step{Text: text}, true, nil
}

// Open returns a player of the script in a file; see [Parse].
func Open(path string) (*Player, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read scans: %w", err) // names the path
	}
	defer f.Close()
	steps, err := Parse(f)
	if err != nil {
		return nil, fmt.Errorf("read scans %s: %w", path, err)
	}
	return &Player{Steps: steps, Source: path}, nil
}
