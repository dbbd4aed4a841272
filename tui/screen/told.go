package screen

import (
	"slices"
	"strings"

	"circdesk/desk"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// SayWord is the word as it is shown: "OUT", or "OUT…" while it is not final.
func (e *Env) SayWord(o desk.Outcome) string {
	w := e.Words.Word(string(o.Word))
	if !o.Final {
		w += text.Ellipsis
	}
	return w
}

// What is what an outcome is about: a title, a person, or what was scanned.
func What(o desk.Outcome) string {
	switch {
	case o.Title != "":
		return o.Title
	case o.Item != nil && o.Item.Titled.Title != "":
		return o.Item.Titled.Title
	case o.Patron != nil && (o.Word == desk.WordPatron || o.Word == desk.WordCard):
		return o.Patron.Name
	case o.Word != desk.WordStop && o.Text != "":
		return o.Text
	case o.Scanned != "":
		return o.Scanned
	}
	return o.Text
}

// Details are what else there is to say of an outcome, the most important
// first: why not; where it goes; when it is due; what the clerk should hear.
func (e *Env) Details(o desk.Outcome) []string {
	var out []string
	add := func(s string) {
		if s = Clean(s); s != "" {
			out = append(out, s)
		}
	}
	if !o.Final {
		add(e.Words.Text(words.BarWait))
		return out
	}
	for _, r := range o.Reasons {
		add(r.Words)
	}
	for _, r := range o.Ask {
		add(r.Words)
	}
	if o.Route != nil {
		add(o.Route.Words)
	}
	switch {
	case o.Due.IsZero():
	case o.Word == desk.WordRenewed:
		add(e.Words.Text(words.CheckOutRenewed, "due", e.Due(o.Due)))
	case o.Word == desk.WordOut || o.Word == desk.WordAgain:
		add(e.Words.Text(words.CheckOutDue, "due", e.Due(o.Due)))
	}
	if o.Word == desk.WordPatron && o.Patron != nil {
		add(inARow(counts(e, o.Patron)))
	}
	if o.Word == desk.WordCard {
		add(e.Words.Text(words.OutcomeCardUnknown))
	}
	if o.Word == desk.WordItem && o.Item != nil {
		add(o.Item.Status)
	}
	for _, r := range o.Tell {
		add(r.Words)
	}
	if len(out) == 0 && o.Text != "" && o.Word != desk.WordUndone && Clean(o.Text) != Clean(What(o)) {
		add(o.Text)
	}
	return out
}

// short is the detail in the column of a list, without what the word says
// already: the due date alone where there is one, for whom and until when on the
// hold shelf, and otherwise the details in a row.
func (e *Env) short(o desk.Outcome) string {
	details := e.Details(o)
	switch {
	case !o.Final || len(details) == 0:
	case o.Word == desk.WordHold && o.Route != nil && o.Route.Person != "":
		until := ""
		if !o.Route.Until.IsZero() {
			until = e.Words.Text(words.CheckInUntil, "until", e.Due(o.Route.Until))
		}
		details[0] = e.Words.List(e.Words.Text(words.CheckInForPerson, "name", o.Route.Person), until)
	case !o.Due.IsZero() && (o.Word == desk.WordOut || o.Word == desk.WordRenewed):
		details[0] = e.Due(o.Due)
	}
	return strings.Join(details, " · ")
}

// Ways are what would lift the reasons of an outcome, each once, as far as there
// is one.
func (e *Env) Ways(o desk.Outcome) []string {
	var ways []string
	for _, r := range o.Reasons {
		if way := Clean(e.Words.Way(r.Remark)); way != "" && !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	return ways
}

// barcode is the number of the item an outcome is about.
func barcode(o desk.Outcome) string {
	if o.Item != nil && o.Item.Barcode != "" {
		return o.Item.Barcode
	}
	return o.Scanned
}
