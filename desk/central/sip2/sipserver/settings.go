package sipserver

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
)

// Settings are what the server's file of SIP2 settings says.
type Settings struct {
	Institutions []Institution // never none
	Terminals    []Terminal
	Bins         []Bin // the first that fits counts
	Media        map[policy.ItemType]sipwire.Media
	Magnetic     []policy.ItemType // of which the strip is handled in another way
	Marker       sipwire.Marker    // what secures items
	PIN          PIN
	Delimiter    byte
	Resend       bool // a message that nobody knows is asked for again; false: passed over
	Limits       Limits
}

// Limits are what a terminal may use up.
type Limits struct {
	Connections int           // at the same time, of all
	EachLogin   int           // at the same time, of one login
	Login       time.Duration // to log in
	Message     time.Duration // from the first byte of a message to its last
	Idle        time.Duration // between two messages
	Bytes       int           // of one message
}

// Institution is what AO names.
type Institution struct {
	ID      string
	Library policy.LibraryID
	Name    string // AM; empty: that of the rules
}

// Terminal is a machine, or several of the same login: a desk of the server's own.
type Terminal struct {
	Login    string
	Password string // an Argon2id hash
	Desk     circ.DeskID
	Institution
	Name     string            // AN; empty: the desk
	Location string            // what CP has to say if anything; empty: whatever it says
	May      []Power           // which requests are carried out
	Rights   []circ.Right      // of its acts
	Yes      []circ.Reason     // the questions that it answers with yes by itself
	Drawer   circ.DrawerID     // for what is paid; empty: none
	Payments map[string]string // payment types of SIP2 → methods of the library
	Hides    []Hidden
	AsksPIN  bool // nothing is done for a patron without the right PIN
	AsksFee  bool // what costs something waits for BO
	Charset  sipwire.Charset
	Ending   string // of its messages
	Strict   bool   // a message without number and checksum is asked for again
	DueAs    DueAs
}

// Power is what a terminal may do.
type Power string

// The powers.
const (
	MayCheckOut Power = "check_out"
	MayCheckIn  Power = "check_in"
	MayRenew    Power = "renew"
	MayPatron   Power = "patron"   // ask about patrons
	MayItem     Power = "item"     // ask about items
	MayRequest  Power = "request"  // place, change and cancel
	MayPay      Power = "pay"      //
	MayBlock    Power = "block"    // keep a patron from borrowing
	MayEnable   Power = "enable"   // lift the blocks of machines
	MayUpdate   Power = "update"   // say what an item is like
	MayOffline  Power = "off_line" // tell what has happened while the server was away
)

var powers = byName(MayCheckOut, MayCheckIn, MayRenew, MayPatron, MayItem, MayRequest, MayPay, MayBlock, MayEnable, MayUpdate, MayOffline)

// Hidden is what of a person a terminal does not hear.
type Hidden string

// What can be hidden.
const (
	HideName     Hidden = "name"
	HideAddress  Hidden = "address"
	HideEmail    Hidden = "email"
	HidePhone    Hidden = "phone"
	HideBirth    Hidden = "birth"
	HideGroup    Hidden = "group"
	HideHome     Hidden = "home"
	HideExpiry   Hidden = "expiry"
	HideBorrower Hidden = "borrower" // of an item that was taken back
	HideHolder   Hidden = "holder"   // for whom an item is kept
)

var hidden = byName(HideName, HideAddress, HideEmail, HidePhone, HideBirth, HideGroup, HideHome, HideExpiry, HideBorrower, HideHolder)

var rights = byName(circ.RightCirculate, circ.RightOverride, circ.RightMoney, circ.RightManager)

// yeses are the questions that a library may have a machine answer with yes.
var yeses = byName(circ.AllThere, circ.RequestedBy, circ.NotFromHere, circ.CardExpired, circ.TooManyLoans, circ.TooManyOverdue, circ.IsLongOverdue,
	circ.OwesTooMuch, circ.NotForLoan, circ.OnLoanToSame, circ.OnLoanToOther, circ.RenewalsUsed, circ.RecalledNow, circ.TooManyAsked, circ.NoGuarantor)

// Powers gives all that a terminal may do, in the order of the alphabet.
func Powers() []string { return slices.Sorted(maps.Keys(powers)) }

