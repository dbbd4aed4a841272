package circ

import (
	"slices"
	"time"
)

// ConflictClass says what met what. It travels: never renamed.
type ConflictClass string

// The classes.
const (
	ClassDoubleCheckOut ConflictClass = "double_checkout" // two desks lent one barcode: perhaps two items have it
	ClassLentOver       ConflictClass = "lent_over"       // it was on loan to another, whose loan has ended by that
	ClassPatronStopped  ConflictClass = "patron_stopped"  // blocked, expired, over a limit: the loan stands
	ClassPatronGone     ConflictClass = "patron_gone"     // the record is not there any more
	ClassHoldBypassed   ConflictClass = "hold_bypassed"   // somebody waits for what was lent
	ClassReturnedTwice  ConflictClass = "returned_twice"  // it was in hand elsewhere since
	ClassOlderReturn    ConflictClass = "older_return"    // a newer loan stands
	ClassLoanUnknown    ConflictClass = "loan_unknown"    // taken back, and the desk knew of no loan
	ClassLostReturned   ConflictClass = "lost_returned"   // what was lost and paid is back
	ClassUnknownItem    ConflictClass = "unknown_item"
	ClassItemKnown      ConflictClass = "item_known"     // added at a desk, and known as something else
	ClassPatronKnown    ConflictClass = "patron_known"   // registered twice with one card: one record now
	ClassPatronSimilar  ConflictClass = "patron_similar" // registered, and somebody much like them is known
	ClassOverpaid       ConflictClass = "overpaid"       // the rest is credit
	ClassMoney          ConflictClass = "money"          // a fee, a waiver, a credit or a drawer is otherwise
	ClassDateDiffers    ConflictClass = "date_differs"   // the date that was promised is later than the rules give
	ClassOperator       ConflictClass = "operator"       // who did it may not, or may not any more
	ClassRequest        ConflictClass = "request"        // a request or its copy had moved on
	ClassLoanMoved      ConflictClass = "loan_moved"     // the loan had ended or was changed
	ClassClock          ConflictClass = "clock"
	ClassRejected       ConflictClass = "rejected" // nothing of it was done
	ClassOther          ConflictClass = "other"
)

// ConflictAction is what can be done about a conflict. It travels: never renamed.
type ConflictAction string

// The actions.
const (
	ConflictKeep       ConflictAction = "keep"        // as it stands
	ConflictUndo       ConflictAction = "undo"        // take back what the desk did
	ConflictReturn     ConflictAction = "return"      // the item is here: the loan that is open ends
	ConflictRenew      ConflictAction = "renew"       // the loan that is open
	ConflictBillNobody ConflictAction = "bill_nobody" // what the loan still costs is waived
	ConflictMerge      ConflictAction = "merge"       // both records are of one person
)

// aConflict is a class: by what it is known, and what fits.
type aConflict struct {
	class   ConflictClass
	of      []Reason
	when    func(cmd string, at time.Time, m Remark) bool // nil: always
	stands  bool                                          // the rule has settled it
	actions []ConflictAction
}

// sameOuting is how near to each other two check-outs of one barcode are for it to be
// likely that nobody brought the item back in between.
const sameOuting = 24 * time.Hour

func only(names ...string) func(string, time.Time, Remark) bool {
	return func(cmd string, _ time.Time, _ Remark) bool { return slices.Contains(names, cmd) }
}

