package probe

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"circdesk/desk/central/sip2"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/text"
)

// Sign is something by which a system is told from others. They stand in JSON
// and are never renamed.
type Sign string

// The signs.
const (
	SaysName       Sign = "says_its_name"
	EndsCRLF       Sign = "ends_lines_with_crlf"
	NameFirst      Sign = "patron_status_begins_with_the_name"
	PasswordAlways Sign = "judges_a_password_that_was_not_sent"
	Decomposed     Sign = "accents_behind_their_letters"
	Entities       Sign = "delimiters_as_entities"
	DropsStrangers Sign = "hangs_up_before_login"
	StatusFirst    Sign = "status_before_login"
	NumbersResend  Sign = "numbers_what_it_says_again"
	WantsChecksum  Sign = "wants_checksums"
	NoSums         Sign = "answers_without_checksums"
	PlainErrors    Sign = "errors_as_plain_text"
	PALSFields     Sign = "fields_of_sipserver"
	PolarisFields  Sign = "fields_of_polaris"
	StatusOK       Sign = "says_patron_status_is_ok"
	VersionField   Sign = "field_vn"
	AlmaCode       Sign = "institution_code_of_alma"
	AO             Sign = "institution_is_a_number"
)

// traits say how much a sign speaks for a profile.
var traits = []struct {
	profile string
	sign    Sign
	points  int
}{
	{"koha", EndsCRLF, 2}, {"koha", NameFirst, 3}, {"koha", PasswordAlways, 3}, {"koha", NumbersResend, 1}, {"koha", PALSFields, 1},
	{"evergreen", Decomposed, 3}, {"evergreen", Entities, 3}, {"evergreen", DropsStrangers, 1}, {"evergreen", NumbersResend, 1},
	{"evergreen", PALSFields, 1}, {"evergreen", NoSums, 2},
	{"folio", WantsChecksum, 3}, {"folio", PlainErrors, 3},
	{"alma", AlmaCode, 4},
	{"polaris", StatusOK, 4}, {"polaris", PolarisFields, 3}, {"polaris", AO, 1},
	{"symphony", VersionField, 4},
}

// names are words by which systems call themselves, in small letters.
var names = []struct{ profile, word string }{
	{"koha", "koha"}, {"evergreen", "evergreen"}, {"folio", "folio"}, {"alma", "alma"}, {"sierra", "sierra"}, {"sierra", "millennium"},
	{"polaris", "polaris"}, {"symphony", "symphony"}, {"symphony", "sirsi"}, {"tlc", "library.solution"},
}

const namePoints = 5

// enough is how many points it takes to be more than the plain profile.
const enough = 3

func (p *probe) sign(yes bool, s Sign) {
	if yes {
		p.signs[s] = true
	}
}

// almaCode is how Alma names an institution: 01MY_INST.
var almaCode = regexp.MustCompile(`^\d\d[A-Z0-9]+_[A-Z0-9]+$`)

// lookStatus looks at a 98.
func (p *probe) lookStatus(m *sipwire.Message) {
	_, vn := m.First("VN")
	p.sign(vn, VersionField)
	ao := p.report.Institution
	p.sign(almaCode.MatchString(ao), AlmaCode)
	p.sign(ao != "" && strings.Trim(ao, "0123456789") == "", AO)
	p.sign(!p.report.Sums, NoSums)
}

// look looks at what came of a message.
func (p *probe) look(code sipwire.Code, how Manner, a answer) {
	p.sign(a.result == Plain, PlainErrors)
	p.sign(how == NoChecksum && a.result == Again, WantsChecksum)
	m := &a.message
	_, numbered := m.Number()
	p.sign(code == sipwire.RequestSystemResend && numbered, NumbersResend)
	if a.result != Answered {
		return
	}
	switch code {
	case sipwire.PatronStatusRequest:
		_, judged := m.First(sipwire.ValidPassword)
		p.sign(judged, PasswordAlways)
		p.sign(len(m.Fields) > 0 && m.Fields[0].Tag == sipwire.PersonalName, NameFirst)
		p.sign(strings.Contains(sipwire.Form{}.First(m, sipwire.ScreenMessage), "Patron status is ok"), StatusOK)
	case sipwire.PatronInformation:
		p.sign(hasAny(m, "PB", "PC", "PI", "XI"), PALSFields)
		p.sign(hasAny(m, "PX", "PY", "BC", "PZ"), PolarisFields)
	case sipwire.ItemInformation:
		p.lookItem(m)
	}
}

func hasAny(m *sipwire.Message, tags ...sipwire.Tag) bool {
	return slices.ContainsFunc(tags, func(t sipwire.Tag) bool { _, ok := m.First(t); return ok })
}

// lookItem looks at how a due date is written.
func (p *probe) lookItem(m *sipwire.Message) {
	due, _ := m.First(sipwire.DueDate)
	if due = bytes.TrimSpace(due); len(due) == 0 {
		return
	}
	p.report.DueText = text.Clean(string(due), 40)
	p.report.DueLayout = layoutOf(string(due))
	_, p.report.DueKnown = sipwire.ReadDue(due, p.Zone, p.report.DueLayout)
}

// slashes is a date that begins with a day and a month, or with a month and a day.
var slashes = regexp.MustCompile(`^(\d\d)/(\d\d)/\d{4}( \d\d:\d\d(:\d\d)?)?$`)

