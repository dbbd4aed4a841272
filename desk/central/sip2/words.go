package sip2

import (
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// The system's codes and the desk's words for them, both ways. A code that is not
// known is no word, and a word that the protocol lacks is its "other".

var types = []struct {
	code sipwire.Media
	typ  policy.ItemType
}{
	{sipwire.MediaBook, "book"}, {sipwire.MediaMagazine, "magazine"}, {sipwire.MediaBoundJournal, "journal"},
	{sipwire.MediaAudioTape, "audio_tape"}, {sipwire.MediaVideoTape, "video"}, {sipwire.MediaCD, "cd"},
	{sipwire.MediaDiskette, "diskette"}, {sipwire.MediaBookAndDiskette, "book"}, {sipwire.MediaBookAndCD, "book"},
	{sipwire.MediaBookAndAudioTape, "book"},
}

// itemType gives the type of a medium; empty: the system does not say.
func itemType(code string) policy.ItemType {
	for _, t := range types {
		if string(t.code) == code {
			return t.typ
		}
	}
	return ""
}

var fees = []struct {
	code sipwire.FeeType
	typ  circ.FeeType
}{
	{sipwire.FeeOverdue, circ.FeeOverdue}, {sipwire.FeeReplacement, circ.FeeLost}, {sipwire.FeeProcessing, circ.FeeProcessing},
	{sipwire.FeeDamage, circ.FeeDamaged}, {sipwire.FeeDamage, circ.FeePart}, {sipwire.FeeAdministrative, circ.FeeCard},
	{sipwire.FeeHold, circ.FeeRequest}, {sipwire.FeeOther, circ.FeeOther},
}

// feeCode gives the system's code for a fee.
func feeCode(t circ.FeeType) sipwire.FeeType {
	for _, f := range fees {
		if f.typ == t {
			return f.code
		}
	}
	return sipwire.FeeOther
}

// out reports whether an item in this state is with a patron, as the system has it.
func out(c sipwire.Circulation) bool {
	switch c {
	case sipwire.CircCharged, sipwire.CircChargedNoRecall, sipwire.CircRecalled, sipwire.CircClaimedReturned:
		return true
	}
	return false
}

// itemState gives what is wrong with an item in this state; empty: nothing that the
// desk has a word for.
func itemState(c sipwire.Circulation) circ.ItemState {
	if c == sipwire.CircMissing {
		return circ.ItemMissing
	}
	return ""
}

// marks are what stands against a loan, in the desk's words. Those that are not here
// stand against renewals and requests only, or against nothing.
var marks = []struct {
	mark sipwire.PatronStatus
	text string
}{
	{sipwire.ChargeDenied, "central: may not borrow"},
	{sipwire.CardLost, "central: the card was reported lost"},
	{sipwire.TooManyCharged, "central: too many items on loan"},
	{sipwire.TooManyOverdue, "central: too many items overdue"},
	{sipwire.TooManyLost, "central: too many items lost"},
	{sipwire.ExcessiveFines, "central: owes too much in fines"},
	{sipwire.ExcessiveFees, "central: owes too much in fees"},
	{sipwire.RecallOverdue, "central: a recalled item is overdue"},
	{sipwire.TooManyBilled, "central: too many items billed"},
}

// route gives where an item goes that was taken back, by what the system says is the
// matter with it; nil: it says nothing that the desk would not know.
func route(kind sipwire.AlertType, to string) *circ.Route {
	switch kind {
	case sipwire.AlertLocalHold:
		return &circ.Route{Kind: circ.ToHoldShelf}
	case sipwire.AlertRemoteHold, sipwire.AlertTransit, sipwire.AlertILL:
		return &circ.Route{Kind: circ.ToTransit, Library: policy.LibraryID(to)}
	}
	return nil
}