// UsualPowers gives those of a terminal of which the settings say nothing.
func UsualPowers() []string {
	all := make([]string, len(usualPowers))
	for i, p := range usualPowers {
		all[i] = string(p)
	}
	return all
}

func byName[S ~string](all ...S) map[string]S {
	m := make(map[string]S, len(all))
	for _, s := range all {
		m[string(s)] = s
	}
	return m
}

// DueAs says how a due date is written.
type DueAs string

// The ways.
const (
	DueSIP2  DueAs = "sip2"  // 20261130    235900
	DueISO   DueAs = "iso"   // 2026-11-30 23:59:00
	DueWords DueAs = "words" // as people read it
)

// PIN says what a patron's PIN is. The zero PIN is none: what is sent is not looked at.
type PIN struct {
	Birth  string // the layout of package time of the birth date
	Phone  int    // so many of the last digits of the phone number
	Stored bool   // what was set for each
}

func (p PIN) none() bool { return p == PIN{} }

// birthLayouts are how a birth date can be a PIN.
var birthLayouts = map[string]string{
	"DDMMYYYY": "02012006", "MMDDYYYY": "01022006", "YYYYMMDD": "20060102", "DDMM": "0201", "MMDD": "0102", "YYYY": "2006",
}

// Bin is a sort bin. What is empty fits everything.
type Bin struct {
	Bin      string
	Route    circ.RouteKind
	Library  policy.LibraryID
	Location policy.LocationID
}

// Bounds of the settings.
const (
	mostBytes     = 1 << 20
	mostTerminals = 1000
	mostRows      = 1000
)

