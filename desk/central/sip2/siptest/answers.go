package siptest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// answers are what the system does and says, by the code of the request. A nil
// reply ends the connection. All are called with the library's lock held.
var answers = map[string]func(*session, request) *reply{
	"01": (*session).blockPatron,
	"09": (*session).checkin,
	"11": (*session).checkout,
	"15": (*session).holdItem,
	"17": (*session).itemInformation,
	"19": (*session).itemStatus,
	"23": (*session).patronStatus,
	"25": (*session).patronEnable,
	"29": (*session).renewItem,
	"35": (*session).endSession,
	"37": (*session).feePaid,
	"63": (*session).patronInformation,
	"65": (*session).renewAll,
	"93": (*session).login,
	"99": (*session).status,
}

func (s *session) text(r *request, tag string) string { return r.get(&s.l.Dialect, tag) }

func (s *session) patron(r *request) *Patron { return s.l.patrons[s.text(r, "AA")] }
func (s *session) item(r *request) *Item     { return s.l.items[s.text(r, "AB")] }
func (s *session) stamp() string             { return s.l.stamp(s.l.now()) }

func (s *session) login(r request) *reply {
	user, password, at := s.text(&r, "CN"), s.text(&r, "CO"), s.text(&r, "CP")
	a, known := s.l.logins[user]
	ok := len(s.l.logins) == 0 || known && a.Password == password
	if s.l.Dialect.LocationNeeded && at == "" {
		ok = false
	}
	if ok {
		s.signedIn, s.strikes = true, 0
		s.at = cmp.Or(a.Location, at, s.l.Institution)
	} else {
		s.strikes++
	}
	return s.l.reply("94", bit(ok))
}

func (s *session) status(request) *reply {
	l := s.l
	return l.reply("98", l.Dialect.Capable, s.stamp(), "2.00").add("AO", l.Institution).add("BX", l.Dialect.Services).may("AF", l.Dialect.Greeting)
}

// marks are the 14 of a patron.
func (l *Library) marks(p *Patron) string {
	if p == nil {
		return "YYYY          "
	}
	m := []byte("              ")
	set := func(yes bool, places ...int) {
		for _, at := range places {
			if yes {
				m[at] = 'Y'
			}
		}
	}
	set(l.against(p) != "", 0, 1)
	set(p.Blocked, 3, 4)
	set(l.expired(p), 3)
	set(len(l.loansOf(p.ID)) >= cmp.Or(p.Limit, 50), 5)
	set(l.FeeLimit > 0 && l.owes(p.ID) > l.FeeLimit, 10, 11)
	return string(m)
}

// about adds what all answers about a patron have behind the name.
func (s *session) about(a *reply, r *request, p *Patron) *reply {
	l := s.l
	a.add("BL", flag(p != nil))
	password, sent := r.find(&l.Dialect, "AD")
	switch {
	case p != nil && sent && password != "":
		a.add("CQ", flag(p.PIN == "" || p.PIN == password))
	case l.Dialect.PasswordAlways:
		a.add("CQ", "N")
	}
	if p == nil {
		return a
	}
	if owes := l.owes(p.ID); owes != 0 {
		a.add("BH", l.Currency).add("BV", amount(owes))
	}
	return a
}

// greet adds the texts for the screen that stand in answers about a patron.
func (s *session) greet(a *reply, p *Patron) *reply {
	if p == nil {
		return a.add("AF", "Invalid Patron")
	}
	if text := s.l.Dialect.Greeting; text != "" {
		if owes := s.l.owes(p.ID); owes > 0 {
			text += " -- Patron owes " + amount(owes)
		}
		a.add("AF", text)
	}
	return a.may("AF", s.l.against(p))
}

func (s *session) patronStatus(r request) *reply {
	l, p := s.l, s.patron(&r)
	a := l.reply("24", l.marks(p), r.header[:3], s.stamp())
	return s.person(a, &r, p)
}

// person writes the fields of a 24 and a 26.
func (s *session) person(a *reply, r *request, p *Patron) *reply {
	name := ""
	if p != nil {
		name = p.Name
	}
	if s.l.Dialect.NameFirst {
		a.add("AE", name).add("AA", s.text(r, "AA"))
		return s.greet(s.about(a, r, p), p).add("AO", s.l.Institution)
	}
	a.add("AO", s.l.Institution).add("AA", s.text(r, "AA")).add("AE", name)
	return s.greet(s.about(a, r, p), p)
}

