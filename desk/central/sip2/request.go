package sip2

import (
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/money"
)

// Requests are made by a profile for an account: what is optional is sent only
// where there is something to say.

func (p Profile) login(a Account) (sipwire.Message, error) {
	b := p.Form.Build(sipwire.Login).
		Set(sipwire.UIDAlgorithm, "0").Set(sipwire.PasswordAlgorithm, "0").
		Field(sipwire.LoginUser, a.User).Field(sipwire.LoginPassword, a.Password)
	return optional(b, sipwire.LoginLocation, a.Location).Message()
}

func (p Profile) statusRequest(c sipwire.Condition) (sipwire.Message, error) {
	return p.Form.Build(sipwire.TerminalStatus).
		Set(sipwire.StatusCode, string(c)).Count(sipwire.PrintWidth, 80).Set(sipwire.ProtocolVersion, "2.00").Message()
}

// optional adds a field that has a value.
func optional(b *sipwire.Builder, t sipwire.Tag, s string) *sipwire.Builder {
	if s != "" {
		b.Field(t, s)
	}
	return b
}

// begin begins a request with its transaction date, institution, and the
// terminal's password.
func (p Profile) begin(c sipwire.Code, a Account, at time.Time) *sipwire.Builder {
	b := p.Form.Build(c).Date(sipwire.TransactionDate, at, a.zone()).Field(sipwire.Institution, a.Institution)
	return optional(b, sipwire.TerminalPassword, a.Terminal)
}

func (a Account) language() string {
	if a.Language == "" {
		return "000"
	}
	return a.Language
}

// PatronStatus asks for a patron's marks (23).
func (p Profile) PatronStatus(a Account, at time.Time, patron string) (sipwire.Message, error) {
	return p.begin(sipwire.PatronStatusRequest, a, at).Set(sipwire.Language, a.language()).
		Field(sipwire.PatronID, patron).Message()
}

// PatronInfo asks for a patron and a page of one list (63): its items from first to
// last, counted from 1; zero: as many as the system gives.
func (p Profile) PatronInfo(a Account, at time.Time, patron string, l sipwire.List, first, last int) (sipwire.Message, error) {
	b := p.begin(sipwire.PatronInformation, a, at).Set(sipwire.Language, a.language()).List(l).
		Field(sipwire.PatronID, patron)
	if first > 0 {
		b.Limit(sipwire.StartItem, first).Limit(sipwire.EndItem, last)
	}
	return b.Message()
}

// ItemInfo asks for an item (17).
func (p Profile) ItemInfo(a Account, at time.Time, item string) (sipwire.Message, error) {
	return p.begin(sipwire.ItemInformation, a, at).Field(sipwire.ItemID, item).Message()
}

// Loan is a check-out (11) or a renewal (29).
type Loan struct {
	Patron, Item string
	At           time.Time
	Due          time.Time // promised at the desk; zero: none was
	Happened     bool      // while the system was away
	FeeAgreed    bool      // the patron takes the fee over
	Cancels      bool      // it takes a check-in back
}

// Checkout lends (11). The system is told that it is no renewal.
func (p Profile) Checkout(a Account, l Loan) (sipwire.Message, error) {
	b := p.begin(sipwire.Checkout, a, l.At).
		Flag(sipwire.RenewalPolicy, false).Flag(sipwire.NoBlock, l.Happened).
		Field(sipwire.PatronID, l.Patron).Field(sipwire.ItemID, l.Item)
	if l.Cancels {
		b.FlagField(sipwire.Cancel, true)
	}
	return p.due(p.agreed(b, l), a, l.Due, l.Happened).Message()
}

// Renew renews one loan (29).
func (p Profile) Renew(a Account, l Loan) (sipwire.Message, error) {
	b := p.begin(sipwire.Renew, a, l.At).
		Flag(sipwire.ThirdPartyAllowed, false).Flag(sipwire.NoBlock, l.Happened).
		Field(sipwire.PatronID, l.Patron).Field(sipwire.ItemID, l.Item)
	return p.due(p.agreed(b, l), a, l.Due, l.Happened || p.RenewsToDate).Message()
}

func (p Profile) agreed(b *sipwire.Builder, l Loan) *sipwire.Builder {
	if l.FeeAgreed {
		b.FlagField(sipwire.FeeAcknowledged, true)
	}
	return b
}

// due sets the due date that was promised, or none.
func (p Profile) due(b *sipwire.Builder, a Account, due time.Time, set bool) *sipwire.Builder {
	if !set {
		due = time.Time{}
	}
	return b.Date(sipwire.NBDueDate, due, a.zone())
}

