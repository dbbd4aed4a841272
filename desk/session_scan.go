package desk

import (
	"context"
	"strings"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// scanned is the scan before, unless it was not done: the same again within
// seconds is a double scan.
type scanned struct {
	n     int64
	code  string
	place Place
	at    time.Time
}

// found is what a code stands for here.
type found struct {
	label  label.Label
	card   *circ.Card
	patron circ.Patron // of the card
	item   *circ.Item
	title  circ.Title   // of the item
	titles []circ.Title // of an ISBN
}

// code reads a scan as one code; the job ends when it is none, or one that the library
// does not take.
func (s *Session) code(j *job, scan string) (string, bool) {
	j.shows(scan)
	code, ok := text.Code(scan)
	switch {
	case ok && s.c.Labels.Classify(code).Refuse:
		s.misread(j, code)
	case ok:
		return code, true
	case len(scan) > text.MaxCode && len(strings.TrimSpace(scan)) > text.MaxCode:
		s.refuse(j, TooLong, "")
	case text.Clean(scan, 1) == "":
		s.refuse(j, EmptyScan, "")
	default:
		s.refuse(j, NotACode, j.scanned)
	}
	return "", false
}

// misread ends a job whose number the library does not take: its check digit is wrong.
// Whoever shows such a card may not be the one before.
func (s *Session) misread(j *job, code string) {
	l := s.c.Labels.Classify(code)
	var left []Outcome
	if _, shown := j.in.(Scan); shown && l.Kind == label.Card && s.place != AtCheckIn {
		left = s.closeVisit()
	}
	s.stop(j, Outcome{Then: left}, circ.Remark{Reason: CheckRefused, Text: l.Code})
}

// resolve finds what a code stands for. A pattern says where to look first; what
// is not there is looked for elsewhere.
func (s *Session) resolve(code string) (found, error) {
	l := s.c.Labels.Classify(code)
	out := found{label: l}
	err := s.read(func(f *facts) {
		out = found{label: l}
		codes := []string{l.Code}
		if l.Code != code {
			codes = append(codes, code)
		}
		for _, c := range codes {
			if out.card == nil && (l.Kind != label.Item || out.item == nil) {
				if k, p, ok := f.card(c); ok {
					out.card, out.patron = &k, p
				}
			}
			if l.Kind == label.Card && out.card != nil {
				break
			}
			if it, ok := f.item(c); ok && out.item == nil {
				out.item = &it
			}
		}
		if out.item != nil && l.Kind == label.Item {
			out.card = nil
		}
		if out.item != nil {
			out.title = f.title(out.item.Title)
		}
		if out.item == nil && out.card == nil && l.ISBN != "" {
			out.titles = index[circ.Title](f, circ.ByISBN, l.ISBN, 10)
		}
	})
	return out, err
}

// scan looks at a scan: a card, an item, an ISBN, or what nobody knows.
func (s *Session) scan(j *job, scan string) {
	before := s.last
	s.last = scanned{}
	code, ok := s.code(j, scan)
	if !ok {
		return
	}
	f, err := s.resolve(code)
	if err != nil {
		s.failed(j, err)
		return
	}
	if f = s.lookedUp(f, code); f.card != nil && s.operator != nil {
		s.refresh(f.card.Number)
	}
	place := s.place
	switch {
	case f.card != nil && (f.item == nil || place == AtCheckOut && s.visit == nil):
		s.cardScanned(j, f)
	case f.item == nil && f.label.Kind == label.ISBN:
		s.isbn(j, f)
	case f.item == nil && f.label.Kind == label.Card:
		s.unknownCard(j, f)
	case place == AtCheckOut && s.operator != nil && s.visit != nil:
		s.checkOut(j, f)
	case place == AtCheckIn && s.operator != nil:
		switch {
		case s.twice(j, f, before):
		case s.inhouse:
			s.use(j, f)
		default:
			s.takeBack(j, f, s.dropDate())
		}
	case place == AtHolds && s.operator != nil:
		if !s.twice(j, f, before) {
			s.toHolds(j, f)
		}
	default:
		s.tellItem(j, f)
	}
}

// A finder is a line to a system that gives no list of what it has.
type finder interface {
	Find(ctx context.Context, card, barcode string) error
	Refresh(card string)
}

// lookedUp has what nobody here knows looked up at a system that gives no lists, for
// as long as a greeting may take; whoever scans on meanwhile is heard afterwards.
func (s *Session) lookedUp(f found, code string) found {
	up, ok := s.c.Up.(finder)
	if !ok || f.card != nil || f.item != nil || s.operator == nil || f.label.Kind == label.ISBN {
		return f
	}
	card, barcode := f.label.Code, f.label.Code
	switch f.label.Kind {
	case label.Card:
		barcode = ""
	case label.Item:
		card = ""
	}
	if err := up.Find(s.ctx, card, barcode); err != nil {
		return f // what is not known is said
	}
	if now, err := s.resolve(code); err == nil {
		return now
	}
	return f
}

// refresh has what is known of a card looked up anew while the clerk goes on.
func (s *Session) refresh(card string) {
	if up, ok := s.c.Up.(finder); ok {
		up.Refresh(card)
	}
}

// twice ends a job that is the scan before once more, within seconds. Else it
// notes the scan.
func (s *Session) twice(j *job, f found, before scanned) bool {
	t := s.c.Desk.Policy().Terms(policy.Query{Library: s.c.Desk.Library, At: s.now()})
	this := scanned{n: j.n, code: f.label.Code, place: s.place, at: s.now()}
	s.last = this
	if f.item == nil || before.code != this.code || before.place != this.place || this.at.Sub(before.at) >= t.DoubleScan {
		return false
	}
	s.finish(j, s.worded(Outcome{Word: WordAgain, Item: s.itemOf(f), Title: clean(f.title.Title)}))
	return true
}

// itemOf gives the item of an outcome; nil when it is not known here.
func (s *Session) itemOf(f found) *Item {
	if f.item == nil {
		return nil
	}
	it := called(s.c.Desk.Policy(), Item{Item: safe(*f.item), Titled: safe(f.title)})
	return &it
}

// warnings are what the label itself says.
func warnings(f found) []circ.Remark {
	that := circ.Reason(f.label.Kind.Tell())
	switch {
	case f.label.CheckWrong:
		return []circ.Remark{{Reason: CheckDigit, Text: f.label.Code}}
	case that == "" || f.item != nil || len(f.titles) > 0:
		return nil
	case that == ThatIsISBN:
		return []circ.Remark{{Reason: that}}
	}
	return []circ.Remark{{Reason: that, Text: f.label.Code}}
}

// cardScanned opens a visit; on Check in the card is told, and nothing changes.
func (s *Session) cardScanned(j *job, f found) {
	if !s.signedIn(j) {
		return
	}
	p := s.short(f.patron)
	if s.place == AtCheckIn {
		s.toldCard(j, f, p)
		return
	}
	if f.card.State == circ.CardLost {
		left := s.closeVisit()
		s.stop(j, Outcome{Patron: &p, Then: left, Tell: s.said(warnings(f))},
			circ.Remark{Reason: circ.CardIsLost, Text: f.card.Number, Who: p.ID})
		return
	}
	s.open(j, f.patron)
}

// unknownCard: whoever shows a card that is not known is not the one before.
func (s *Session) unknownCard(j *job, f found) {
	if !s.signedIn(j) {
		return
	}
	var left []Outcome
	if s.place != AtCheckIn {
		left = s.closeVisit()
	}
	s.stop(j, Outcome{Then: left, Tell: s.said(warnings(f))}, circ.Remark{Reason: circ.UnknownPatron, Text: f.label.Code})
}

// isbn tells an ISBN where an item is expected, with the titles it stands for.
func (s *Session) isbn(j *job, f found) {
	titles, err := s.titled(f.titles)
	if err != nil {
		s.failed(j, err)
		return
	}
	o := Outcome{Titles: titles}
	name := ""
	if len(f.titles) > 0 {
		name = clean(f.titles[0].Title)
	}
	s.stop(j, o, circ.Remark{Reason: ThatIsISBN, Text: name})
}