// Parse reads settings. The error is [Problems]: all that is wrong, each with its line.
func Parse(source []byte) (*Settings, error) {
	if len(source) > mostBytes || !utf8.Valid(source) {
		return nil, Problems{{Text: fmt.Sprintf("more than %d bytes, or no UTF-8", mostBytes)}}
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	var root map[string]any
	if err := toml.Unmarshal(source, &root); err != nil {
		p := policy.Problem{Text: "not TOML: " + quote(strings.TrimPrefix(err.Error(), "toml: "))}
		if at, ok := errors.AsType[*toml.DecodeError](err); ok {
			p.Line, _ = at.Position()
		}
		return nil, Problems{p}
	}
	d := &document{lines: findLines(source)}
	s := readSettings(&table{d, "", "", root})
	if len(d.problems) > 0 {
		slices.SortStableFunc(d.problems, func(a, b policy.Problem) int { return a.Line - b.Line })
		return nil, d.problems
	}
	return s, nil
}

func readSettings(t *table) *Settings {
	s := &Settings{Delimiter: sipwire.Delimiter}
	s.Resend = one(t, "unknown_messages", map[string]bool{"resend": true, "ignore": false}, true)
	if c, said := t.text("delimiter"); said {
		if len(c) != 1 || (sipwire.Form{Delimiter: c[0]}).Check() != nil {
			t.bad("delimiter", "want one character that stands in no header and no amount, as in \"|\"")
		} else {
			s.Delimiter = c[0]
		}
	}
	s.Marker = one(t, "security", map[string]sipwire.Marker{
		"other": sipwire.MarkerOther, "none": sipwire.MarkerNone, "tattle_tape": sipwire.MarkerTattleTape, "whisper_tape": sipwire.MarkerWhisperTape,
	}, sipwire.MarkerOther)
	magnetic, _ := t.list("magnetic")
	for _, m := range magnetic {
		s.Magnetic = append(s.Magnetic, policy.ItemType(m))
	}
	s.PIN = readPIN(t)
	s.Limits = readLimits(t.table("limits"))
	s.Media = readMedia(t.table("media"))
	for _, row := range t.tables("institution", mostRows) {
		s.readInstitution(row)
	}
	if len(s.Institutions) == 0 {
		t.bad("", "no [[institution]]: what a terminal calls the library (AO)")
	}
	for _, row := range t.tables("bin", mostRows) {
		s.readBin(row)
	}
	for _, row := range t.tables("terminal", mostTerminals) {
		s.readTerminal(row)
	}
	t.done()
	return s
}

func readPIN(t *table) (p PIN) {
	said, ok := t.text("pin")
	if !ok {
		return p
	}
	kind, how, _ := strings.Cut(said, " ")
	switch {
	case said == "none":
	case said == "stored":
		p.Stored = true
	case kind == "birth" && birthLayouts[how] != "":
		p.Birth = birthLayouts[how]
	case kind == "phone" && len(how) == 1 && how >= "4" && how <= "8":
		p.Phone = int(how[0] - '0')
	default:
		t.bad("pin", "want none, stored, phone 4 (to 8), or birth and one of %s", names(birthLayouts))
	}
	return p
}

func readLimits(t *table) Limits {
	l := Limits{
		Connections: t.number("connections", 1, 10_000, 200),
		EachLogin:   t.number("connections_of_login", 1, 10_000, 20),
		Login:       t.duration("login", time.Second, time.Hour, time.Minute),
		Message:     t.duration("message", time.Second, 10*time.Minute, 30*time.Second),
		Idle:        t.duration("idle", 10*time.Second, 24*time.Hour, 20*time.Minute),
		Bytes:       t.number("bytes", 256, sipwire.MaxMessage, 8<<10),
	}
	t.done()
	return l
}

var mediaDigits = regexp.MustCompile(`^[0-9]{3}$`)

func readMedia(t *table) map[policy.ItemType]sipwire.Media {
	all := map[policy.ItemType]sipwire.Media{"book": sipwire.MediaBook}
	for typ := range t.left {
		code, said := t.text(typ)
		if said && !mediaDigits.MatchString(code) {
			t.bad(typ, "%s is no media type of three digits, as in \"001\" for a book", quote(code))
		} else if said {
			all[policy.ItemType(typ)] = sipwire.Media(code)
		}
	}
	return all
}

func (s *Settings) readInstitution(t *table) {
	i := Institution{ID: t.needs("id"), Library: policy.LibraryID(t.needs("library"))}
	i.Name, _ = t.text("name")
	if i.ID != "" && slices.ContainsFunc(s.Institutions, func(o Institution) bool { return o.ID == i.ID }) {
		t.bad("id", "%s is that of another institution", quote(i.ID))
	}
	if strings.ContainsRune(i.ID, rune(s.Delimiter)) {
		t.bad("id", "has the delimiter in it")
	}
	s.Institutions = append(s.Institutions, i)
	t.done()
}

// needs reads a text that has to be there.
func (t *table) needs(key string) string {
	_, there := t.left[key]
	s, _ := t.text(key)
	switch {
	case !there:
		t.bad("", "%s is missing", key)
	case s == "" && t.fine(key):
		t.bad(key, "is empty")
	}
	return s
}

// fine reports whether nothing is said against a key yet.
func (t *table) fine(key string) bool {
	return !slices.ContainsFunc(t.doc.problems, func(p policy.Problem) bool { return p.Row == t.name && strings.HasPrefix(p.Text, key+":") })
}

var routes = byName(circ.ToShelf, circ.ToHoldShelf, circ.ToTransit, circ.ToDesk, circ.ToStaff)

func (s *Settings) readBin(t *table) {
	b := Bin{Bin: t.needs("bin"), Route: one(t, "route", routes, "")}
	lib, _ := t.text("library")
	loc, _ := t.text("location")
	b.Library, b.Location = policy.LibraryID(lib), policy.LocationID(loc)
	s.Bins = append(s.Bins, b)
	t.done()
}

// usual are the powers and rights of a terminal of which nothing else is said.
var (
	usualPowers = []Power{MayCheckOut, MayCheckIn, MayRenew, MayPatron, MayItem, MayRequest}
	usualRights = []circ.Right{circ.RightCirculate}
)

func (s *Settings) readTerminal(t *table) {
	x := Terminal{Login: t.needs("login"), Password: t.needs("password")}
	if x.Password != "" && operator.CheckHash(x.Password) != nil {
		t.bad("password", "is not hashed: write the terminal with 'circdesk terminals add'")
	}
	x.Name, _ = t.text("name")
	x.Location, _ = t.text("location")
	x.May = some(t, "may", powers, usualPowers)
	x.Rights = some(t, "rights", rights, usualRights)
	x.Yes = some(t, "yes", yeses, nil)
	x.Hides = some(t, "hides", hidden, nil)
	x.AsksPIN, x.AsksFee, x.Strict = t.flag("pin_needed"), t.flag("fee_needs_yes"), t.flag("strict")
	if x.AsksPIN && s.PIN.none() {
		t.bad("pin_needed", "the settings do not say what a patron's pin is")
	}
	x.DueAs = one(t, "due", byName(DueSIP2, DueISO, DueWords), DueSIP2)
	x.Ending = one(t, "ending", map[string]string{"CR": "\r", "CRLF": "\r\n", "LF": "\n"}, "\r")
	if name, said := t.text("charset"); said {
		c, err := sipwire.ReadCharset(name)
		if err != nil {
			t.bad("charset", "%s is not one of cp850, ascii, latin1, utf8", quote(name))
		}
		x.Charset = c
	}
	s.readPlace(t, &x)
	s.readPayments(t, &x)
	same := func(o Terminal) bool { return o.Login == x.Login }
	if x.Login != "" && slices.ContainsFunc(s.Terminals, same) {
		t.bad("login", "%s is that of another terminal", quote(x.Login))
	}
	if slices.ContainsFunc(s.Terminals, func(o Terminal) bool { return o.Desk == x.Desk }) && t.fine("login") {
		t.bad("desk", "%s is that of another terminal", quote(string(x.Desk)))
	}
	s.Terminals = append(s.Terminals, x)
	t.done()
}

var deskName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$`)

// readPlace reads where a terminal stands: its desk and its institution.
func (s *Settings) readPlace(t *table, x *Terminal) {
	desk, said := t.text("desk")
	if said && !deskName.MatchString(desk) {
		t.bad("desk", "%s is no name of letters, digits, - and _", quote(desk))
	}
	if !said {
		desk = "sip2-" + strings.Map(func(r rune) rune {
			if deskName.MatchString(string(r)) || r == '-' || r == '_' {
				return r
			}
			return '-'
		}, x.Login)
	}
	x.Desk = circ.DeskID(desk)
	id, said := t.text("institution")
	switch i := slices.IndexFunc(s.Institutions, func(i Institution) bool { return i.ID == id }); {
	case i >= 0:
		x.Institution = s.Institutions[i]
	case said:
		t.bad("institution", "%s is no [[institution]] of these settings", quote(id))
	case len(s.Institutions) > 1:
		t.bad("", "institution is missing: there are several")
	case len(s.Institutions) == 1:
		x.Institution = s.Institutions[0]
	}
}

var paymentDigits = regexp.MustCompile(`^[0-9]{2}$`)

func (s *Settings) readPayments(t *table, x *Terminal) {
	if name, said := t.text("drawer"); said {
		d, ok := circ.NewDrawerID(x.Library, name)
		if !ok {
			t.bad("drawer", "%s is no name of letters, digits, - and _", quote(name))
		}
		x.Drawer = d
	}
	x.Payments = map[string]string{string(sipwire.PaidCash): "cash", string(sipwire.PaidVISA): "card", string(sipwire.PaidCreditCard): "card"}
	p := t.table("payments")
	p.name = t.name
	for code := range p.left {
		method, said := p.text(code)
		if said && !paymentDigits.MatchString(code) {
			p.bad(code, "is no payment type of two digits, as in \"00\"")
		} else if said {
			x.Payments[code] = method
		}
	}
}

// May reports whether the terminal has a power.
func (x *Terminal) may(p Power) bool { return slices.Contains(x.May, p) }

func (x *Terminal) hides(h Hidden) bool { return slices.Contains(x.Hides, h) }

// terminal gives the terminal of a login, nil: there is none.
func (s *Settings) terminal(login string) *Terminal {
	for i := range s.Terminals {
		if s.Terminals[i].Login == login {
			return &s.Terminals[i]
		}
	}
	return nil
}

// code gives how terminals call a library: its institution, or its own id.
func (s *Settings) code(lib policy.LibraryID) string {
	for _, i := range s.Institutions {
		if i.Library == lib {
			return i.ID
		}
	}
	return string(lib)
}

// library gives the library that a terminal calls so.
func (s *Settings) library(code string) policy.LibraryID {
	for _, i := range s.Institutions {
		if i.ID == code {
			return i.Library
		}
	}
	return policy.LibraryID(code)
}
