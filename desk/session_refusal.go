package desk

import (
	"strconv"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/words"
)

// The reasons that are the session's own: it refuses before a command is made.
// In JSON they stand as they are: never renamed.
const (
	SignInFirst    circ.Reason = "sign_in_first"
	AnswerFirst    circ.Reason = "answer_first"
	NoQuestion     circ.Reason = "no_question"
	NoPatron       circ.Reason = "no_patron" // no visit is open
	NoPatronFound  circ.Reason = "no_patron_found"
	NoTitleFound   circ.Reason = "no_title_found"
	NoSuchNumber   circ.Reason = "no_such_number"
	NothingTyped   circ.Reason = "nothing_typed"
	EmptyScan      circ.Reason = "empty_scan"
	NotACode       circ.Reason = "not_a_code"
	TooLong        circ.Reason = "too_long"
	UnknownCode    circ.Reason = "unknown_code"
	ThatIsISBN     circ.Reason = "isbn" // Text: the title, where it is known
	ThatIsISSN     circ.Reason = "issn"
	ThatIsISMN     circ.Reason = "ismn"
	ThatIsProduct  circ.Reason = "product"
	ThatIsRecord   circ.Reason = "record"
	CheckDigit     circ.Reason = "check_digit"
	CheckRefused   circ.Reason = "check_refused"
	WrongPIN       circ.Reason = "wrong_pin"
	WaitForPIN     circ.Reason = "wait" // N: seconds
	ReasonNeeded   circ.Reason = "reason_needed"
	BadAmount      circ.Reason = "bad_amount"
	AmountTooBig   circ.Reason = "amount_too_big"
	NoSuchFeeType  circ.Reason = "no_such_fee_type" // Text: what was typed
	WhichFee       circ.Reason = "which_fee"        // N: how many there are
	OnlyDisputed   circ.Reason = "only_disputed"    // all that is owed
	BadDate        circ.Reason = "bad_date"
	NoCentral      circ.Reason = "no_central"
	NoLine         circ.Reason = "no_line"
	NoDrawer       circ.Reason = "no_drawer"
	NoSuchReceipt  circ.Reason = "no_such_receipt" // Text: the number
	NoSlip         circ.Reason = "no_slip"
	SlipFailed     circ.Reason = "slip_failed"
	NoSuchConflict circ.Reason = "no_such_conflict"
	NoSuchAction   circ.Reason = "no_such_action" // Text: what was to be done
	NotWrittenDown circ.Reason = "not_written"
	Failed         circ.Reason = "failed"
	NeverShown     circ.Reason = "never_shown"
	StillFor       circ.Reason = "still_for" // a question: the visit sleeps; Who
	NothingToRenew circ.Reason = "nothing_to_renew"
	NoneOverdue    circ.Reason = "none_overdue"    // of what the open patron has
	NoLoanOfFee    circ.Reason = "no_loan_of_fee"  // the fee is for no loan
	BornOtherwise  circ.Reason = "born_otherwise"  // N: how many more dates may be tried
	BirthNotKnown  circ.Reason = "birth_not_known" // at this desk
	TooManyDates   circ.Reason = "too_many_dates"  // were tried of this patron
)