// layoutOf gives the layout, as package time has it, of a date with slashes; "": it is
// none, or it cannot be told whether day or month comes first.
func layoutOf(due string) string {
	at := slashes.FindStringSubmatch(due)
	if at == nil {
		return ""
	}
	behind := ""
	if at[3] != "" {
		behind = " 15:04"
	}
	if at[4] != "" {
		behind += ":05"
	}
	switch {
	case at[1] > "12":
		return "02/01/2006" + behind
	case at[2] > "12":
		return "01/02/2006" + behind
	}
	return ""
}

// conclude makes a report of what was seen.
func (p *probe) conclude() {
	r := &p.report
	p.charset()
	p.sign(r.Terminator == "\r\n", EndsCRLF)
	p.sign(r.Accents, Decomposed)
	p.sign(r.Pipes, Entities)
	if all := r.took(); len(all) > 0 {
		r.Median, r.Slowest = all[len(all)/2], all[len(all)-1]
	}
	r.WantsLogin = p.User == "" && !slices.ContainsFunc(r.Tried, func(t Tried) bool { return t.Code != sipwire.TerminalStatus && t.Result == Answered })
	r.Fits = p.fits()
	r.Profile = p.profile(r.Fits[0].Profile)
}

// fits weighs the signs.
func (p *probe) fits() []Fit {
	by := make(map[string]*Fit)
	add := func(profile string, points int, why Sign) {
		f := by[profile]
		if f == nil {
			f = &Fit{Profile: profile}
			by[profile] = f
		}
		f.Points += points
		f.Why = append(f.Why, why)
	}
	for _, n := range names {
		if p.says(n.word) {
			add(n.profile, namePoints, SaysName)
		}
	}
	for _, t := range traits {
		if p.signs[t.sign] {
			add(t.profile, t.points, t.sign)
		}
	}
	var all []Fit
	for _, f := range by {
		if f.Points >= enough {
			all = append(all, *f)
		}
	}
	slices.SortFunc(all, func(a, b Fit) int { return cmp.Or(b.Points-a.Points, strings.Compare(a.Profile, b.Profile)) })
	return append(all, Fit{Profile: "plain"})
}

// says reports whether a system names itself in what it says on its own account:
// texts for the screen, the library's name, a line of plain text.
func (p *probe) says(word string) bool {
	for _, b := range p.raw {
		m, err := sipwire.Parse(b, 0)
		if err != nil || m.Spec() == nil {
			continue
		}
		for _, f := range m.Fields {
			switch f.Tag {
			case sipwire.ScreenMessage, sipwire.PrintLine, sipwire.LibraryName, sipwire.TerminalLocation, "VN":
				if strings.Contains(strings.ToLower(string(f.Value)), word) {
					return true
				}
			}
		}
	}
	return false
}

// charset finds the character set: by the patron's name where it is given, else by
// the bytes beyond ASCII of all that came.
func (p *probe) charset() {
	r := &p.report
	all := bytes.Join(p.raw, []byte{'\n'})
	r.Pipes = bytes.Contains(all, []byte("&#124;"))
	r.Charset = sipwire.ASCII
	if !bytes.ContainsFunc(all, func(c rune) bool { return c >= 0x80 }) {
		return
	}
	sets := []sipwire.Charset{sipwire.UTF8, sipwire.CP850, sipwire.Latin1}
	if utf := string(all); strings.ToValidUTF8(utf, "") == utf {
		r.Charset, r.Sure = sipwire.UTF8, true
		r.Accents = !norm.NFC.IsNormalString(utf)
		return
	}
	best := -1
	for _, set := range sets[1:] {
		decoded := set.Decode(all)
		n := letters(decoded)
		if name := norm.NFC.String(p.Name); name != "" && strings.Contains(decoded, name) && !ascii(name) {
			r.Charset, r.Sure = set, true
			return
		}
		if n > best {
			r.Charset, best = set, n
		}
	}
}

func ascii(s string) bool { return !strings.ContainsFunc(s, func(c rune) bool { return c >= 0x80 }) }

// usual are letters beyond ASCII that names in the libraries of the protocol
// have; a wrong character set makes others of them.
const usual = "äöüßÄÖÜéèêëàâáãåæçíìîïñóòôõøœúùûýÿÉÈÊÀÂÁÅÆÇÍÑÓÔØÚÝ"

func letters(s string) (n int) {
	for _, c := range s {
		if strings.ContainsRune(usual, c) {
			n++
		}
	}
	return n
}

// profile is the one that fits, with what was seen to be otherwise.
func (p *probe) profile(name string) sip2.Profile {
	r := &p.report
	fit, err := sip2.ProfileOf(name)
	if err != nil {
		fit, _ = sip2.ProfileOf("")
	}
	if r.Charset != sipwire.ASCII {
		fit.Form.Charset = r.Charset
	}
	fit.Detect = r.Sums
	if r.DueLayout != "" {
		fit.Layouts = append(fit.Layouts, r.DueLayout)
	}
	if p.User != "" && p.signs[StatusFirst] {
		fit.Status = sip2.StatusAfter
	}
	if r.result(sipwire.TerminalStatus, OnSecond) != Answered && r.result(sipwire.Login, OnSecond) != Answered {
		fit.Connections = 1
	}
	return fit
}

// result is what came of a message; "": it was not said.
func (r *Report) result(code sipwire.Code, how Manner) Result {
	for _, t := range r.Tried {
		if t.Code == code && t.How == how {
			return t.Result
		}
	}
	return ""
}

// Replay is how long so many entries take at the pace that was seen, two messages
// each.
func (r *Report) Replay(entries int) time.Duration { return 2 * time.Duration(entries) * r.Median }
