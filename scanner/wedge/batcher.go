package wedge

import (
	"strings"
	"time"

	"circdesk/scanner"
)

// Batcher gathers typed and pasted text into scans. Carriage return, line feed,
// tab and the end of a paste close a scan; until then text is only appended, so
// however the bytes are split on their way the scans are the same. A close with
// nothing before it is no scan: so CR LF is one end, and an empty line none.
//
// A scan longer than [scanner.MaxText] comes as one scan that says in Cut how
// much of it is missing.
//
// The zero Batcher is ready. It must not be used by several goroutines at once.
type Batcher struct {
	Prefix string           // left out where a scan begins with it; "": none
	Suffix string           // left out where a scan ends with it; "": none
	Layout string           // [scanner.Setup.Layout]
	Host   string           // [scanner.Setup.Host]
	Mend   bool             // mend what is certain, see [Read]; else a text is as it came
	Source string           // for [scanner.Scan.Source]
	Now    func() time.Time // for [scanner.Scan.At]; nil: the system's clock

	kept []byte // as gathered, at most what a scan may need
	more int    // bytes gathered beyond it
}

// setup is what a scan is made by.
func (b *Batcher) setup() scanner.Setup {
	return scanner.Setup{Name: b.Source, Prefix: b.Prefix, Suffix: b.Suffix, Layout: b.Layout, Host: b.Host}
}

// Type appends typed text, closing keys included, and returns the scans that it
// closed, nil: none.
func (b *Batcher) Type(s string) []scanner.Scan {
	var scans []scanner.Scan
	for {
		i := strings.IndexAny(s, "\r\n\t")
		if i < 0 {
			b.add(s)
			return scans
		}
		b.add(s[:i])
		scans = b.close(scans, ended(s[i]))
		s = s[i+1:]
	}
}

// ended says what a closing character is.
func ended(c byte) scanner.End {
	switch c {
	case '\r':
		return scanner.Enter
	case '\n':
		return scanner.LineFeed
	}
	return scanner.Tab
}

// Paste appends pasted text, closes what is then gathered, and returns all scans
// that this closed, nil: none. Every line and column of it is a scan.
func (b *Batcher) Paste(s string) []scanner.Scan {
	return b.close(b.Type(s), scanner.Paste)
}

// Close closes what is gathered where something other than a key ended it, and
// returns the scan, nil: nothing was gathered.
func (b *Batcher) Close(end scanner.End) []scanner.Scan { return b.close(nil, end) }

// Pending returns what is gathered and not yet closed, for the screen to show;
// of an over-long text the beginning.
func (b *Batcher) Pending() string { return string(b.kept) }

// Take returns what is gathered and not yet closed, as [Batcher.Pending] does,
// and forgets it: for a person who presses Escape.
func (b *Batcher) Take() string {
	s := string(b.kept)
	b.kept, b.more = nil, 0
	return s
}

func (b *Batcher) add(s string) {
	room := min(len(s), b.setup().Room()-len(b.kept))
	b.kept = append(b.kept, s[:room]...)
	b.more += len(s) - room
}

// close appends the gathered scan, if any.
func (b *Batcher) close(scans []scanner.Scan, end scanner.End) []scanner.Scan {
	more := b.more
	text := b.Take()
	if text == "" {
		return scans
	}
	now := b.Now
	if now == nil {
		now = time.Now
	}
	if b.Mend {
		return append(scans, Read(b.setup(), text, more, end, now()))
	}
	return append(scans, b.setup().Scan("", text, more, end, now()))
}
