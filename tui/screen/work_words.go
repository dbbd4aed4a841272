package screen

import (
	"strconv"
	"time"

	"circdesk/desk"
	"circdesk/desk/words"
)

// Age is how long ago an instant was, in whole days.
func (e *Env) Age(since time.Time) string {
	if n := int(e.Now.Sub(since) / (24 * time.Hour)); n > 0 {
		return e.Words.N(words.WorklistDays, n)
	}
	return e.Words.Text(words.WorklistToday)
}

// WorkStep is what is next of a row of the worklist.
func (e *Env) WorkStep(w desk.Work) string {
	return e.Words.WorkStep(string(w.Step), e.Words.LastDay(w.Next, e.Names()))
}

// times is how often it was searched for, or the patron was called; empty for never.
func (e *Env) times(w desk.Work) string {
	if w.Times == 0 {
		return ""
	}
	return e.Words.N(words.WorklistTimes, w.Times)
}

// WorkLine is a row of the worklist in one line.
func (e *Env) WorkLine(w desk.Work) string {
	return e.Words.Text(words.WorklistLine,
		"kind", e.Words.WorkKind(string(w.Kind)), "age", e.Age(w.Since), "title", firstOf(w.Title, w.Barcode), "barcode", w.Barcode,
		"text", w.Text, "name", w.Person, "times", e.times(w), "step", e.WorkStep(w))
}

// numberedParts lists the parts of an item with their numbers; empty for none.
func numberedParts(w *words.Book, it *desk.Item) string {
	if it == nil {
		return ""
	}
	var all []string
	for i, p := range it.Parts {
		all = append(all, strconv.Itoa(i+1)+" "+p)
	}
	return w.List(all...)
}