// lists are those of a patron, in the order of the marks by which they are asked
// for.
func (l *Library) lists(p *Patron) (tags [6]string, all [6][]string) {
	tags = [6]string{"AS", "AT", "AU", "AV", "BU", "CD"}
	if p == nil {
		return tags, all
	}
	name := func(item string) string {
		if i := l.items[item]; i != nil && l.Dialect.TitlesInLists {
			return i.Title
		}
		return item
	}
	for _, r := range l.requestsOf(p.ID, true) {
		all[0] = append(all[0], name(r.item))
	}
	for _, a := range l.overdueOf(p.ID) {
		all[1] = append(all[1], name(a.Item))
	}
	for _, a := range l.loansOf(p.ID) {
		all[2] = append(all[2], name(a.Item))
	}
	for _, f := range l.fees {
		if f.Patron == p.ID && f.Amount > 0 {
			all[3] = append(all[3], fmt.Sprintf("%s %s %s", f.ID, amount(f.Amount), f.Why))
		}
	}
	for _, r := range l.requestsOf(p.ID, false) {
		all[5] = append(all[5], name(r.item))
	}
	return tags, all
}

// page cuts a list to what was asked for; numbers count from 1.
func page(list []string, from, to string) []string {
	first, err := strconv.Atoi(from)
	if err != nil || first < 1 {
		first = 1
	}
	last, err := strconv.Atoi(to)
	if err != nil || last > len(list) {
		last = len(list)
	}
	if first > last {
		return nil
	}
	return list[first-1 : last]
}

func (s *session) patronInformation(r request) *reply {
	l, p := s.l, s.patron(&r)
	tags, all := l.lists(p)
	a := l.reply("64", l.marks(p), r.header[:3], s.stamp())
	for _, list := range all {
		a.b.WriteString(fmt.Sprintf("%04d", min(len(list), 9999)))
	}
	name := ""
	if p != nil {
		name = p.Name
	}
	a.add("AO", l.Institution).add("AA", s.text(&r, "AA")).add("AE", name)
	if p != nil {
		a.add("BZ", "0010").add("CA", "0010").add("CB", fmt.Sprintf("%04d", cmp.Or(p.Limit, 50)))
	}
	s.about(a, &r, p)
	if p != nil && l.FeeLimit > 0 {
		a.add("CC", amount(l.FeeLimit))
	}
	if at := strings.IndexByte(r.header[21:], 'Y'); at >= 0 && at < len(all) {
		for _, entry := range page(all[at], s.text(&r, "BP"), s.text(&r, "BQ")) {
			a.add(tags[at], entry)
		}
	}
	if p != nil {
		a.may("BE", p.Email).may("AQ", p.Home)
		if !p.Expires.IsZero() {
			a.add("PA", l.stamp(p.Expires))
		}
	}
	return s.greet(a, p)
}

func (s *session) endSession(r request) *reply {
	s.l.did(Deed{What: Ended, Patron: s.text(&r, "AA")})
	return s.l.reply("36", "Y", s.stamp()).add("AO", s.l.Institution).add("AA", s.text(&r, "AA"))
}

// lent writes a 12 or a 30.
func (s *session) lent(code string, r *request, o outcome) *reply {
	l, p, i := s.l, s.patron(r), s.item(r)
	if l.Dialect.PatronFirst && o.patron {
		i = nil
	}
	renewed, magnetic := flag(o.renewed), "N"
	if l.Dialect.NeverRenewalOK {
		renewed = "N"
	}
	if l.Dialect.MagneticUnknown || i == nil {
		magnetic = "U"
	}
	a := l.reply(code, bit(o.ok), renewed, magnetic, flag(o.ok), s.stamp())
	a.add("AO", l.Institution).add("AA", s.text(r, "AA")).add("AB", s.text(r, "AB"))
	if i == nil {
		a.add("AJ", "").add("AH", "")
	} else {
		a.add("AJ", i.Title).add("AH", l.dueText(o.due))
	}
	fee := o.fee
	if o.ok && i != nil {
		fee = i.Fee
	}
	if fee > 0 {
		a.add("BT", "06").add("BH", l.Currency).add("BV", amount(fee))
	}
	if i != nil {
		a.add("CK", cmp.Or(i.Media, "001"))
	}
	a.may("BK", s.text(r, "BK")).may("AF", o.why)
	if !o.ok {
		a.add("BL", flag(p != nil))
	}
	return a
}