// remark says a remark, the engine's or the session's own.
func (s *Session) remark(r circ.Remark, n words.Names) string {
	w := s.c.Words
	switch r.Reason {
	case SignInFirst:
		return w.Text(words.RefusalSignInFirst)
	case AnswerFirst:
		return w.Text(words.RefusalAnswerFirst)
	case NoQuestion:
		return w.Text(words.RefusalNoQuestion)
	case NoPatron:
		return w.Text(words.RefusalNoPatron)
	case NoPatronFound:
		return s.notHere(w.Text(words.RefusalNoPatronFound, "query", r.Text), n)
	case NoTitleFound:
		return s.notHere(w.Text(words.RefusalNoTitleFound, "query", r.Text), n)
	case NoSuchNumber:
		return w.Text(words.RefusalNoSuchNumber, "number", strconv.Itoa(r.N))
	case NothingTyped:
		return w.Text(words.RefusalNothingTyped)
	case EmptyScan:
		return w.Text(words.RefusalEmptyScan)
	case BornOtherwise:
		return w.N(words.RefusalBornOtherwise, r.N)
	case BirthNotKnown:
		return w.Text(words.RefusalBirthNotKnown)
	case TooManyDates:
		return w.Text(words.RefusalTooManyDates)
	case NotACode:
		return w.Text(words.RefusalNotACode, "text", r.Text)
	case TooLong:
		return w.Text(words.RefusalTooLong)
	case UnknownCode:
		return w.Text(words.RefusalUnknownCode, "code", r.Text)
	case ThatIsISBN:
		if r.Text == "" {
			return w.Tell(string(r.Reason), "")
		}
		return w.Text(words.RefusalIsbnTitle, "title", r.Text)
	case ThatIsISSN, ThatIsISMN, ThatIsProduct, ThatIsRecord, CheckDigit, CheckRefused:
		return w.Tell(string(r.Reason), r.Text)
	case WrongPIN:
		return w.Text(words.RefusalWrongPin)
	case WaitForPIN:
		return w.N(words.RefusalWait, r.N)
	case ReasonNeeded:
		return w.Text(words.RefusalReasonNeeded)
	case AmountTooBig:
		most := money.Amount{Minor: circ.MostAmount, Currency: s.c.Desk.Policy().Currency()}
		return w.Text(words.RefusalAmountTooBig, "text", r.Text, "most", w.Money(most))
	case NoSuchFeeType:
		var kinds []string
		for _, k := range circ.FeeTypes() {
			kinds = append(kinds, string(k))
		}
		return w.Text(words.RefusalNoSuchFeeType, "text", r.Text, "kinds", w.List(kinds...))
	case WhichFee:
		return w.N(words.RefusalWhichFee, r.N)
	case OnlyDisputed:
		return w.Text(words.RefusalOnlyDisputed)
	case BadAmount:
		return w.Text(words.RefusalBadAmount, "text", r.Text)
	case BadDate:
		return w.Text(words.RefusalBadDate, "text", r.Text)
	case NoCentral:
		return w.Text(words.RefusalNoCentral)
	case NoLine:
		return w.Text(words.RefusalNoLine)
	case NoDrawer:
		return w.Text(words.RefusalNoDrawer)
	case NoSuchReceipt:
		return w.Text(words.RefusalNoSuchReceipt, "receipt", r.Text)
	case NoSlip:
		return w.Text(words.RefusalNoSlip)
	case SlipFailed:
		return w.Text(words.RefusalSlipFailed, "why", r.Text)
	case NoSuchConflict:
		return w.Text(words.RefusalNoSuchConflict)
	case NoSuchAction:
		return w.Text(words.RefusalNoSuchAction, "text", r.Text)
	case NotWrittenDown:
		return w.Text(words.RefusalNotWritten, "why", r.Text)
	case Failed:
		return w.Text(words.RefusalFailed, "why", r.Text)
	case NeverShown:
		return w.Text(words.RefusalNeverShown)
	case StillFor:
		return w.Text(words.VisitStillFor, "name", s.who(n, r.Who))
	case circ.NoSuchMethod:
		return w.Text(words.OutcomeWaysToPay, "said", w.Reason(r, n), "methods", w.List(s.c.Desk.Policy().PayMethods()...))
	case NoneOverdue:
		return w.Text(words.OutcomeNoneOverdue)
	case NoLoanOfFee:
		return w.Text(words.OutcomeNoLoanOfFee)
	case NothingToRenew:
		return w.Text(words.OutcomeRenewNothing)
	case circ.UnknownPatron, circ.UnknownItem, circ.UnknownTitle:
		return s.notHere(w.Reason(r, n), n)
	}
	return w.Reason(r, n)
}

// notHere says of what is not known that only the desk's copy was asked, and how old
// that is: while there is no line, nobody knows whether it is elsewhere.
func (s *Session) notHere(said string, n words.Names) string {
	if s.c.Up == nil {
		return said
	}
	st := s.c.Up.Status()
	switch {
	case st.Up:
		return said
	case st.Copy.IsZero():
		return s.c.Words.Text(words.RefusalNoCopy, "what", said)
	}
	return s.c.Words.Text(words.RefusalNotInCopy, "what", said, "at", s.c.Words.When(st.Copy, n))
}

func (s *Session) who(n words.Names, id circ.PatronID) string {
	if n.Patron == nil {
		return ""
	}
	return n.Patron(id)
}
