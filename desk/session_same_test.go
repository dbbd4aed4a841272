package desk_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
)

// TestTheSameEverywhere does the same at two desks, each with a central system of
// its own that begins alike: one has its line, so the central system answers; the
// other has none, and answers by itself from a copy that was at the head. From the
// same facts every word, reason, date, fee and route is the same, what was told is
// what is applied later, and in the end both central systems have the same records.
// In some histories another desk does something that the one without a line cannot
// know: whatever is otherwise then must concern a record that its copy lacked.
// In all of them the money that was shown as taken is booked. CIRCDESK_LONG=1 runs
// 3,000 of them.
func TestTheSameEverywhere(t *testing.T) {
	fewerCollections(t)
	setChecks(t, "25", "3000")
	held := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "chance"), 1))
		steps := rapid.IntRange(5, 30).Draw(rt, "length")
		meanwhile := -1 // when another desk does something; below zero: never
		if rapid.Bool().Draw(rt, "other facts") {
			meanwhile = chance.IntN(steps)
		}
		synctest.Test(t, func(t *testing.T) {
			p := newTwins(t, chance, held)
			defer p.close()
			for n := range steps {
				if n == meanwhile {
					p.elsewhere()
				}
				if p.step(); p.parted || t.Failed() {
					break
				}
			}
			p.end()
			if t.Failed() {
				t.Logf("history:\n%s", strings.Join(p.log, "\n"))
			}
		})
		if t.Failed() {
			rt.Fatal("see above")
		}
	})
	t.Log(held)
}

// twins are a desk with its line and one without, and what they know.
type twins struct {
	t         *testing.T
	chance    *rand.Rand
	held      map[string]int
	with, out *world
	log       []string
	past      []circ.EntryID                    // that were done
	lent      []string                          // barcodes, as they were lent
	cash      map[*world]map[circ.EntryID]int64 // what was shown as taken, by entry
	unknown   map[string]string                 // what the desk without a line cannot know: a person or a thing, and why
	parted    bool                              // the two have answered otherwise
}

func newTwins(t *testing.T, chance *rand.Rand, held map[string]int) *twins {
	ageless := strings.TrimSuffix(worldRules, oldFacts) // the facts of the one without a line are old in the end
	p := &twins{
		t: t, chance: chance, held: held, with: newWorldOf(t, monday, ageless), out: newWorldOf(t, monday, ageless),
		cash: map[*world]map[circ.EntryID]int64{}, unknown: map[string]string{},
	}
	for _, w := range p.both() {
		n := 0
		w.newID = func() circ.EntryID { n++; return circ.EntryID(fmt.Sprintf("e%05d", n)) }
		p.cash[w] = map[circ.EntryID]int64{}
		w.start()
	}
	p.out.pull()
	p.signIn()
	return p
}

func (p *twins) both() []*world { return []*world{p.with, p.out} }

func (p *twins) close() {
	for _, w := range p.both() {
		w.close()
	}
}

func (p *twins) signIn() {
	for _, w := range p.both() {
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
	}
}

// step does one thing at both, and answers what they ask.
func (p *twins) step() {
	switch n := p.chance.IntN(40); {
	case n < 2: // both desks are closed for days
		for _, w := range p.both() {
			w.stop()
		}
		time.Sleep(time.Duration(1+p.chance.IntN(25)) * 24 * time.Hour)
		for _, w := range p.both() {
			w.start()
		}
		p.signIn()
	case n < 8: // within a double scan
		p.with.pass(3 * time.Second)
	default:
		p.with.pass(11 * time.Second)
	}
	in := p.input()
	a := p.does(in)
	for range 3 {
		if p.parted || a.Word != desk.WordAsk {
			return
		}
		answer := desk.Input(desk.Yes{Why: "so it is"})
		if p.chance.IntN(4) == 0 {
			answer = desk.No{}
		}
		p.with.pass(time.Second)
		a = p.answers(answer, in)
	}
}

func (p *twins) does(in desk.Input) desk.Outcome { return p.answers(in, in) }