// RenewAll renews all that a patron has (65).
func (p Profile) RenewAll(a Account, at time.Time, patron string) (sipwire.Message, error) {
	return p.begin(sipwire.RenewAll, a, at).Field(sipwire.PatronID, patron).Message()
}

// Return is a check-in (09).
type Return struct {
	Item     string
	At       time.Time
	Returned time.Time // when it came back: before At where a book drop was emptied
	Happened bool      // while the system was away
	Cancels  bool      // it takes a check-out back
}

// Checkin takes back (09).
func (p Profile) Checkin(a Account, r Return) (sipwire.Message, error) {
	branch := a.Branch
	if p.NoBranch {
		branch = ""
	}
	b := p.begin(sipwire.Checkin, a, r.At).
		Flag(sipwire.NoBlock, r.Happened).Date(sipwire.ReturnDate, r.Returned, a.zone()).
		Field(sipwire.CurrentLocation, branch).Field(sipwire.ItemID, r.Item)
	if r.Cancels {
		b.FlagField(sipwire.Cancel, true)
	}
	return b.Message()
}

// Hold is a request for a title's next copy, or for one copy (15).
type Hold struct {
	Do           sipwire.HoldAction
	Patron       string
	Item         string // of the copy, or of one of the title's
	At           time.Time
	Until        time.Time // zero: for good
	Pickup       string    // the code of a branch
	SpecificCopy bool
}

// PlaceHold makes, changes or takes back a request (15).
func (p Profile) PlaceHold(a Account, h Hold) (sipwire.Message, error) {
	kind := sipwire.HoldAnyCopy
	if h.SpecificCopy {
		kind = sipwire.HoldSpecificCopy
	}
	b := p.begin(sipwire.Hold, a, h.At).Set(sipwire.HoldMode, string(h.Do)).
		Field(sipwire.PatronID, h.Patron).Field(sipwire.ItemID, h.Item)
	if h.Do != sipwire.HoldCancel {
		b.Field(sipwire.HoldTypeTag, string(kind))
		optional(b, sipwire.PickupLocation, h.Pickup)
		if !h.Until.IsZero() {
			b.DateField(sipwire.ExpirationDate, h.Until, a.zone())
		}
	}
	return b.Message()
}

// Payment is money taken for fees (37).
type Payment struct {
	Patron string
	At     time.Time
	Amount money.Amount
	Method string          // ours: see [Profile.Payments]
	For    sipwire.FeeType // empty: other
	FeeID  string          // the system's; empty: it settles its oldest fees
	ID     string          // ours, by which it can be found again
}

// FeePaid tells of money taken (37).
func (p Profile) FeePaid(a Account, pay Payment) (sipwire.Message, error) {
	kind, fee := p.Payments[pay.Method], pay.For
	if kind == "" {
		kind = payment(pay.Method)
	}
	if fee == "" {
		fee = sipwire.FeeOther
	}
	b := p.begin(sipwire.FeePaid, a, pay.At).
		Set(sipwire.FeeTypePart, string(fee)).Set(sipwire.PaymentTypePart, string(kind)).
		Amount(sipwire.FeeAmount, pay.Amount).Field(sipwire.PatronID, pay.Patron)
	return optional(optional(b, sipwire.FeeID, pay.FeeID), sipwire.TransactionID, pay.ID).Message()
}

// payment gives the protocol's code for how money was taken.
func payment(method string) sipwire.PaymentType {
	if method == "card" {
		return sipwire.PaidCreditCard
	}
	return sipwire.PaidCash
}

// BlockPatron blocks a card (01). The text is for staff.
func (p Profile) BlockPatron(a Account, at time.Time, patron, why string, retained bool) (sipwire.Message, error) {
	return p.begin(sipwire.BlockPatron, a, at).Flag(sipwire.CardRetained, retained).
		Field(sipwire.BlockedMessage, why).Field(sipwire.PatronID, patron).Message()
}

// PatronEnable lifts what a block has set (25).
func (p Profile) PatronEnable(a Account, at time.Time, patron string) (sipwire.Message, error) {
	return p.begin(sipwire.PatronEnable, a, at).Field(sipwire.PatronID, patron).Message()
}

// EndSession says that a patron's visit is over (35).
func (p Profile) EndSession(a Account, at time.Time, patron string) (sipwire.Message, error) {
	return p.begin(sipwire.EndSession, a, at).Field(sipwire.PatronID, patron).Message()
}
