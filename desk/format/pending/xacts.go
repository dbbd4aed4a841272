package pending

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"circdesk/desk/circ"
)

// xacts is Evergreen's pending.xacts (offline.js, offline.pl): an object of JSON a
// line. One that is not valid stops the whole session, raw UTF-8 is read as Latin-1,
// and of uses no more than 99 are taken in one, so what is written is ASCII, and read
// again. Evergreen gives a key that it does not know back with its exceptions: uuid is
// the entry of our journal.
var xacts = Format{
	Name: "xacts", Ext: ".xacts", clock: true, due: true, back: true,
	fits: func(to Target, t Transaction) Why {
		switch {
		case !t.Kind.anyOf(Loan, Renewal, Return, InHouseUse, Registration):
			return NoSuchThing
		case t.Kind.anyOf(Loan, Renewal) && t.Due.IsZero():
			return NoDueDate
		case t.Kind == Registration && (to.Profile <= 0 || to.HomeOrg <= 0):
			return NoProfile
		case t.Kind == InHouseUse && (t.Count < 1 || t.Count > xactsMost):
			return NoSuchThing
		}
		return codes(t, 0, 0, "")
	},
	says: func(t Transaction) Transaction {
		is := Transaction{Entry: t.Entry, Kind: t.Kind, Card: t.Card, Barcode: t.Barcode}
		switch t.Kind {
		case Return:
			is.Card = ""
		case InHouseUse:
			is.Card, is.Count = "", t.Count
		case Registration:
			is.Barcode, is.Person = "", t.Person
			is.Person.Language = "" // Evergreen's form has none
		}
		return is
	},
	write: writeXacts,
	Read:  readXacts,
}

const (
	xactsMost = 99
	xactsTime = "2006-01-02T15:04:05.000Z"
)

// backOf gives when an item came back.
func backOf(t Transaction) time.Time {
	if t.Back.IsZero() {
		return t.At
	}
	return t.Back
}

// xact is a line. Its fields are in the order in which offline.js writes them.
type xact struct {
	Timestamp int64     `json:"timestamp"` // seconds
	Type      string    `json:"type"`
	Delta     int       `json:"delta"`
	Patron    string    `json:"patron_barcode,omitempty"`
	Barcode   string    `json:"barcode,omitempty"`
	Due       string    `json:"due_date,omitempty"`
	Out       string    `json:"checkout_time,omitempty"`
	Back      string    `json:"backdate,omitempty"`
	Count     int       `json:"count,omitempty"`
	User      *xactUser `json:"user,omitempty"`
	UUID      string    `json:"uuid,omitempty"`
	NonCat    int       `json:"noncat,omitempty"` // of another tool: without a barcode
}

type xactUser struct {
	Given    string       `json:"first_given_name"`
	Family   string       `json:"family_name"`
	Birth    string       `json:"dob,omitempty"`
	Secret   string       `json:"passwd"`
	Profile  int          `json:"profile"`
	Home     int          `json:"home_ou"`
	Ident    int          `json:"ident_type"`
	Phone    string       `json:"day_phone,omitempty"`
	Email    string       `json:"email,omitempty"`
	Card     xactCard     `json:"card"`
	Billing  *xactAddress `json:"billing_address,omitempty"`
	Mailing  *xactAddress `json:"mailing_address,omitempty"`
	All      []string     `json:"addresses"`
	Surveyed []string     `json:"survey_responses"`
}

type xactCard struct {
	Barcode string `json:"barcode"`
}

type xactAddress struct {
	Street string `json:"street1"`
	City   string `json:"city"`
	Code   string `json:"post_code"`
}

var xactTypes = map[Kind]string{Loan: "checkout", Renewal: "renew", Return: "checkin", InHouseUse: "in_house_use", Registration: "register"}

func writeXacts(to Target, all []Transaction) []byte {
	var b bytes.Buffer
	clock := func(t time.Time) string { return t.UTC().Format(xactsTime) }
	for _, t := range all {
		x := xact{Timestamp: t.At.Unix(), Type: xactTypes[t.Kind], UUID: string(t.Entry)}
		switch t.Kind {
		case Loan, Renewal:
			x.Patron, x.Barcode, x.Due, x.Out = t.Card, t.Barcode, clock(t.Due), clock(t.At.Truncate(time.Second))
		case Return:
			x.Barcode, x.Back = t.Barcode, clock(backOf(t))
		case InHouseUse:
			x.Barcode, x.Count = t.Barcode, t.Count
		case Registration:
			x.User = xactUserOf(to, t)
		}
		line, err := json.Marshal(x)
		if err != nil { // there is nothing in it that could not be written
			continue
		}
		b.Write(ascii(line))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func xactUserOf(to Target, t Transaction) *xactUser {
	p := t.Person
	u := &xactUser{
		Given: p.Given, Family: p.Family, Birth: p.Birth, Secret: p.Secret, Profile: to.Profile, Home: to.HomeOrg, Ident: 1,
		Phone: p.Phone, Email: p.Email, Card: xactCard{t.Card}, All: []string{}, Surveyed: []string{},
	}
	if at := (xactAddress{p.Street, p.City, p.Postcode}); at != (xactAddress{}) {
		u.Billing, u.Mailing = &at, &at
	}
	return u
}

// ascii writes what is not ASCII as escapes.
func ascii(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r < utf8.RuneSelf:
			out = append(out, text[0])
		case r > 0xffff:
			a, b := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, a, b)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[n:]
	}
	return out
}

func readXacts(file []byte, _ Target) (all []Transaction, problems []Problem) {
	for i, line := range lines(file) {
		if line == "" {
			continue
		}
		t, why := readXact([]byte(line))
		if why != "" {
			problems = append(problems, Problem{i + 1, why})
			continue
		}
		t.Line = i + 1
		all = append(all, t)
	}
	return all, problems
}

func readXact(line []byte) (t Transaction, why string) {
	var x xact
	if err := json.Unmarshal(line, &x); err != nil {
		return t, "is no JSON that could be read"
	}
	for kind, name := range xactTypes {
		if name == x.Type {
			t.Kind = kind
		}
	}
	switch {
	case t.Kind == "":
		return t, fmt.Sprintf("%q is no type", cut(x.Type))
	case x.NonCat != 0:
		return t, "is of something without a barcode"
	case x.Timestamp < 0 || x.Timestamp > 253402300799: // year 9999
		return t, "has no time"
	}
	t.Entry, t.At = circ.EntryID(x.UUID), time.Unix(x.Timestamp, 0).UTC()
	t.Card, t.Barcode, t.Count = x.Patron, x.Barcode, x.Count
	if x.User != nil {
		u := x.User
		t.Card = u.Card.Barcode
		t.Person = Person{Family: u.Family, Given: u.Given, Birth: u.Birth, Phone: u.Phone, Email: u.Email, Secret: u.Secret}
		if a := u.Billing; a != nil {
			t.Person.Street, t.Person.City, t.Person.Postcode = a.Street, a.City, a.Code
		}
	}
	for at, s := range map[*time.Time]string{&t.Due: x.Due, &t.Back: x.Back} {
		if s == "" {
			continue
		}
		when, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return t, fmt.Sprintf("%q is no time", cut(s))
		}
		*at = when.UTC()
	}
	switch missing := codes(t, 0, 0, ""); {
	case missing == NoCard || missing == NoBarcode:
		return t, "names no patron or no item"
	case t.Kind == Registration && x.User == nil:
		return t, "registers nobody"
	}
	return t, ""
}