// answers sends an input to both, which answers what was asked of another, and
// compares what they say.
func (p *twins) answers(in, of desk.Input) desk.Outcome {
	patron := p.visitor()
	p.log = append(p.log, fmt.Sprintf("%s %T%+v", time.Now().Format("02 15:04:05"), in, in))
	a, b := p.with.do(in), p.out.do(in)
	p.log = append(p.log, fmt.Sprintf("  %s %s %s", a.Entry, a.Word, a.Text))
	p.held[fmt.Sprintf("%T %s", of, a.Word)]++
	for _, w := range p.both() {
		o := a
		if w == p.out {
			o = b
		}
		p.taken(w, of, o)
	}
	if a.Differs {
		p.t.Errorf("%T%+v: the desk said otherwise than its central system: %s", in, in, said(a))
	}
	if said(a) == said(b) {
		if a.Entry != "" && a.Word != desk.WordStop && a.Word != desk.WordAsk && a.Word != desk.WordAgain {
			p.past = append(p.past, a.Entry)
		}
		if a.Word == desk.WordOut && a.Item != nil {
			p.lent = append(p.lent, a.Item.Barcode)
		}
		return a
	}
	p.parted = true
	p.explained(fmt.Sprintf("%T%+v", in, in), concerned(patron, a, b), said(a)+"\n"+said(b))
	return a
}

// receipts are the numbers on receipts, which count what was asked, too.
var receipts = regexp.MustCompile(`\bmain-1-[0-9]+`)

// said is all of an outcome that depends on the facts alone.
func said(o desk.Outcome) string {
	if o.Drawer != nil { // it also tells what is not delivered, and that there is no line
		till := *o.Drawer
		till.Line, till.Unsent, till.Moves = false, 0, slices.Clone(till.Moves)
		for i := range till.Moves {
			till.Moves[i].Waits = false
		}
		o.Drawer, o.Tell = &till, nil
		o.Text, _, _ = strings.Cut(o.Text, ";")
	}
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		panic(err)
	}
	return receipts.ReplaceAllString(string(must1(json.Marshal(bare(v)))), "receipt")
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var notInCopy = regexp.MustCompile(`: (not in the copy from [^;]*|this desk has no copy yet)$`)

// bare leaves out of an outcome how it came about: with a line, or without.
func bare(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range []string{"N", "At", "Mode", "Waiting", "Differs"} {
			if _, outcome := v["Word"]; outcome {
				delete(v, name)
			}
		}
		if v["Word"] == string(desk.WordStop) || v["Word"] == string(desk.WordAsk) || v["Word"] == string(desk.WordAgain) {
			delete(v, "Entry") // a question is written down before it is sent
			delete(v, "Entries")
		}
		if v["Then"] != nil { // of a series: those that were refused are numbered, too
			delete(v, "Entry")
			delete(v, "Entries")
		}
		for k, x := range v {
			v[k] = bare(x)
		}
	case string: // without a line it is said that only the copy was asked
		return notInCopy.ReplaceAllString(v, "")
	case []any:
		for i, x := range v {
			v[i] = bare(x)
		}
	}
	return v
}

// concerned names whom and what outcomes are about.
func concerned(patron circ.PatronID, os ...desk.Outcome) (names []string) {
	names = append(names, "patron "+string(patron))
	for _, o := range os {
		if o.Item != nil {
			names = append(names, "item "+string(o.Item.ID), "title "+string(o.Item.Title))
		}
		if o.Patron != nil {
			names = append(names, "patron "+string(o.Patron.ID))
		}
		for _, s := range slices.Concat(o.Reasons, o.Ask, o.Tell) {
			names = append(names, "patron "+string(s.Who), "item "+string(s.Item))
		}
		names = append(names, concerned(patron, o.Then...)...)
	}
	return names
}

// explained names the record that one of the two lacked. Without one they have
// answered otherwise from the same facts, and that is a failure.
func (p *twins) explained(what string, names []string, how string) {
	for _, name := range names {
		if why, ok := p.unknown[name]; ok {
			p.held["explained by "+strings.Fields(name)[0]]++
			p.t.Logf("%s: otherwise for %s: %s", what, name, why)
			for _, n := range names { // what follows from it is as unknown
				if n != "patron " && n != "item " && p.unknown[n] == "" {
					p.unknown[n] = "it follows from " + name
				}
			}
			return
		}
	}
	p.t.Errorf("%s: the same facts, two answers:\n%s", what, how)
}