// aConflicts are the classes. Of an entry that met several things the first counts.
var aConflicts = []aConflict{
	{class: ClassDoubleCheckOut, of: []Reason{NewerLoan}, actions: []ConflictAction{ConflictReturn, ConflictBillNobody}},
	{class: ClassDoubleCheckOut, of: []Reason{OnLoanToOther}, actions: []ConflictAction{ConflictReturn, ConflictBillNobody, ConflictUndo},
		when: func(_ string, at time.Time, m Remark) bool { return !m.Since.IsZero() && at.Sub(m.Since) < sameOuting }},
	{class: ClassItemKnown, of: []Reason{ItemKnown}},
	{class: ClassPatronSimilar, of: []Reason{SimilarPatron}, actions: []ConflictAction{ConflictMerge, ConflictUndo}},
	{class: ClassLostReturned, of: []Reason{LostWasPaid}, actions: []ConflictAction{ConflictBillNobody}},
	{class: ClassUnknownItem, of: []Reason{UnknownItem}, actions: []ConflictAction{ConflictUndo}},
	{class: ClassPatronKnown, of: []Reason{PatronKnown}, stands: true},
	{class: ClassPatronKnown, of: []Reason{CardTaken}, stands: true, when: only("register")},
	{class: ClassOverpaid, of: []Reason{Overpaid, Surplus, NothingOwed}, stands: true, when: only("pay")},
	{class: ClassPatronGone, of: []Reason{UnknownPatron}, actions: []ConflictAction{ConflictReturn, ConflictUndo}},
	{class: ClassOperator, of: []Reason{RightMissing, NoSuchOperator, OperatorGone}, actions: []ConflictAction{ConflictUndo}},
	{class: ClassRequest, of: []Reason{RequestGone, OtherCopyHeld, RequestOver, AskedAlready, HeldAlready, NotHeld, NobodyWaits, TooManyAsked}, actions: []ConflictAction{ConflictUndo}},
	{class: ClassLoanMoved, of: []Reason{LoanEnded, NotOnLoan, ChangedSince, RecalledNow, RecalledAlready, NoGain, RenewalsUsed, DoubleScan}, actions: []ConflictAction{ConflictReturn, ConflictRenew, ConflictUndo}},
	{class: ClassMoney, of: []Reason{FeeLessened, WaivedTwice, CreditGone, SuspensionOff, DrawerIsOpen, DrawerNotOpen, ShiftOver, NothingOwed, NoCredit, Surplus}},
	{class: ClassOlderReturn, of: []Reason{OtherLoanOpen}, stands: true, when: only("check_in", "incomplete")},
	{class: ClassLoanUnknown, of: []Reason{LoanUnknown}, stands: true},
	{class: ClassReturnedTwice, of: []Reason{SeenSince}, stands: true, when: only("check_in", "incomplete", "use", "take_off")},
	{class: ClassLoanMoved, of: []Reason{SeenSince}, actions: []ConflictAction{ConflictReturn, ConflictUndo}},
	{class: ClassLentOver, of: []Reason{OnLoanToOther}, stands: true, actions: []ConflictAction{ConflictBillNobody, ConflictUndo}},
	{class: ClassHoldBypassed, of: []Reason{HeldForOther, RequestedBy}, stands: true, actions: []ConflictAction{ConflictRenew, ConflictUndo}},
	{class: ClassPatronStopped, stands: true, actions: []ConflictAction{ConflictUndo}, of: []Reason{
		PatronBlocked, CardExpired, CardIsLost, OwesTooMuch, TooManyLoans, TooManyOverdue, IsLongOverdue, TooYoung, TooOld, NoGuarantor, Suspended, OldFacts,
	}},
	{class: ClassDateDiffers, of: []Reason{PromisedLater}, stands: true},
	{class: ClassDateDiffers, of: []Reason{DateDiffers}, actions: []ConflictAction{ConflictRenew}},
	{class: ClassMoney, of: []Reason{NotBooked}},
	{class: ClassOverpaid, of: []Reason{Overpaid}, stands: true},
	{class: ClassClock, of: []Reason{ClockAhead}, stands: true},
}

// classify gives the class of what an entry met, and whether the rules have settled
// all of it.
func classify(cmd string, at time.Time, met []Remark, rejected bool) (class ConflictClass, stands bool) {
	stands = len(met) > 0
	for _, m := range met {
		i := slices.IndexFunc(aConflicts, func(c aConflict) bool { return c.fits(cmd, at, m) })
		stands = stands && i >= 0 && aConflicts[i].stands
	}
	for _, c := range aConflicts {
		if slices.ContainsFunc(met, func(m Remark) bool { return c.fits(cmd, at, m) }) {
			class = c.class
			break
		}
	}
	switch {
	case rejected && class != ClassOperator:
		return ClassRejected, false
	case class == "":
		return ClassOther, false
	}
	return class, stands && !rejected
}

func (c aConflict) fits(cmd string, at time.Time, m Remark) bool {
	return slices.Contains(c.of, m.Reason) && (c.when == nil || c.when(cmd, at, m))
}

// Actions gives what can be done about a conflict, the fitting first; to keep it as it
// stands is always the last.
func (r Conflict) Actions() []ConflictAction {
	var all []ConflictAction
	for _, c := range aConflicts {
		if c.class != r.Class || r.Rejected {
			continue
		}
		for _, a := range c.actions {
			if !slices.Contains(all, a) && r.can(a) {
				all = append(all, a)
			}
		}
	}
	return append(all, ConflictKeep)
}

// can reports whether there is something to do an action with.
func (r Conflict) can(a ConflictAction) bool {
	switch a {
	case ConflictReturn, ConflictRenew:
		return r.Item != ""
	case ConflictMerge:
		other, there := r.Other()
		return r.Patron != "" && there && other.Patron != ""
	}
	return true
}

// ConflictClasses gives the classes, each once.
func ConflictClasses() (all []ConflictClass) {
	for _, c := range aConflicts {
		if !slices.Contains(all, c.class) {
			all = append(all, c.class)
		}
	}
	return append(all, ClassRejected, ClassOther)
}

// ConflictActions gives the actions.
func ConflictActions() []ConflictAction {
	return []ConflictAction{ConflictReturn, ConflictRenew, ConflictUndo, ConflictBillNobody, ConflictMerge, ConflictKeep}
}
