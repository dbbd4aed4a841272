package screen

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// Env is what every screen may look at. A screen changes nothing in it.
type Env struct {
	Words    *words.Book
	Labels   *label.Rules // nil: only ISBNs are known
	Look     kit.Look
	Caps     kit.KeyCaps
	Key      func(action string) string // the key of an action as it is printed, empty for none; nil: none has one
	Zone     *time.Location             // nil: UTC
	Now      time.Time
	State    desk.State
	Library  func(policy.LibraryID) string                    // a library's name; nil, and empty: its id
	Location func(policy.LibraryID, policy.LocationID) string // a location's name; nil, and empty: its id
	Alone    bool                                             // there is no central system
	Seen     bool                                             // lists are of what was done or seen here
	Card     []string                                         // what a newcomer may try; nil: nothing
	Begun    bool                                             // a visit was open since the program began
}

// KeyOf is the key of an action as it is printed; empty when it has none.
func (e *Env) KeyOf(action string) string {
	if e.Key == nil {
		return ""
	}
	return e.Key(action)
}

// Local says of a list that it is not all that there is; empty: it is.
func (e *Env) Local() string {
	if e.Seen {
		return e.Words.Text(words.ScreensLocal)
	}
	return ""
}

// Names is how ids and dates are said here.
func (e *Env) Names() words.Names {
	return words.Names{Zone: e.Zone, Now: e.Now, Library: e.Library, Location: e.Location}
}

// LibraryName is what a library is called.
func (e *Env) LibraryName(id policy.LibraryID) string {
	if e.Library != nil && id != "" {
		if name := e.Library(id); name != "" {
			return name
		}
	}
	return string(id)
}

// LocationName is what a location of a library is called.
func (e *Env) LocationName(lib policy.LibraryID, id policy.LocationID) string {
	if e.Location != nil && id != "" {
		if name := e.Location(lib, id); name != "" {
			return name
		}
	}
	return string(id)
}

// Due is a due date, short.
func (e *Env) Due(t time.Time) string { return e.Words.Due(t, e.Names()) }

// When is an instant, short.
func (e *Env) When(t time.Time) string { return e.Words.When(t, e.Names()) }

// lately is how long ago an instant is said by its weekday alone.
const lately = 6 * 24 * time.Hour

// Lately is an instant as short as the status line needs it: "15:10", and "Sun
// 15:10" within the last days.
func (e *Env) Lately(t time.Time) string {
	zone := e.Zone
	if zone == nil {
		zone = time.UTC
	}
	day := func(t time.Time) int { return t.In(zone).YearDay() }
	if ago := e.Now.Sub(t); ago >= 0 && ago < lately && day(t) != day(e.Now) {
		return e.Words.Now(t, e.Zone)
	}
	return e.When(t)
}

// Date is a calendar day with its year.
func (e *Env) Date(t time.Time) string { return e.Words.Date(t, e.Zone) }

// LastDay is the last calendar day before an instant: a card that is valid until
// midnight is valid on the day before it.
func (e *Env) LastDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return e.Date(t.Add(-time.Nanosecond))
}

// Hidden tells whether nothing of a patron may be shown.
func (e *Env) Hidden() bool { return e.State.Visit != nil && e.State.Visit.Asleep }

// Patron is the patron of the open visit; nil when there is none or it sleeps.
func (e *Env) Patron() *desk.Patron {
	if e.State.Visit == nil || e.State.Visit.Asleep {
		return nil
	}
	return &e.State.Visit.Patron
}

// NoPatron says why nothing can be done for a patron; empty when one is open.
func (e *Env) NoPatron() string {
	switch {
	case e.State.Operator == "":
		return e.Words.Text(words.RefusalSignInFirst)
	case e.Patron() == nil:
		return e.Words.Text(words.RefusalNoPatron)
	}
	return ""
}

// SignedOut says that nobody is signed in; empty when somebody is.
func (e *Env) SignedOut() string {
	if e.State.Operator == "" {
		return e.Words.Text(words.RefusalSignInFirst)
	}
	return ""
}

// Has tells whether the operator has a right.
func (e *Env) Has(r circ.Right) bool { return slices.Contains(e.State.Rights, r) }

const lineMost = 300 // runes of a text that are looked at: no screen is wider

// Clean makes outside text harmless on one line.
func Clean(s string) string { return text.Clean(s, lineMost) }

// Kind is what a typed or scanned line looks like.
func (e *Env) Kind(line string) label.Kind {
	code, ok := text.Code(line)
	if !ok {
		return label.Unknown
	}
	return e.Labels.Classify(code).Kind
}

// Split takes a scan off the end of a reason that was being typed, when a
// scanner wrote into it: what [Env.Scanned] finds, or the whole when it looks
// like a code of any kind, without blanks and with at least five digits.
func (e *Env) Split(line string) (rest, scan string) {
	if rest, scan = e.Scanned(line); scan != "" {
		return rest, scan
	}
	if end := strings.TrimSpace(line); codeLike(end) {
		return "", end
	}
	return line, ""
}

// Scanned takes off the end of a line what looks like a card or an item of the
// library, the longest that does. Dates, amounts and phone numbers stay.
func (e *Env) Scanned(line string) (rest, scan string) {
	end := strings.TrimRight(line, " ")
	for at := range end {
		code := end[at:]
		if len(code) > text.MaxCode || code[0] == ' ' {
			continue
		}
		if k := e.Kind(code); k == label.Card || k == label.Item {
			return strings.TrimRight(end[:at], " "), code
		}
	}
	return line, ""
}

func codeLike(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			return false
		case unicode.IsDigit(r):
			digits++
		}
	}
	return digits >= 5
}

// Tail is the end of a number, as it stands at the end of a row: "…0017".
func Tail(code string) string {
	code = Clean(code)
	if n := utf8.RuneCountInString(code); n > 5 {
		r := []rune(code)
		return text.Ellipsis + string(r[n-4:])
	}
	return code
}