func (s *session) checkout(r request) *reply {
	o := s.l.lend(s.patron(&r), s.item(&r), r.header[0] == 'Y', r.header[1] == 'Y', s.text(&r, "BO") == "Y", s.l.date(r.header[20:38]))
	return s.lent("12", &r, o)
}

func (s *session) renewItem(r request) *reply {
	return s.lent("30", &r, s.l.renew(s.patron(&r), s.item(&r), r.header[1] == 'Y', s.l.date(r.header[20:38])))
}

func (s *session) renewAll(r request) *reply {
	l, p := s.l, s.patron(&r)
	var done, left []string
	if p != nil {
		for _, loan := range l.loansOf(p.ID) {
			if l.renew(p, l.items[loan.Item], false, time.Time{}).ok {
				done = append(done, loan.Item)
			} else {
				left = append(left, loan.Item)
			}
		}
	}
	a := l.reply("66", bit(p != nil), fmt.Sprintf("%04d%04d", len(done), len(left)), s.stamp()).add("AO", l.Institution)
	for _, item := range done {
		a.add("BM", item)
	}
	for _, item := range left {
		a.add("BN", item)
	}
	if p == nil {
		a.add("AF", "Invalid Patron")
	}
	return a
}

func (s *session) checkin(r request) *reply {
	l, i := s.l, s.item(&r)
	d := &l.Dialect
	at := cmp.Or(s.text(&r, "AP"), s.at)
	if i == nil {
		if d.CrashNoItem {
			return nil
		}
		a := l.reply("10", "0", "N", "U", "Y", s.stamp()).add("AO", l.Institution).add("AB", s.text(&r, "AB")).add("AQ", "")
		if d.AlertTypeAlways {
			return a.add("CV", "99").add("AF", "Item not checked out")
		}
		return a.add("AF", "Invalid Item")
	}
	back := l.take(i, at, l.date(r.header[19:37]), r.header[0] == 'Y')
	ok := back.out || d.PlainIn
	kind := ""
	switch {
	case back.hold != nil && back.to == "":
		kind = "01"
	case back.hold != nil:
		kind = "02"
	case back.to != "":
		kind = "04"
	}
	alert := kind != "" || !back.out && d.AlertNotOut
	a := l.reply("10", bit(ok), flag(back.out), "N", flag(alert), s.stamp())
	if d.MagneticUnknown {
		a = l.reply("10", bit(ok), flag(back.out), "U", flag(alert), s.stamp())
	}
	a.add("AO", l.Institution).add("AB", i.ID).add("AQ", cmp.Or(i.Home, l.Institution)).add("AJ", i.Title)
	a.may("AA", back.loan.Patron).add("CK", cmp.Or(i.Media, "001")).may("CR", i.Collection).may("CS", i.CallNumber)
	switch {
	case kind != "":
		a.add("CV", kind)
	case d.AlertTypeAlways && back.out:
		a.add("CV", "00")
	}
	if back.to != "" || d.AlertTypeAlways && back.out {
		a.add("CT", back.to)
	}
	if back.hold != nil {
		name := ""
		if p := l.patrons[back.hold.patron]; p != nil {
			name = p.Name
		}
		a.add("CY", back.hold.patron).add("DA", name)
	}
	if !back.out {
		a.add("AF", "Item not checked out")
	}
	return a
}

