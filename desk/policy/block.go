package policy

import (
	"slices"
	"strings"
)

// Effect is what happens when something stands against an act. It is written in
// the rules: never renamed.
type Effect string

// The effects.
const (
	Refuse   Effect = "refuse" // nobody may do it
	Ask      Effect = "ask"    // a yes of somebody who may
	TellOnly Effect = "tell"   // it goes through, and the clerk hears it
	Handle   Effect = "handle" // it goes through, since what stands against it is set right by itself
)

// Handler is how what stands against an act is set right by itself. It is written
// in the rules: never renamed.
type Handler string

// The handlers.
const (
	ByReturn  Handler = "return"  // the loan to the other ends, as if a clerk had said that the item is here
	ByShorten Handler = "shorten" // lent for the period of what others wait for; without such a period it is asked
	ByRenewal Handler = "renew"   // the loan that there is is made longer
)

// BlockAct is what something stands against. It is written in the rules: never
// renamed.
type BlockAct string

// The acts.
const (
	ForLoan    BlockAct = "loan"
	ForRenewal BlockAct = "renewal"
	ForRequest BlockAct = "request"
	ForClaim   BlockAct = "claim"  // a patron says that an item was returned
	ForRecall  BlockAct = "recall" // a loan is to be due sooner
)

// Override is who may say yes. It is written in the rules: never renamed. None
// includes another.
type Override string

// Who may say yes. The first three are the levels of Alma's block preferences;
// the engine knows the right of each.
const (
	ByLimited  Override = "limited"  // whoever does the ordinary work of a desk
	ByOperator Override = "operator" // whoever may say yes against a rule
	ByManager  Override = "manager"  // whoever may say yes against a rule kept for managers
	ByMoney    Override = "money"    // whoever may say yes where money is concerned
)

// BlockQuery asks what happens when something stands against an act.
type BlockQuery struct {
	Query
	Reason string // the engine's code
	Act    BlockAct
}

// Block is what the rules say of it.
type Block struct {
	Do  Effect
	By  Handler    // with Handle; else empty
	May []Override // where anybody may be asked: any of them will do; never empty then. To read only

	Row, MayRow string // that give Do and May; empty: no row does
}

// asks reports whether anybody may be asked: a loan is shortened only where the
// terms have a period for it.
func asks(do Effect, by Handler) bool { return do == Ask || do == Handle && by == ByShorten }

// blockOf is what holds for a reason that no row speaks of, the acts against which
// it stands at all, and how it may be handled.
type blockOf struct {
	reason   string
	acts     []BlockAct
	do       Effect
	may      []Override
	handlers []Handler // the first is how it is handled where do is Handle
}

// blocksOf has a row for each reason of the table, by its name. Few can be handled:
// a debt is not paid, nor a card renewed, by itself.
var blocksOf = []blockOf{
	{"card_expired", []BlockAct{ForLoan, ForRenewal, ForRequest}, Ask, []Override{ByOperator}, nil},
	{"card_lost", []BlockAct{ForLoan, ForRenewal, ForRequest}, Refuse, []Override{ByManager}, nil},
	{"guarantor_missing", []BlockAct{ForLoan, ForRequest}, Ask, []Override{ByOperator}, nil},
	{"held_for_other", []BlockAct{ForLoan}, Ask, []Override{ByOperator}, nil},
	{"long_overdue", []BlockAct{ForLoan, ForRequest}, Ask, []Override{ByOperator}, nil},
	{"not_for_loan", []BlockAct{ForLoan}, Ask, []Override{ByOperator}, nil},
	{"not_from_this_desk", []BlockAct{ForLoan}, Ask, []Override{ByOperator}, nil},
	{"not_in_use", []BlockAct{ForLoan}, Ask, []Override{ByOperator}, nil},
	{"not_recallable", []BlockAct{ForRecall}, Ask, []Override{ByOperator}, nil},
	{"old_facts", []BlockAct{ForLoan, ForRenewal, ForRequest}, Ask, []Override{ByOperator}, nil},
	{"on_loan_other", []BlockAct{ForLoan}, Ask, []Override{ByLimited}, []Handler{ByReturn}},
	{"on_loan_same", []BlockAct{ForLoan}, Handle, []Override{ByLimited}, []Handler{ByRenewal}},
	{"owes_too_much", []BlockAct{ForLoan, ForRenewal, ForRequest}, Ask, []Override{ByMoney}, nil},
	{"patron_blocked", []BlockAct{ForLoan, ForRenewal, ForRequest}, Ask, []Override{ByOperator}, nil},
	{"recalled", []BlockAct{ForRenewal}, Ask, []Override{ByOperator}, nil},
	{"renewals_used", []BlockAct{ForRenewal}, Ask, []Override{ByOperator}, nil},
	{"requested_other", []BlockAct{ForLoan, ForRenewal}, Ask, []Override{ByOperator}, []Handler{ByShorten}},
	{"suspended", []BlockAct{ForLoan, ForRenewal, ForRequest}, Ask, []Override{ByOperator}, nil},
	{"too_many_claims", []BlockAct{ForClaim}, Ask, []Override{ByManager}, nil},
	{"too_many_loans", []BlockAct{ForLoan}, Ask, []Override{ByOperator}, nil},
	{"too_many_overdue", []BlockAct{ForLoan, ForRequest}, Ask, []Override{ByOperator}, nil},
	{"too_many_requests", []BlockAct{ForRequest}, Ask, []Override{ByOperator}, nil},
	{"too_old", []BlockAct{ForLoan, ForRequest}, Ask, []Override{ByOperator}, nil},
	{"too_young", []BlockAct{ForLoan, ForRequest}, Ask, []Override{ByOperator}, nil},
}

