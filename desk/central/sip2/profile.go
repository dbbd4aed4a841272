package sip2

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/text"
)

// When says when a system's status is asked for.
type When int

// The times.
const (
	StatusAfter When = iota // behind the login
	StatusFirst             // before it
	StatusNever
)

// Profile is how one system wants to be spoken to. The zero Profile is the
// protocol's own. It is data: all of it can be set otherwise for one library.
type Profile struct {
	Name string // as settings have it
	For  string // for people

	Form        sipwire.Form
	Detect      bool // with sequence numbers and checksums
	Status      When
	EndsSession bool // it is told that a patron's visit is over (35); some cannot bear it
	Connections int  // at most; zero: 1

	// How long what may take; zero: what the protocol's users found enough. An
	// answer gets at least 12 s: a system that is busy takes a connection and
	// answers the login seconds later.
	Connect, Write, Answer time.Duration
	Retries                int           // how often something is asked for again; zero: 3; negative: never
	Ping                   time.Duration // idle for so long, a connection is kept alive; zero: 45 s; negative: never

	// What the system has no answer to. What its status (BX) denies comes to it.
	Without []sipwire.Code
	// NoBranch: the field AP is sent empty, whatever the settings say.
	NoBranch bool
	// RenewsAll: all that a patron has may be renewed by one message (65), whose answer
	// names what was renewed and what was not by barcodes.
	RenewsAll bool
	// RenewsToDate: a renewal is asked for with the date wished for.
	RenewsToDate bool
	// Fields are where the system writes what the protocol has no field for.
	Fields Fields
	// Layouts are further forms of a due date, of package time: see [sipwire.ReadDue].
	Layouts []string
	// Small talk are beginnings of texts for the screen that say nothing.
	SmallTalk []string
	// Payments are the system's codes for how a fee was paid, by our method; what
	// is not listed is cash.
	Payments map[string]sipwire.PaymentType
}

// Fields are the tags of one system's extensions of patron information; empty: it
// has none for it.
type Fields struct {
	Birth, Expiry, Class, Home, Internet, Internal, Postcode sipwire.Tag
	Expired                                                  sipwire.Tag // Y or N
	// Renewals is where item information says how often a loan was renewed, or an item
	// ever was. No system says so by itself; some can be told to.
	Renewals sipwire.Tag
}

// What times are where a profile does not say.
const (
	connectTime = 10 * time.Second
	writeTime   = 10 * time.Second
	answerTime  = 15 * time.Second
	pingTime    = 45 * time.Second
	resends     = 3
)

func (p Profile) connect() time.Duration { return cmp.Or(p.Connect, connectTime) }
func (p Profile) write() time.Duration   { return cmp.Or(p.Write, writeTime) }
func (p Profile) answer() time.Duration  { return cmp.Or(p.Answer, answerTime) }
func (p Profile) retries() int           { return max(cmp.Or(p.Retries, resends), 0) }
func (p Profile) connections() int       { return max(p.Connections, 1) }

// ping says after how long a connection is kept alive; zero: never.
func (p Profile) ping() time.Duration { return max(cmp.Or(p.Ping, pingTime), 0) }

// Takes reports whether the system is known to have an answer to a message.
func (p Profile) Takes(c sipwire.Code) bool { return !slices.Contains(p.Without, c) }

// Due reads a due date (AH). Where it cannot be read, ok is false and raw is what
// to show.
func (p Profile) Due(m *sipwire.Message, local *time.Location) (due time.Time, raw string, ok bool) {
	b, _ := m.First(sipwire.DueDate)
	due, ok = sipwire.ReadDue(b, local, p.Layouts...)
	return due, text.Clean(p.Form.Text(b), 64), ok
}

// Says returns what a message says for the screen (AF), without what says nothing,
// safe to show.
func (p Profile) Says(m *sipwire.Message) string {
	var all []string
	for _, b := range m.All(sipwire.ScreenMessage) {
		s := strings.TrimSpace(text.Clean(p.Form.Text(b), maxText))
		for _, talk := range p.SmallTalk {
			if rest, ok := strings.CutPrefix(s, talk); ok {
				s = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), "--"))
			}
		}
		if s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return strings.Join(all, "; ")
}
