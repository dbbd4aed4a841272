package circ

import "time"

// age gives how old the patron is at the act, in whole years of the library's
// calendar; who was born on 29 February is a year older on 1 March. False: nobody
// knows when the patron was born.
func (a *asking) age() (int, bool) {
	born, err := time.Parse(time.DateOnly, a.p.Birth)
	if err != nil {
		return 0, false
	}
	y, m, d := a.c.Act.At.In(a.c.Rules.Location(a.c.Act.Library)).Date()
	years := y - born.Year()
	if m < born.Month() || m == born.Month() && d < born.Day() {
		years--
	}
	return years, true
}

// rightAge: an age that nobody knows stands against nothing, and is told.
func rightAge(a *asking) {
	if a.terms.MinAge <= 0 && a.terms.MaxAge < 0 {
		return
	}
	switch years, known := a.age(); {
	case !known:
		a.tell(Remark{Reason: AgeNotKnown, Who: a.p.ID})
	case years < a.terms.MinAge:
		a.stands(Remark{Reason: TooYoung, N: years, Max: a.terms.MinAge, Who: a.p.ID, Item: a.it.ID})
	case a.terms.MaxAge >= 0 && years > a.terms.MaxAge:
		a.stands(Remark{Reason: TooOld, N: years, Max: a.terms.MaxAge, Who: a.p.ID, Item: a.it.ID})
	}
}

// guarantorMissing: who is too young answers for nothing alone.
func guarantorMissing(a *asking) {
	years, known := a.age()
	if !known || years >= a.terms.GuarantorUnder {
		return
	}
	guarantors := count(a.c, func(l Link) bool { return l.Patron == a.p.ID && l.Kind == Guarantor && l.Ended.IsZero() })
	if guarantors == 0 {
		a.stands(Remark{Reason: NoGuarantor, N: years, Max: a.terms.GuarantorUnder, Who: a.p.ID, Way: Way{Do: WayLinkPatron}})
	}
}
