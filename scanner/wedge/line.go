package wedge

import (
	"strings"
	"time"

	"circdesk/scanner"
)

// patience is how long a text may wait for the key that closes it. A scanner needs
// milliseconds; a text that waits longer would begin the next scan.
const patience = 2 * time.Second

// Line makes scans of the bytes of a serial line, and of the characters of a
// keyboard that only a scanner types on. It is a [scanner.Decoder].
//
// Carriage return, line feed and tab close a scan, and so does the setup's suffix
// if it ends in another control character, such as ETX. A text that nothing has
// closed for two seconds is told as [scanner.Unclosed] and forgotten, or is a scan
// if the setup's Pause says so.
type Line struct {
	setup scanner.Setup
	batch Batcher
	at    time.Time
	idle  time.Duration // since the last byte
}

// NewLine makes a line.
func NewLine(setup scanner.Setup) *Line {
	l := &Line{setup: setup}
	l.batch = Batcher{Prefix: setup.Prefix, Suffix: setup.Suffix, Source: setup.Name, Now: func() time.Time { return l.at }}
	return l
}

// Decode is [scanner.Decoder.Decode].
func (l *Line) Decode(data []byte, at time.Time) scanner.Reading { return l.Type(string(data), at) }

// Type is Decode of a text.
func (l *Line) Type(text string, at time.Time) scanner.Reading {
	l.at, l.idle = at, 0
	r := scanner.Reading{Text: text}
	for stop := l.stop(); stop != ""; {
		before, after, found := strings.Cut(text, stop)
		if !found {
			break
		}
		r.Scans = append(r.Scans, l.batch.Type(before+stop)...)
		r.Scans = append(r.Scans, l.batch.Close(scanner.Whole)...)
		text = after
	}
	r.Scans = append(r.Scans, l.batch.Type(text)...)
	r.More = l.batch.Pending() != ""
	return r
}

// stop is the control character that closes a scan besides the usual ones; "":
// none.
func (l *Line) stop() string {
	if l.setup.Suffix == "" {
		return ""
	}
	last := l.setup.Suffix[len(l.setup.Suffix)-1:]
	if last >= " " || strings.Contains("\r\n\t", last) {
		return ""
	}
	return last
}

// Idle is [scanner.Decoder.Idle].
func (l *Line) Idle(waited time.Duration, at time.Time) scanner.Reading {
	l.at = at
	l.idle += waited
	switch {
	case l.batch.Pending() == "":
		return scanner.Reading{}
	case l.setup.Pause > 0 && l.idle >= l.setup.Pause:
		return scanner.Reading{Scans: l.batch.Close(scanner.Whole)}
	case l.idle >= patience:
		return scanner.Reading{Fault: scanner.Unclosed, Lost: l.batch.Take()}
	}
	return scanner.Reading{}
}

// End is [scanner.Decoder.End].
func (l *Line) End(time.Time) scanner.Reading {
	if l.batch.Pending() == "" {
		return scanner.Reading{}
	}
	return scanner.Reading{Fault: scanner.Torn, Lost: l.batch.Take()}
}