// BlockReasons gives the reasons of the table in the order of their names.
func BlockReasons() []string {
	out := make([]string, len(blocksOf))
	for i, b := range blocksOf {
		out[i] = b.reason
	}
	return out
}

// BlockActs gives the acts against which a reason may stand; nil: the table does
// not have it.
func BlockActs(reason string) []BlockAct {
	b, _ := ofReason(reason)
	return slices.Clone(b.acts)
}

func ofReason(reason string) (blockOf, bool) {
	i := slices.IndexFunc(blocksOf, func(b blockOf) bool { return b.reason == reason })
	if i < 0 {
		return blockOf{}, false
	}
	return blocksOf[i], true
}

// blockKey is what a row of the table asks of a case; without an act it is for
// every one.
type blockKey struct {
	fit
	reason string
	act    BlockAct
}

// BlockHandlers gives how a reason may be handled; nil: it never is.
func BlockHandlers(reason string) []Handler {
	b, _ := ofReason(reason)
	return slices.Clone(b.handlers)
}

// blockRow is what a row says; an empty field says nothing.
type blockRow struct {
	do          Effect
	by          Handler // goes with do
	may         []Override
	doBy, mayBy *givenBlock // the rows that say it
}

// givenBlock is a row as it was read.
type givenBlock struct {
	name   string
	line   int
	fit    fit
	reason string
	acts   []BlockAct // "": every one
	do     Effect
	by     Handler
	may    []Override
}

// does gives what a row does as one word.
func (g *givenBlock) does() string {
	if g.do == Handle {
		return string(g.do) + " " + string(g.by)
	}
	return string(g.do)
}

// row names the row; nil is none.
func (g *givenBlock) row() string {
	if g == nil {
		return ""
	}
	return g.name
}

// blockTable finds the row of a case. Rows of one shape are in one map.
type blockTable [shapes]map[blockKey]blockRow

// give puts a row in; of two for the same, the later word counts.
func (b *blockTable) give(k blockKey, r blockRow) {
	s := k.shape()
	if b[s] == nil {
		b[s] = map[blockKey]blockRow{}
	}
	r.fill(b[s][k])
	b[s][k] = r
}

// Block gives what happens when a reason stands against an act: what and who
// may override, each by itself from the most specific row that says it, which
// is location before library before group before item type, then the row that
// names the act. A reason that the table does not have is asked about, and
// whoever works at the desk may say yes.
func (s *Set) Block(q BlockQuery) Block {
	found := s.block(q)
	b := Block{Do: found.do, By: found.by, Row: found.doBy.row()}
	if asks(b.Do, b.By) {
		b.May, b.MayRow = found.may, found.mayBy.row()
	}
	return b
}

// block resolves both words, whether anybody is asked or not.
func (s *Set) block(q BlockQuery) (found blockRow) {
	for i := int(shapes) - 1; i >= 0; i-- {
		rows := s.blocks[i]
		if rows == nil {
			continue
		}
		k := blockKey{fit: shape(i).of(&q.Query), reason: q.Reason, act: q.Act}
		found.fill(rows[k])
		k.act = ""
		found.fill(rows[k])
	}
	own, ok := ofReason(q.Reason)
	if !ok {
		own = blockOf{do: Ask, may: []Override{ByLimited}}
	}
	found.fill(own.row())
	return found
}

// row is what holds where no row says otherwise.
func (b blockOf) row() blockRow {
	r := blockRow{do: b.do, may: b.may}
	if b.do == Handle {
		r.by = b.handlers[0]
	}
	return r
}

