package main

import (
	"fmt"
	"strconv"

	"circdesk/desk/uplink"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// firstCopy is the line that says how far the first copy is: it is put together at the
// central server, comes, and is written. A part of which nobody knows how much there is
// has no total; the zero value is no line.
func firstCopy(w *words.Book, f uplink.Filling) kit.Progress {
	mb := func(bytes int64) string { return strconv.FormatInt((bytes+500_000)/1_000_000, 10) }
	switch {
	case f == (uplink.Filling{}):
		return kit.Progress{}
	case f.Making > 0:
		return kit.Progress{Label: w.Text(words.BarFirstCopyMaking), Done: int64(f.Making)}
	case f.All > 0 && f.Came == f.All:
		return kit.Progress{Label: w.Text(words.BarFirstCopyWriting), Done: int64(f.Kept), Total: int64(f.All)}
	case f.All > 0 && f.AllBytes > 0: // rows come with their segment, bytes before
		rows := max(int64(f.Came), int64(float64(f.All)*float64(f.Bytes)/float64(f.AllBytes)))
		return kit.Progress{Label: w.Text(words.BarFirstCopyBytes, "done", mb(f.Bytes), "all", mb(f.AllBytes)), Done: rows, Total: int64(f.All)}
	}
	return kit.Progress{Label: w.Text(words.BarFirstCopy), Done: int64(max(f.Came, f.Kept)), Total: int64(f.All)}
}

// noteFirstCopy says beside the outcomes how far the first copy is: each part when it
// begins, and each tenth of it.
func (p *program) noteFirstCopy() func(uplink.Filling) {
	part, tenth := 0, -1
	return func(f uplink.Filling) {
		now, all := 0, f.All > 0 && f.Came == f.All
		switch {
		case f == (uplink.Filling{}):
			part, tenth = 0, -1
			return
		case f.Making > 0:
			now = 1
		case all:
			now = 3
		default:
			now = 2
		}
		far := firstCopy(p.words, f)
		if now == part && (far.Total == 0 || far.Percent()/10 == tenth) {
			return
		}
		part, tenth = now, far.Percent()/10
		p.note(sayProgress(far))
	}
}

// sayProgress is progress as one line of text.
func sayProgress(p kit.Progress) string {
	if p.Total <= 0 {
		return fmt.Sprintf("%s, %d", p.Label, p.Done)
	}
	return fmt.Sprintf("%s, %d/%d, %d %%", p.Label, p.Done, p.Total, p.Percent())
}
