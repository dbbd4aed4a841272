package sipwire

import (
	"slices"
	"strings"
)

// Code tells messages apart: two characters, A to Z and 0 to 9.
type Code string

// The messages of the protocol.
const (
	BlockPatron               Code = "01"
	Checkin                   Code = "09"
	CheckinResponse           Code = "10"
	Checkout                  Code = "11"
	CheckoutResponse          Code = "12"
	Hold                      Code = "15"
	HoldResponse              Code = "16"
	ItemInformation           Code = "17"
	ItemInformationResponse   Code = "18"
	ItemStatusUpdate          Code = "19"
	ItemStatusUpdateResponse  Code = "20"
	PatronStatusRequest       Code = "23"
	PatronStatusResponse      Code = "24"
	PatronEnable              Code = "25"
	PatronEnableResponse      Code = "26"
	Renew                     Code = "29"
	RenewResponse             Code = "30"
	EndSession                Code = "35"
	EndSessionResponse        Code = "36"
	FeePaid                   Code = "37"
	FeePaidResponse           Code = "38"
	PatronInformation         Code = "63"
	PatronInformationResponse Code = "64"
	RenewAll                  Code = "65"
	RenewAllResponse          Code = "66"
	Login                     Code = "93"
	LoginResponse             Code = "94"
	RequestTerminalResend     Code = "96" // the system did not understand
	RequestSystemResend       Code = "97" // the terminal did not understand
	SystemStatus              Code = "98"
	TerminalStatus            Code = "99"

	// Of Evergreen's mediator: the end of a session between the two, not of a
	// patron's.
	EndConnection         Code = "XS"
	EndConnectionResponse Code = "XT"
)

// Side is one end of a connection.
type Side int

// The two ends: SIP2 calls them SC and ACS. The terminal asks, the system
// answers and never begins.
const (
	ByTerminal Side = iota + 1
	BySystem
)

// Spec is what the protocol says of one message.
type Spec struct {
	Code   Code
	Name   string // in the protocol's words
	By     Side
	Reply  Code // what a system answers with; "": this is an answer, or has none of its own
	Asks   bool // only asks: a system does the same for one or for two of it
	Header []Slot
	Fields []Use // in the order in which they are written
	width  int
}

// requires reports whether the message always has a field; nil requires none.
func (s *Spec) requires(tag Tag) bool {
	return s != nil && slices.ContainsFunc(s.Fields, func(u Use) bool { return u.Tag == tag && u.Required })
}

// Slot is one fixed part of a header.
type Slot struct {
	Part Part
	Kind Kind
}

// Use is one variable field of a message.
type Use struct {
	Tag      Tag
	Required bool // always there, if need be without a value
	Repeats  bool // as often as there is something to say
}

// Part names a fixed part of a header.
type Part string

// The fixed parts.
const (
	OK                 Part = "ok"
	UIDAlgorithm       Part = "UID algorithm"
	PasswordAlgorithm  Part = "PWD algorithm"
	StatusCode         Part = "status code"
	PrintWidth         Part = "max print width"
	ProtocolVersion    Part = "protocol version"
	Language           Part = "language"
	TransactionDate    Part = "transaction date"
	ReturnDate         Part = "return date"
	NBDueDate          Part = "nb due date"
	WantedSummary      Part = "summary"
	RenewalPolicy      Part = "SC renewal policy"
	NoBlock            Part = "no block" // has happened while the system was away
	ThirdPartyAllowed  Part = "third party allowed"
	HoldMode           Part = "hold mode"
	CardRetained       Part = "card retained"
	FeeTypePart        Part = "fee type"
	PaymentTypePart    Part = "payment type"
	CurrencyPart       Part = "currency type"
	Online             Part = "on-line status"
	CheckinOK          Part = "checkin ok"
	CheckoutOK         Part = "checkout ok"
	RenewalAllowed     Part = "ACS renewal policy"
	StatusUpdateOK     Part = "status update ok"
	OfflineOK          Part = "off-line ok"
	TimeoutPeriod      Part = "timeout period" // tenths of a second
	RetriesAllowed     Part = "retries allowed"
	DateTimeSync       Part = "date/time sync"
	PatronStatusPart   Part = "patron status"
	HoldItems          Part = "hold items count"
	OverdueItems       Part = "overdue items count"
	ChargedItems       Part = "charged items count"
	FineItems          Part = "fine items count"
	RecallItems        Part = "recall items count"
	UnavailableHolds   Part = "unavailable holds count"
	SessionEnded       Part = "end session"
	RenewalOK          Part = "renewal ok"
	MagneticMedia      Part = "magnetic media"
	Desensitize        Part = "desensitize"
	Resensitize        Part = "resensitize"
	Alert              Part = "alert"
	RenewedCount       Part = "renewed count"
	UnrenewedCount     Part = "unrenewed count"
	Available          Part = "available"
	CirculationStatus  Part = "circulation status"
	SecurityMarkerPart Part = "security marker"
	PropertiesOK       Part = "item properties ok"
	PaymentAccepted    Part = "payment accepted"
)

// HeaderWidth is how many bytes the fixed parts have together.
func (s *Spec) HeaderWidth() int { return s.width }

// Takes reports whether the protocol names the field for this message.
func (s *Spec) Takes(t Tag) bool {
	for i := range s.Fields {
		if s.Fields[i].Tag == t {
			return true
		}
	}
	return false
}

// slot returns a part's place in the header. ok is false where the message has
// none.
func (s *Spec) slot(p Part) (at int, k Kind, ok bool) {
	for _, slot := range s.Header {
		if slot.Part == p {
			return at, slot.Kind, true
		}
		at += slot.Kind.Width()
	}
	return 0, 0, false
}

// fits reports whether bytes look like this message's header.
func (s *Spec) fits(header []byte) bool {
	for _, slot := range s.Header {
		n := slot.Kind.Width()
		if len(header) < n || !slot.Kind.looks(header[:n]) {
			return false
		}
		header = header[n:]
	}
	return len(header) == 0
}

// Lookup returns what the protocol says of a message. The Spec is shared and
// not to be changed. ok is false for a message that it does not know.
func Lookup(code Code) (s *Spec, ok bool) {
	s, ok = byCode[string(code)]
	return s, ok
}

// Specs returns all messages that are known, in the order of their codes. They
// are shared and not to be changed.
func Specs() []*Spec {
	all := make([]*Spec, len(messages))
	for i := range messages {
		all[i] = &messages[i]
	}
	return all
}

var byCode = func() map[string]*Spec {
	all := make(map[string]*Spec, len(messages))
	for i := range messages {
		m := &messages[i]
		for _, slot := range m.Header {
			m.width += slot.Kind.Width()
		}
		all[string(m.Code)] = m
	}
	return all
}()

// uses reads a list of fields: ? marks one that may be left out, * one that may
// be left out and repeated.
func uses(list string) []Use {
	var all []Use
	for _, word := range strings.Fields(list) {
		all = append(all, Use{
			Tag:      Tag(strings.TrimRight(word, "?*")),
			Required: len(word) == 2,
			Repeats:  strings.HasSuffix(word, "*"),
		})
	}
	return all
}