func (s *session) itemInformation(r request) *reply {
	l, i := s.l, s.item(&r)
	if i == nil {
		return l.reply("18", "01", "00", "01", s.stamp()).add("AB", s.text(&r, "AB")).add("AJ", "").add("AF", "Invalid Item")
	}
	state, due := "03", ""
	waiting := 0
	for _, h := range l.requests {
		if h.item == i.ID {
			waiting++
			if h.shelf {
				state = "08"
			}
		}
	}
	if loan := l.loans[i.ID]; loan != nil {
		state, due = "04", l.dueText(loan.Due)
	}
	renewals := 0
	for _, deed := range l.deeds {
		if deed.What == Renewed && deed.Item == i.ID {
			renewals++
		}
	}
	a := l.reply("18", state, "00", "01", s.stamp()).may("CF", positive(waiting)).may("AH", due)
	a.add("AB", i.ID).add("AJ", i.Title)
	if i.Fee > 0 {
		a.add("BH", l.Currency).add("BV", amount(i.Fee))
	}
	home := cmp.Or(i.Home, l.Institution)
	if tag := l.Dialect.RenewalsTag; tag != "" {
		a.add(tag, strconv.Itoa(renewals))
	}
	return a.add("CK", cmp.Or(i.Media, "001")).add("AQ", home).add("AP", s.at).may("CR", i.Collection).may("CS", i.CallNumber)
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (s *session) itemStatus(r request) *reply {
	i := s.item(&r)
	if i != nil {
		s.l.did(Deed{What: Marked, Item: i.ID})
	}
	a := s.l.reply("20", bit(i != nil), s.stamp()).add("AB", s.text(&r, "AB"))
	if i != nil {
		a.add("AJ", i.Title)
	}
	return a
}

func (s *session) blockPatron(r request) *reply {
	p := s.patron(&r)
	if p != nil {
		p.Blocked = true
		s.l.did(Deed{What: Blocked, Patron: p.ID})
	}
	return s.person(s.l.reply("24", s.l.marks(p), "000", s.stamp()), &r, p)
}

func (s *session) patronEnable(r request) *reply {
	p := s.patron(&r)
	if p != nil {
		p.Blocked = false
		s.l.did(Deed{What: Enabled, Patron: p.ID})
	}
	return s.person(s.l.reply("26", s.l.marks(p), "000", s.stamp()), &r, p)
}

func (s *session) feePaid(r request) *reply {
	l := s.l
	sum, ok := minor(s.text(&r, "BV"))
	why := "Invalid amount"
	switch {
	case r.header[22:25] != l.Currency:
		why = "Wrong currency"
	case ok:
		why = l.pay(s.patron(&r), Payment{
			Patron: s.text(&r, "AA"), Amount: sum, Type: r.header[20:22], FeeID: s.text(&r, "CG"), TransactionID: s.text(&r, "BK"),
		})
	}
	a := l.reply("38", flag(why == ""), s.stamp()).add("AO", l.Institution).add("AA", s.text(&r, "AA"))
	return a.may("BK", s.text(&r, "BK")).may("AF", why)
}

func (s *session) holdItem(r request) *reply {
	l, p, i := s.l, s.patron(&r), s.item(&r)
	patron, item := s.text(&r, "AA"), s.text(&r, "AB")
	at := slices.IndexFunc(l.requests, func(h hold) bool { return h.patron == patron && h.item == item })
	pickup := cmp.Or(s.text(&r, "BS"), s.at)
	ok, why := false, ""
	switch mode := r.header[0]; {
	case p == nil:
		why = "Invalid Patron"
	case i == nil:
		why = "Invalid Item"
	case mode == '+' && at >= 0:
		why = "Already requested"
	case mode == '+':
		ok = true
		l.requests = append(l.requests, hold{patron: patron, item: item, pickup: pickup})
		at = len(l.requests) - 1
		l.did(Deed{What: Requested, Patron: patron, Item: item})
	case at < 0:
		why = "Not requested"
	case mode == '-':
		ok = true
		l.requests = slices.Delete(l.requests, at, at+1)
		at = -1
		l.did(Deed{What: Cancelled, Patron: patron, Item: item})
	case mode == '*':
		ok = true
		l.requests[at].pickup = pickup
	}
	a := l.reply("16", bit(ok), flag(ok && i != nil && l.loans[i.ID] == nil), s.stamp())
	if ok && at >= 0 {
		place := 0
		for _, h := range l.requests[:at+1] {
			if h.item == item {
				place++
			}
		}
		a.add("BR", strconv.Itoa(place)).add("BS", l.requests[at].pickup)
	}
	a.add("AO", l.Institution).add("AA", patron).add("AB", item)
	if i != nil {
		a.add("AJ", i.Title)
	}
	return a.may("AF", why)
}
