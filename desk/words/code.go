package words

import (
	"circdesk/desk/circ"
)

// coded are the sections whose rows are named by codes. Their codes are
// compared with those of the package that has them.
var coded = []string{
	"reason", "reason_alone", "way", "lift", "route", "step", "unit", "cap", "closed_rule", "charged", "fee", "method", "mark", "channel", "work_kind", "work_step", "calendar", "word", "notice",
	"right", "command", "stage", "link", "moment", "mode", "verdict", "work", "left_out", "standing", "happening", "difference", "place", "sip_trouble", "sip_result", "sip_manner", "sip_sign",
	"conflict_class", "conflict_action", "kind", "check", "tell", "block_does", "block_act", "handler", "ready",
}

// Word gives the one word of an outcome, at most 8 columns wide: "OUT". A code
// that has none is shown as it is.
func (b *Book) Word(code string) string { return b.coded("word", code) }

// Notice gives what happened by itself, by its kind. Which values a notice
// takes stands beside its row.
func (b *Book) Notice(kind string, args ...string) string {
	key := Key("notice." + kind)
	if !b.Has(key) {
		return value(kind)
	}
	return b.Text(key, args...)
}

// Ready gives what a look at a desk says, by its code. Which values it takes stands in
// its row.
func (b *Book) Ready(code string, n int, args ...string) string {
	key := Key("ready." + code)
	if !b.Has(key) {
		return value(code)
	}
	return b.count(key, n, pairs(args))
}

// Right gives what an operator may do: "override". Empty for none.
func (b *Book) Right(r circ.Right) string { return b.coded("right", string(r)) }

// Command gives what was done, by the name of the command: "check out".
func (b *Book) Command(name string) string { return b.coded("command", name) }

// Stage gives where a request stands: "waiting".
func (b *Book) Stage(s circ.Stage) string { return b.coded("stage", string(s)) }

// Link gives what another patron is to this one: "guarantor".
func (b *Book) Link(k circ.LinkKind) string { return b.coded("link", string(k)) }

// Moment gives what an alert is for: "loan".
func (b *Book) Moment(m circ.Moment) string { return b.coded("moment", string(m)) }

// Fee gives what a fee is for: "overdue".
func (b *Book) Fee(t circ.FeeType) string { return b.coded("fee", string(t)) }

// Method gives how money changes hands: "cash".
func (b *Book) Method(m circ.PayMethod) string { return b.coded("method", string(m)) }

// Mark gives what is wrong with an item or a loan: "lost".
func (b *Book) Mark(code string) string { return b.coded("mark", code) }

// Mode gives how an entry came about: "asked".
func (b *Book) Mode(code string) string { return b.coded("mode", code) }

// Work gives what was done, as a file of another system says it: "loan".
func (b *Book) Work(code string) string { return b.coded("work", code) }

// LeftOut gives why something is not in such a file.
func (b *Book) LeftOut(code string) string { return b.coded("left_out", code) }

// Difference gives in what way the central system's answer is another than the desk's.
func (b *Book) Difference(code string) string { return b.coded("difference", code) }

// ConflictClass gives what met what: "lent to two".
func (b *Book) ConflictClass(c circ.ConflictClass) string {
	return b.coded("conflict_class", string(c))
}

// ConflictAction gives what is done about a conflict: "bill nobody".
func (b *Book) ConflictAction(a circ.ConflictAction) string {
	return b.coded("conflict_action", string(a))
}

// Verdict gives what the central system made of an entry: "applied".
func (b *Book) Verdict(code string) string { return b.coded("verdict", code) }

// Kind gives what a code looks like: "ISBN".
func (b *Book) Kind(code string) string { return b.coded("kind", code) }

// Check gives how a code stands to its check digit: "check digit right".
func (b *Book) Check(code string) string { return b.coded("check", code) }

// Tell gives what to tell the clerk about a code that was read.
func (b *Book) Tell(what, code string) string {
	key := Key("tell." + what)
	if !b.Has(key) {
		return value(what)
	}
	return b.Text(key, "code", code)
}

// Place gives the name of a screen by its code: "Check out".
func (b *Book) Place(code string) string { return b.coded("place", code) }

// Standing gives whether a desk is known at its server: "enrolled".
func (b *Book) Standing(code string) string { return b.coded("standing", code) }

// Happening gives what happened to a desk, as its server's people are told it.
func (b *Book) Happening(code string, args ...string) string {
	key := Key("happening." + code)
	if !b.Has(key) {
		return value(code)
	}
	return b.Text(key, args...)
}

// SIPTrouble says why a system that is to speak SIP2 cannot be told of, and the way
// out.
func (b *Book) SIPTrouble(code string, args ...string) string {
	key := Key("sip_trouble." + code)
	if !b.Has(key) {
		return value(code)
	}
	return b.Text(key, args...)
}

// SIPResult says what came of a message that was tried at such a system.
func (b *Book) SIPResult(code string) string { return b.coded("sip_result", code) }

// SIPManner says how a message was tried otherwise than a desk would say it.
func (b *Book) SIPManner(code string) string { return b.coded("sip_manner", code) }

// SIPSign says by what such a system is told from others.
func (b *Book) SIPSign(code string) string { return b.coded("sip_sign", code) }