func (p *twins) visitor() (id circ.PatronID) {
	if v := p.with.st().Visit; v != nil {
		id = v.Patron.ID
	}
	return id
}

// taken notes the money that a clerk was shown as taken, given back or undone.
func (p *twins) taken(w *world, of desk.Input, o desk.Outcome) {
	switch in := of.(type) {
	case desk.Pay:
		if o.Word == desk.WordPaid && in.Method != circ.ByCredit {
			p.cash[w][o.Entry] += o.Amount.Minor
		}
	case desk.Refund:
		if o.Word == desk.WordPaid {
			p.cash[w][o.Entry] += o.Amount.Minor
		}
	case desk.Undo:
		if o.Word == desk.WordUndone {
			delete(p.cash[w], in.Entries[0])
		}
	}
}

// input draws what the clerk does.
func (p *twins) input() desk.Input {
	r := p.chance
	thing := []string{middle, middle, kind, kind, perl, atlas, alibi}[r.IntN(7)]
	gone := thing // most of the time one that was lent
	if n := len(p.lent); n > 0 && r.IntN(4) > 0 {
		gone = p.lent[n-1-r.IntN(min(n, 2))]
	}
	person := []string{maria, tom, ana, "44", "55", lost, nobody}[r.IntN(7)]
	amount := []string{"1", "1", "2.50", "13.20", "40"}[r.IntN(5)]
	day := func(most int) time.Time { return time.Now().Add(time.Duration(1+r.IntN(most)) * 24 * time.Hour) }
	number := 1 + r.IntN(2)
	if r.IntN(4) == 0 {
		if in := p.rarer(thing, gone, amount, day); in != nil {
			return in
		}
	}
	switch r.IntN(52) {
	case 0, 1, 2:
		return desk.Go{To: []desk.Place{desk.AtCheckOut, desk.AtCheckOut, desk.AtCheckIn, desk.AtCheckIn, desk.AtHolds}[r.IntN(5)]}
	case 6, 7, 8, 9:
		return desk.OpenPatron{ID: []circ.PatronID{"P1", "P2", "P4", "P5"}[r.IntN(4)]}
	case 10, 11:
		return desk.Scan{Text: person}
	case 14, 15:
		return desk.RenewItem{Text: gone}
	case 16:
		return desk.RenewAll{}
	case 17, 18:
		return desk.Request{Text: thing, Copy: r.IntN(3) == 0}
	case 19:
		return desk.Cancel{N: number}
	case 20:
		return desk.CheckIn{Text: gone, Date: time.Now().Add(-time.Duration(r.IntN(40)) * time.Hour)}
	case 21, 22:
		return desk.Pay{Amount: amount, N: r.IntN(2)}
	case 23:
		return desk.Pay{Method: circ.ByCredit}
	case 24, 25:
		return desk.Charge{Type: []circ.FeeType{circ.FeeCard, circ.FeeDamaged}[r.IntN(2)], Amount: amount, Text: "wet"}
	case 26:
		return desk.Waive{N: number, Amount: []string{"", "1"}[r.IntN(2)], Text: "was ill"}
	case 27:
		return desk.Dispute{N: number, Text: "was not late"}
	case 28:
		return desk.Restore{N: number}
	case 29, 30:
		return desk.Refund{Amount: amount, Text: "moves away"}
	case 31, 32, 33:
		return desk.Mark{Text: gone, As: []desk.Marking{desk.MarkLost, desk.MarkClaimed, desk.MarkFound, desk.MarkMissing, desk.MarkDamaged}[r.IntN(5)], Note: "wet"}
	case 34:
		return desk.SetDue{Text: gone, Due: day(30), Why: "a course"}
	case 35:
		return desk.CorrectReturn{Text: gone, In: time.Now().Add(-time.Duration(1+r.IntN(60)) * time.Hour), Why: "lay there"}
	case 36:
		return desk.Block{Text: "left without paying", Until: day(9), Against: circ.BlockScope{Request: r.IntN(2) == 0}}
	case 37:
		return desk.Unblock{}
	case 38:
		return desk.Alert{Code: []string{"", thing}[r.IntN(2)], Text: "count the maps", Shown: []circ.Moment{circ.AtLoan, circ.AtReturn, ""}[r.IntN(3)]}
	case 39:
		return desk.EndAlert{Code: []string{"", thing}[r.IntN(2)]}
	case 40:
		return desk.Register{Patron: circ.Patron{Card: fmt.Sprint("77", r.IntN(9)), Family: "Newcomer", Given: "N", Birth: "2000-01-01"}}
	case 41:
		return desk.RenewCard{Until: day(900)}
	case 42:
		return desk.ReplaceCard{Number: fmt.Sprint("66", r.IntN(9))}
	case 43, 44:
		if len(p.past) > 0 {
			return desk.Undo{Entries: []circ.EntryID{p.past[len(p.past)-1-r.IntN(min(len(p.past), 3))]}}
		}
	}
	return desk.Scan{Text: thing}
}

