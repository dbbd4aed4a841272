package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"charm.land/bubbles/v2/progress"

	"circdesk/desk/load"
	"circdesk/desk/words"
)

// bar is a bar that shows how far a load or a delivery is, where a person can see it.
type bar struct {
	out   io.Writer // nil: nobody sees it
	words *words.Book
	last  time.Time
	drawn bool
}

func newBar(out io.Writer, w *words.Book) *bar {
	b := &bar{words: w}
	if terminal(out) {
		b.out = out
	}
	return b
}

const (
	barWidth = 30
	barEvery = 100 * time.Millisecond
)

// progress draws the bar, a few times a second. Reading is its first half.
func (b *bar) progress(p load.Progress) {
	if b.out == nil || p.Total <= 0 || time.Since(b.last) < barEvery {
		return
	}
	b.last = time.Now()
	done := float64(p.Done) / float64(p.Total) / 2
	if p.Part == load.Putting {
		done += 0.5
	}
	says := strconv.Itoa(int(100*done)) + " %"
	if p.Part == load.Putting {
		says = b.words.List(says, b.words.Text(words.LoadProgress, "done", strconv.FormatInt(p.Done, 10), "all", strconv.FormatInt(p.Total, 10)))
	}
	b.draw(done, says)
}

// draw draws the bar, with what is said beside it.
func (b *bar) draw(done float64, says string) {
	drawn := progress.New(progress.WithWidth(barWidth), progress.WithoutPercentage(), progress.WithFillCharacters('█', '░'))
	drawn.FullColor, drawn.EmptyColor = nil, nil // the terminal's own
	b.drawn = true
	_, _ = fmt.Fprintf(b.out, "\r%s %s\x1b[K", drawn.ViewAs(done), says)
}

// end takes the bar away.
func (b *bar) end() {
	if b.drawn {
		_, _ = fmt.Fprint(b.out, "\r\x1b[K")
	}
}
