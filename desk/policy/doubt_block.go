package policy

import "slices"

// against gives the acts that a row of the block table is for, by their names.
func (g *givenBlock) against() []BlockAct {
	if slices.Contains(g.acts, "") {
		return BlockActs(g.reason)
	}
	return g.acts
}

// blockWords are the two words of a row, each with how it is written ("": not at
// all) and with the row that gives it.
var blockWords = []struct {
	key  string
	says func(*givenBlock) string
	by   func(blockRow) *givenBlock
}{
	{"do", (*givenBlock).does, func(r blockRow) *givenBlock { return r.doBy }},
	{"override", func(g *givenBlock) string { return listed(g.may) }, func(r blockRow) *givenBlock { return r.mayBy }},
}

// blockTwice finds words of the block table that other rows for the same cases
// give in their place, and those of them that say another.
func blockTwice(d *doubts) {
	for _, g := range d.set.givenBlocks {
		var dead []string
		said := 0
		for _, w := range blockWords {
			if w.says(g) == "" {
				continue
			}
			said++
			if !slices.ContainsFunc(g.against(), func(act BlockAct) bool { return w.by(d.set.block(g.query(g.fit, act))) == g }) {
				dead = append(dead, w.key)
			}
			for _, act := range g.acts {
				if last := w.by(d.set.blocks[g.fit.shape()][blockKey{g.fit, g.reason, act}]); w.says(last) != w.says(g) {
					d.add(Contradiction, g.line, g.name, "%s: %s (line %d) is for the same cases and says another", w.key, last.name, last.line)
					break
				}
			}
		}
		switch {
		case len(dead) == said:
			d.add(Unreachable, g.line, g.name, "nothing of it ever counts: other rows for the same cases say it for every act")
		case len(dead) > 0:
			d.add(Unreachable, g.line, g.name, "%s: other rows for the same cases say it for every act", dead[0])
		}
	}
}

func (g *givenBlock) query(f fit, act BlockAct) BlockQuery {
	return BlockQuery{Query: f.query(), Reason: g.reason, Act: act}
}

// askedNobody finds words on who may say yes where no case of theirs asks.
func askedNobody(d *doubts) {
	for _, g := range d.set.givenBlocks {
		counts, asked := false, false
		for _, act := range g.against() {
			own := d.set.block(g.query(g.fit, act))
			counts = counts || own.mayBy == g
			asked = asked || own.mayBy == g && (asks(own.do, own.by) || d.asksBeside(g, act))
		}
		if counts && !asked {
			d.add(Unreachable, g.line, g.name, "override: nobody is asked in any case that it is for")
		}
	}
}

// asksBeside reports whether another row makes a case of a row's one that asks
// whom the row names.
func (d *doubts) asksBeside(g *givenBlock, act BlockAct) bool {
	return slices.ContainsFunc(d.set.givenBlocks, func(o *givenBlock) bool {
		if !asks(o.do, o.by) || o.reason != g.reason {
			return false
		}
		f, ok := g.fit.and(o.fit)
		r := d.set.block(g.query(f, act))
		return ok && asks(r.do, r.by) && r.mayBy == g
	})
}

// stands are the reasons that stand only where a number has some value.
var stands = map[string]struct {
	n     number
	where func(value) bool
	never string
}{
	"guarantor_missing": {guarantorUnder, aboveZero, "guarantor_under is 0"},
	"long_overdue":      {longOverdue, func(v value) bool { return v.unit != "" }, "long_overdue is never"},
	"not_for_loan":      {loanable, func(v value) bool { return v.n == 0 }, "everything may be lent"},
	"not_recallable":    {recallable, func(v value) bool { return v.n == 0 }, "everything may be recalled"},
	"owes_too_much":     {maxOwed, limited, "max_owed is no limit"},
	"renewals_used":     {renewals, limited, "renewals is no limit"},
	"too_many_claims":   {maxClaims, limited, "claims is no limit"},
	"too_many_loans":    {maxLoans, limited, "loans is no limit"},
	"too_many_overdue":  {maxOverdue, limited, "overdue is no limit"},
	"too_many_requests": {maxRequests, limited, "requests is no limit"},
	"too_old":           {maxAge, limited, "max_age is no limit"},
	"too_young":         {minAge, aboveZero, "min_age is 0"},
}

// shortensNothing finds rows that shorten what no case of theirs has a period for.
func shortensNothing(d *doubts) {
	for _, g := range d.set.givenBlocks {
		if g.by == ByShorten && !d.inSome(g.fit, waitedPeriod, isPeriod, func(*Query) bool { return true }) {
			d.add(Unreachable, g.line, g.name, "nothing is shortened: in every case that it is for, %s is not given", StepWaitedPeriod)
		}
	}
}

func isPeriod(v value) bool { return v.unit != "" }

func limited(v value) bool { return v.n != NoLimit }

// neverStands finds rows for what the terms of no case of theirs hold against
// anybody.
func neverStands(d *doubts) {
	for _, g := range d.set.givenBlocks {
		s, ok := stands[g.reason]
		if ok && !d.inSome(g.fit, s.n, s.where, func(*Query) bool { return true }) {
			d.add(Unreachable, g.line, g.name, "%s never stands: in every case that it is for, %s", g.reason, s.never)
		}
		if g.reason == "not_from_this_desk" && !d.set.deskRows.some(deskLends, 0) {
			d.add(Unreachable, g.line, g.name, "%s never stands: every desk may lend everything", g.reason)
		}
	}
}