// rarer draws what a clerk does now and then; nil: the ordinary.
func (p *twins) rarer(thing, gone, amount string, day func(int) time.Time) desk.Input {
	r := p.chance
	switch r.IntN(21) {
	case 20:
		return desk.AddItem{Text: noitem, Title: []string{"Blue atlas", "Red atlas"}[r.IntN(2)]}
	case 0, 1:
		return desk.Incomplete{Text: gone, Missing: []string{"disc 2", "the map, disc 2"}[r.IntN(2)]}
	case 2:
		return desk.Complete{Text: gone}
	case 3:
		return desk.GiveUp{Text: gone, As: []circ.ItemState{"", circ.ItemDamaged, circ.ItemWithdrawn}[r.IntN(3)]}
	case 4:
		return []desk.Input{
			desk.Call{Text: gone, Note: "on Thursday", Again: day(5)}, desk.Call{Text: gone, By: circ.NoticeLetter, Note: "second notice"},
			desk.Call{By: circ.NoticeEmail}, desk.Call{N: 1, By: circ.NoticeSMS},
		}[r.IntN(4)]
	case 5:
		return desk.Bill{Text: gone, Amount: amount}
	case 6:
		return desk.SetParts{Text: thing, Parts: []string{"", "disc 1, disc 2"}[r.IntN(2)]}
	case 7, 8:
		return desk.Recall{Text: gone, Lift: r.IntN(3) == 0}
	case 9, 10:
		return desk.Use{Text: thing}
	case 11:
		return desk.OpenDrawer{Float: amount}
	case 12:
		return desk.CloseDrawer{Counted: []desk.CountedBy{{Method: circ.ByCash, Amount: amount}, {Method: "card", Amount: "0"}}, Text: "counted twice"}
	case 13:
		return desk.Mark{Text: gone, As: desk.MarkWriteOff, Note: "paid"}
	case 14:
		return desk.Mark{Text: thing, As: desk.MarkWithdrawn, Note: "worn"}
	case 15:
		street := "Oak St 5"
		return desk.Edit{Contact: circ.Contact{Street: &street}}
	case 16:
		return desk.Link{Card: maria, Kind: circ.Guarantor}
	}
	return nil
}