// fill takes what is not said yet.
func (r *blockRow) fill(more blockRow) {
	if r.do == "" {
		r.do, r.by, r.doBy = more.do, more.by, more.doBy
	}
	if r.may == nil {
		r.may, r.mayBy = more.may, more.mayBy
	}
}

// readBlock reads one row of the block table.
func (s *Set) readBlock(t *table) {
	if name, ok := t.text("name", 100); ok {
		t.row = name
	}
	f := fit{
		location: LocationID(t.id("location")),
		library:  s.libraryOf(t, "library"),
		group:    Group(t.id("group")),
		item:     ItemType(t.id("item_type")),
	}
	own := t.blockReason()
	acts := t.blockActs(own)
	_, does := t.left["do"]
	_, names := t.left["override"]
	r := &givenBlock{name: t.row, line: t.line(), fit: f, reason: own.reason, acts: acts, do: t.effect()}
	r.by = t.handler(own, r.do)
	r.may = oneOf(t, "override", ByLimited, ByOperator, ByManager, ByMoney)
	switch {
	case !does && !names:
		t.bad("", "says neither do nor override")
	case r.do != "" && !asks(r.do, r.by) && r.may != nil:
		t.bad("override", "nobody is asked where do is %s", r.does())
	}
	t.done()
	s.givenBlocks = append(s.givenBlocks, r)
	for _, act := range acts {
		s.blocks.give(blockKey{f, r.reason, act}, blockRow{r.do, r.by, r.may, r, r})
	}
}

// blockReason takes the reason of a row; the zero one is missing, or wrong and
// noted.
func (t *table) blockReason() blockOf {
	if _, said := t.left["reason"]; !said {
		t.bad("", "reason is missing")
		return blockOf{}
	}
	code, ok := t.text("reason", 60)
	if !ok {
		return blockOf{}
	}
	own, ok := ofReason(code)
	if !ok {
		t.bad("reason", "%s is none of %s", quote(code), strings.Join(BlockReasons(), ", "))
	}
	return own
}

// blockActs takes the acts of a row. Without the key it is every act, written "".
func (t *table) blockActs(own blockOf) []BlockAct {
	if _, said := t.left["acts"]; !said {
		return []BlockAct{""}
	}
	acts := oneOf(t, "acts", ForLoan, ForRenewal, ForRequest, ForClaim, ForRecall)
	for _, act := range acts {
		if own.reason != "" && !slices.Contains(own.acts, act) {
			t.bad("acts", "%s never stands against a %s", own.reason, act)
		}
	}
	return acts
}

// effect takes what happens; empty: it is not there, or wrong and noted.
func (t *table) effect() Effect {
	s, ok := t.text("do", 60)
	if !ok {
		return ""
	}
	switch e := Effect(s); e {
	case Refuse, Ask, TellOnly, Handle:
		return e
	}
	t.bad("do", "%s is none of refuse, ask, tell, handle", quote(s))
	return ""
}

// handler takes how a reason is handled. A row that handles says how, and no other
// does.
func (t *table) handler(own blockOf, do Effect) Handler {
	s, said := t.text("handle", 60)
	by := Handler(s)
	switch {
	case do != Handle && said:
		t.bad("handle", "is only for rows where do is handle")
	case do != Handle || own.reason == "":
	case len(own.handlers) == 0:
		t.bad("do", "%s is never handled by itself", own.reason)
	case !said:
		t.bad("do", "handle is missing: how %s is handled, one of %s", own.reason, listed(own.handlers))
	case !slices.Contains(own.handlers, by):
		t.bad("handle", "%s is handled by none but %s, not by %s", own.reason, listed(own.handlers), quote(s))
	default:
		return by
	}
	return ""
}

// oneOf takes a list of words, each once, in the order in which they may stand.
// Nil: it is not there, or wrong and noted.
func oneOf[W ~string](t *table, key string, words ...W) []W {
	v, ok := t.take(key)
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		t.bad(key, "want a list, as in [%q], not %s", words[0], kind(v))
		return nil
	}
	if len(list) == 0 {
		t.bad(key, "is empty")
	}
	var said []W
	for _, v := range list {
		s, ok := v.(string)
		switch {
		case !ok:
			t.bad(key, "want text in quotes, not %s", kind(v))
		case !slices.Contains(words, W(s)):
			t.bad(key, "%s is none of %s", quote(s), listed(words))
		case slices.Contains(said, W(s)):
			t.bad(key, "%s stands there twice", quote(s))
		default:
			said = append(said, W(s))
		}
	}
	slices.SortFunc(said, func(a, b W) int { return slices.Index(words, a) - slices.Index(words, b) })
	return said
}

func listed[W ~string](words []W) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = string(w)
	}
	return strings.Join(all, ", ")
}