// elsewhere is another desk that does something at both central systems, of which
// the desk without a line hears nothing.
func (p *twins) elsewhere() {
	item := circ.ItemID(fmt.Sprint("I", 1+p.chance.IntN(6)))
	patron := circ.PatronID(fmt.Sprint("P", 1+p.chance.IntN(5)))
	c := []circ.Command{
		circ.CheckOut{Item: item, Patron: patron}, circ.CheckOut{Item: item, Patron: patron}, circ.CheckIn{Item: item},
		circ.Charge{Patron: patron, Type: circ.FeeCard, Amount: money.Amount{Minor: 900, Currency: "EUR"}, Text: "new card"},
		circ.Place{Patron: patron, Title: circ.TitleID("T" + string(item[1:]))}, circ.BlockPatron{Patron: patron, Text: "a book came back wet"},
	}[p.chance.IntN(6)]
	for _, w := range p.both() {
		e, err := journal.Entry{
			Act: circ.Act{
				ID: "east1", Desk: "east-1", Library: "east", Operator: "jo", At: time.Now().UTC(), Zone: "Europe/Berlin", Command: c,
				Over: []circ.Reason{circ.OnLoanToOther, circ.HeldForOther, circ.RequestedBy, circ.TooManyLoans, circ.OwesTooMuch, circ.CardExpired, circ.PatronBlocked},
			},
			Epoch: 1, Seq: 1, Mode: journal.Asked,
		}.Finish()
		must(p.t, err)
		rs, err := w.hub.Deliver(p.t.Context(), []journal.Entry{e})
		must(p.t, err)
		for _, ev := range rs[0].Events {
			for _, k := range ev.Touches() {
				for _, name := range p.names(w, k) {
					p.unknown[name] = fmt.Sprintf("%s of %s %q, by desk east-1", c.Name(), k.Kind, k.ID)
				}
			}
		}
		p.log = append(p.log, fmt.Sprintf("elsewhere: %s %+v: %s", c.Name(), c, rs[0].Verdict))
	}
	p.with.pass(time.Second)
}

// names gives whom and what a record at the central system is about.
func (p *twins) names(w *world, k circ.Key) []string {
	row, ok := p.rows(w)[k]
	if !ok {
		return nil
	}
	names := []string{strings.ToLower(string(k.Kind)) + " " + k.ID}
	switch r := row.(type) {
	case circ.Item:
		names = append(names, "title "+string(r.Title))
	case circ.Loan:
		names = append(names, "item "+string(r.Item), "patron "+string(r.Patron))
	case circ.Request:
		names = append(names, "title "+string(r.Title), "patron "+string(r.Patron), "item "+string(r.Copy))
	case circ.Fee:
		names = append(names, "patron "+string(r.Patron))
	case circ.Payment:
		names = append(names, "patron "+string(r.Patron))
	case circ.Block:
		names = append(names, "patron "+string(r.Patron))
	}
	return slices.DeleteFunc(names, func(s string) bool { return strings.HasSuffix(s, " ") })
}

// rows gives all that a central system has.
func (p *twins) rows(w *world) map[circ.Key]circ.Row {
	all := map[circ.Key]circ.Row{}
	for cursor := ""; ; {
		page, err := w.hub.Since(p.t.Context(), cursor, 1000, 0)
		must(p.t, err)
		for _, r := range page.Rows {
			all[r.Key()] = r
		}
		if cursor = page.Next; page.Complete {
			return all
		}
	}
}

// end brings the line back, and compares what was told with what is applied.
func (p *twins) end() {
	t := p.t
	if p.with.st().Question != nil {
		p.with.do(desk.No{})
		p.out.do(desk.No{})
	}
	p.out.plug()
	p.out.do(desk.Sync{})
	p.out.pass(5 * time.Second)
	p.applied()
	for _, w := range p.both() {
		p.booked(w)
	}
	if len(p.unknown) > 0 || t.Failed() {
		return
	}
	a, b := p.rows(p.with), p.rows(p.out)
	added := 0 // with a line nobody has to be told that what was added is to be catalogued
	maps.DeleteFunc(b, func(_ circ.Key, r circ.Row) bool {
		c, ok := r.(circ.Conflict)
		ok = ok && c.Class == circ.ClassUnknownItem && c.Command == circ.AddItem{}.Name()
		if ok {
			added++
		}
		return ok
	})
	if n := p.out.st().Conflicts; n != added {
		t.Errorf("%d conflicts, %d of them of what was added, and nobody else did anything", n, added)
	}
	for _, all := range []map[circ.Key]circ.Row{a, b} { // how many entries there were is no fact of a case
		maps.DeleteFunc(all, func(k circ.Key, _ circ.Row) bool { return k.Kind == circ.KindMark })
		for k, r := range all {
			if m, ok := r.(circ.Payment); ok && m.Receipt != "" {
				m.Receipt = "receipt"
				all[k] = m
			}
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(a), func(x, y circ.Key) int { return strings.Compare(string(x.Kind)+x.ID, string(y.Kind)+y.ID) }) {
		if !reflect.DeepEqual(a[k], b[k]) {
			t.Errorf("with a line:\n%+v\nwithout:\n%+v", a[k], b[k])
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d records with a line, %d without", len(a), len(b))
	}
}

// applied: what was told at the desk without a line is what its central system has
// applied, or concerns a record that the desk lacked.
func (p *twins) applied() {
	t, w := p.t, p.out
	es, err := w.desk.After(t.Context(), journal.Mark{Desk: "main-1", Epoch: 1}, 1000)
	must(t, err)
	for _, e := range es {
		var r journal.Receipt
		var ok bool
		must(t, w.store.journal.View(t.Context(), func(tx journal.JournalTx) (err error) {
			r, ok, err = tx.Receipt(t.Context(), e.Act.ID)
			return err
		}))
		if !ok {
			t.Errorf("%s %s has no answer", e.Act.ID, e.Act.Command.Name())
			continue
		}
		if circ.Same(e.Told, r.Events) && (len(r.Objections) == 0 || toCatalogue(e.Act, r.Objections)) {
			p.held["told = applied"]++
			continue
		}
		var names []string
		for _, ev := range slices.Concat(e.Told, r.Events) {
			for _, k := range ev.Touches() {
				names = append(names, p.names(w, k)...)
			}
		}
		p.explained(e.Act.Command.Name(), names, fmt.Sprintf("told %+v\napplied %s %+v\nobjections %+v", e.Told, r.Verdict, r.Events, r.Objections))
	}
}

// toCatalogue reports whether all that is objected to is that somebody has to catalogue
// what was added, which is said of each.
func toCatalogue(a circ.Act, objections []circ.Remark) bool {
	_, adds := a.Command.(circ.AddItem)
	return adds && !slices.ContainsFunc(objections, func(m circ.Remark) bool { return m.Reason != circ.UnknownItem })
}

// booked: the money that was shown as taken is booked, and using credit makes none.
func (p *twins) booked(w *world) {
	shown, booked, moved := int64(0), int64(0), int64(0)
	for _, n := range p.cash[w] {
		shown += n
	}
	for _, r := range p.rows(w) {
		if r, ok := r.(circ.Payment); ok {
			switch r.Kind {
			case circ.Money:
				booked += r.Amount.Minor
			case circ.GaveBack:
				booked -= r.Amount.Minor
			case circ.Transfer:
				moved += r.Amount.Minor
			}
		}
	}
	p.held["money booked"] += int(booked)
	if owed, all := p.owed(w); owed != all {
		p.t.Errorf("all patrons owe %d, and all fees need %d", owed, all)
	}
	if shown != booked || moved != 0 {
		p.t.Errorf("%d is shown as taken, %d is booked; using credit has made %d", shown, booked, moved)
	}
}

// owed gives what the accounts of all patrons come to, and what all fees still need less
// what was paid.
func (p *twins) owed(w *world) (accounts, fees int64) {
	c := circ.NewCase(circ.Act{}, nil)
	paid, waived := int64(0), map[circ.FeeID]int64{}
	all := p.rows(w)
	for k, r := range all {
		if m, ok := r.(circ.Payment); ok {
			c.Add(circ.ByKey(k.Kind, k.ID), []circ.Row{m})
			switch m.Kind {
			case circ.Waiver:
				waived[m.Fee] += m.Amount.Minor
			case circ.GaveBack:
				paid -= m.Amount.Minor
			default:
				paid += m.Amount.Minor
			}
		}
	}
	for k, r := range all {
		if f, ok := r.(circ.Fee); ok {
			c.Add(circ.ByKey(k.Kind, k.ID), []circ.Row{f})
			fees += max(f.Amount.Minor-waived[f.ID], 0)
		}
	}
	for _, r := range all {
		if q, ok := r.(circ.Patron); ok && q.Merged == "" {
			a := c.Account(q.ID)
			accounts += a.Owes + a.Disputed
		}
	}
	return accounts, fees - paid
}
