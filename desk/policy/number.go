package policy

import (
	"errors"
	"strings"
	"time"

	"circdesk/desk/money"
)

// NoLimit is the number that stands for "no limit".
const NoLimit = -1

// most bounds counts and amounts: a hostile number cannot overflow a sum.
const (
	mostCount = 1_000_000
	mostMinor = 1_000_000_000
)

// A number is one of the terms, each resolved by itself.
type number int

// The numbers, in the order of the trace.
const (
	loanable number = iota
	period
	renewals
	renewPeriod
	maxLoans
	maxRequests
	maxOwed
	fine
	maxFine
	shelfDays
	doubleScan
	renewMinGain
	waitedPeriod
	scheduleOf
	dueBy
	dueByExpiry
	closedDays
	closedHours
	overnight
	morning
	fineEvery
	fineCharged
	fineGrace
	fineClosed
	finePrice
	price
	suspendDays
	suspendEvery
	suspendMost
	processing
	refund
	refundWithin
	maxClaims
	maxOverdue
	minAge
	maxAge
	guarantorUnder
	longOverdue
	recallable
	recallReturn
	recallGuarantee
	recallFine
	recallGrace
	requestFee
	cardFee
	cardRenewalFee
	cardReplacementFee
	numbers // how many there are
)

// everyNumber has a bit for each.
const everyNumber = 1<<numbers - 1

// A value is what a row says of a number; spans of time are in nanoseconds.
type value struct {
	n    int64
	unit Unit
	text string // of numbers that are words
}

// about says what a row must say of a number and where.
type about struct {
	key      string // in the text, and the code of the step
	ofPerson bool   // counts all that a person has: may not depend on the item
	read     func(t *table, key, currency string) (value, bool)
}

// abouts has one for each number.
var abouts = [numbers]about{
	loanable:       {key: StepLoanable, read: readYesNo},
	period:         {key: StepPeriod, read: readPeriod},
	renewals:       {key: StepRenewals, read: readLimit},
	renewPeriod:    {key: StepRenewPeriod, read: readPeriod},
	maxLoans:       {key: StepLoans, ofPerson: true, read: readLimit},
	maxRequests:    {key: StepRequests, ofPerson: true, read: readLimit},
	maxOwed:        {key: StepMaxOwed, ofPerson: true, read: readAmountOrNone},
	fine:           {key: StepFine, read: readFine},
	maxFine:        {key: StepMaxFine, read: readAmountOrNone},
	shelfDays:      {key: StepShelfDays, read: readShelfDays},
	doubleScan:     {key: StepDoubleScan, read: readSpan(0, time.Hour)},
	renewMinGain:   {key: StepRenewMinGain, read: readSpan(0, 366*24*time.Hour)},
	waitedPeriod:   {key: StepWaitedPeriod, read: readPeriod},
	scheduleOf:     {key: StepSchedule, read: readWord},
	dueBy:          {key: StepDueBy, read: readWord},
	dueByExpiry:    {key: StepDueByExpiry, read: readYesNo},
	closedDays:     {key: StepClosedDays, read: readClosed},
	closedHours:    {key: StepClosedHours, read: readClosedHours},
	overnight:      {key: StepOvernightFrom, read: readSpan(0, 24*time.Hour)},
	morning:        {key: StepOvernightDue, read: readSpan(0, 24*time.Hour)},
	fineEvery:      {key: StepFineEvery, read: readFineEvery},
	fineCharged:    {key: StepFineCharged, read: readCharged},
	fineGrace:      {key: StepFineGrace, read: readGrace},
	fineClosed:     {key: StepFineClosed, read: readYesNo},
	finePrice:      {key: StepFinePrice, read: readYesNo},
	price:          {key: StepPrice, read: readAmount},
	suspendDays:    {key: StepSuspendDays, read: readSuspendDays},
	suspendEvery:   {key: StepSuspendEvery, read: readSuspendEvery},
	suspendMost:    {key: StepSuspendMost, read: readLimit},
	processing:     {key: StepProcessing, read: readAmount},
	refund:         {key: StepRefund, read: readPercent},
	refundWithin:   {key: StepRefundWithin, read: readGrace},
	minAge:         {key: StepMinAge, read: readAge},
	maxAge:         {key: StepMaxAge, read: readAgeOrNone},
	guarantorUnder: {key: StepGuarantor, ofPerson: true, read: readAge},
	maxOverdue:     {key: StepMaxOverdue, ofPerson: true, read: readLimit},
	longOverdue:    {key: StepLongOverdue, read: readNever},
	maxClaims:      {key: StepMaxClaims, ofPerson: true, read: readLimit},

	recallable:      {key: StepRecallable, read: readYesNo},
	recallReturn:    {key: StepRecallReturn, read: readGrace},
	recallGuarantee: {key: StepRecallGuarantee, read: readGrace},
	recallFine:      {key: StepRecallFine, read: readAmount},
	recallGrace:     {key: StepRecallGrace, read: readYesNo},

	requestFee:         {key: StepRequestFee, ofPerson: true, read: readAmount},
	cardFee:            {key: StepCardFee, ofPerson: true, read: readAmount},
	cardRenewalFee:     {key: StepCardRenewalFee, ofPerson: true, read: readAmount},
	cardReplacementFee: {key: StepCardReplacementFee, ofPerson: true, read: readAmount},
}

// asksForGuarantors reports whether a row asks for one.
func (a *answers) asksForGuarantors() bool {
	return a.gives(guarantorUnder) && a.value[guarantorUnder].n > 0
}

// givesUp reports whether a row takes loans for long overdue at all.
func (a *answers) givesUp() bool { return a.gives(longOverdue) && a.value[longOverdue].unit != "" }

// step says what a row gave.
func (n number) step(v value, row string) Step {
	s := Step{Code: abouts[n].key, N: int(v.n), Unit: v.unit, Text: v.text, Row: row}
	switch n {
	case doubleScan, renewMinGain, overnight, morning:
		s.N = int(v.n / int64(time.Second))
	}
	return s
}

// set puts the number into the terms.
func (t *Terms) set(n number, v value) {
	switch n {
	case loanable:
		t.Loanable = v.n != 0
	case period:
		t.Period = Period{int(v.n), v.unit}
	case renewals:
		t.Renewals = int(v.n)
	case renewPeriod:
		t.RenewPeriod = Period{int(v.n), v.unit}
	case maxLoans:
		t.MaxLoans = int(v.n)
	case maxRequests:
		t.MaxRequests = int(v.n)
	case maxOwed:
		t.MaxOwed = v.n
	case fine:
		t.Fine = v.n
	case maxFine:
		t.MaxFine = v.n
	case shelfDays:
		t.ShelfDays = int(v.n)
	case doubleScan:
		t.DoubleScan = time.Duration(v.n)
	case renewMinGain:
		t.RenewMinGain = time.Duration(v.n)
	case waitedPeriod:
		t.WaitedPeriod = Period{int(v.n), v.unit}
	case scheduleOf:
		t.Schedule = v.text
	case dueBy:
		t.DueBy = v.text
	case dueByExpiry:
		t.DueByExpiry = v.n != 0
	case closedDays:
		t.ClosedDays = Closed(v.text)
	case closedHours:
		t.ClosedHours = ClosedHours(v.text)
	case overnight:
		t.Overnight = time.Duration(v.n)
	case morning:
		t.Morning = time.Duration(v.n)
	case fineEvery:
		t.FineEvery = Period{int(v.n), v.unit}
	case fineCharged:
		t.FineCharged = Charged(v.text)
	case fineGrace:
		t.FineGrace = Period{int(v.n), v.unit}
	case fineClosed:
		t.FineClosed = v.n != 0
	case finePrice:
		t.FinePrice = v.n != 0
	case price:
		t.Price = v.n
	case suspendDays:
		t.Suspend.Days = int(v.n)
	case suspendEvery:
		t.Suspend.Every = Period{int(v.n), v.unit}
	case suspendMost:
		t.Suspend.Most = int(v.n)
	case processing:
		t.Processing = v.n
	case refund:
		t.Refund = int(v.n)
	case refundWithin:
		t.RefundWithin = Period{int(v.n), v.unit}
	case minAge:
		t.MinAge = int(v.n)
	case maxAge:
		t.MaxAge = int(v.n)
	case guarantorUnder:
		t.GuarantorUnder = int(v.n)
	case maxOverdue:
		t.MaxOverdue = int(v.n)
	case maxClaims:
		t.MaxClaims = int(v.n)
	case longOverdue:
		t.LongOverdue = Period{int(v.n), v.unit}
	case recallable:
		t.Recallable = v.n != 0
	case recallReturn:
		t.RecallReturn = Period{int(v.n), v.unit}
	case recallGuarantee:
		t.RecallGuarantee = Period{int(v.n), v.unit}
	case recallFine:
		t.RecallFine = v.n
	case recallGrace:
		t.RecallGrace = v.n != 0
	case requestFee:
		t.RequestFee = v.n
	case cardFee:
		t.CardFee = v.n
	case cardRenewalFee:
		t.CardRenewalFee = v.n
	case cardReplacementFee:
		t.CardReplacementFee = v.n
	}
}

// readWord takes an id, which the whole text must know: see [Set.check].
func readWord(t *table, key, _ string) (value, bool) {
	s, ok := t.text(key, 100)
	return value{text: s}, ok
}

func readClosed(t *table, key, _ string) (value, bool) {
	c := t.closed(key, "")
	return value{text: string(c)}, c != ""
}

func readClosedHours(t *table, key, _ string) (value, bool) {
	c := t.closedHours(key, "")
	return value{text: string(c)}, c != ""
}

func readYesNo(t *table, key, _ string) (value, bool) {
	v, ok := t.take(key)
	if !ok {
		return value{}, false
	}
	yes, ok := v.(bool)
	if !ok {
		t.bad(key, "want true or false, not %s", kind(v))
		return value{}, false
	}
	if yes {
		return value{n: 1}, true
	}
	return value{}, true
}

func readPeriod(t *table, key, _ string) (value, bool) {
	s, ok := t.text(key, 60)
	if !ok {
		return value{}, false
	}
	p, err := ParsePeriod(s)
	if err != nil {
		t.bad(key, "%v", err)
		return value{}, false
	}
	return value{n: int64(p.N), unit: p.Unit}, true
}

// perDay is the other way to write a fee for being late: so much for each day.
const perDay = "fine_per_day"

// readFine takes what each interval costs; the older way to write it gives the
// interval, too.
func readFine(t *table, key, currency string) (value, bool) {
	if _, ok := t.left[perDay]; !ok {
		return readAmount(t, key, currency)
	}
	for _, other := range []string{StepFine, StepFineEvery} {
		if _, both := t.left[other]; both {
			t.bad(perDay, "says the same as %s: write one of them", other)
		}
	}
	return readAmount(t, perDay, currency)
}

// readFineEvery takes the interval that a fee is for.
func readFineEvery(t *table, key, currency string) (value, bool) {
	v, ok := readPeriod(t, key, currency)
	switch {
	case !ok:
		return value{}, false
	case v.unit != Minutes && v.unit != Hours && v.unit != Days && v.unit != Weeks:
		t.bad(key, "want minutes, hours, days or weeks, as in \"1 day\"")
	case v.n == 0:
		t.bad(key, "is no time at all")
	default:
		return v, true
	}
	return value{}, false
}

func readGrace(t *table, key, currency string) (value, bool) {
	v, ok := readPeriod(t, key, currency)
	if ok && (v.unit == EndOfOpening || v.unit == EndOfTerm) {
		t.bad(key, "want a number and a unit, as in \"2 days\"")
		return value{}, false
	}
	return v, ok
}

// readNever takes a length of time, or "never".
func readNever(t *table, key, currency string) (value, bool) {
	if t.left[key] == "never" {
		t.take(key)
		return value{}, true
	}
	return readGrace(t, key, currency)
}

func readCharged(t *table, key, _ string) (value, bool) {
	s, ok := t.text(key, 60)
	if !ok {
		return value{}, false
	}
	switch c := Charged(s); c {
	case Begun, Completed:
		return value{text: s}, true
	}
	t.bad(key, "%s is none of begun, completed", quote(s))
	return value{}, false
}

// readLimit takes a count, or "no limit".
func readLimit(t *table, key, _ string) (value, bool) {
	v, ok := t.left[key]
	if ok && isNoLimit(v) {
		t.take(key)
		return value{n: NoLimit}, true
	}
	return readCount(t, key, mostCount)
}

func readSuspendDays(t *table, key, _ string) (value, bool) { return readCount(t, key, 3660) }

// readSuspendEvery takes the time late that days of suspension are for.
func readSuspendEvery(t *table, key, currency string) (value, bool) {
	v, ok := readPeriod(t, key, currency)
	if ok && (v.unit != Days && v.unit != Weeks || v.n == 0) {
		t.bad(key, "want days or weeks, as in \"1 day\"")
		return value{}, false
	}
	return v, ok
}

// readPercent takes a share.
func readPercent(t *table, key, _ string) (value, bool) {
	s, ok := t.text(key, 60)
	if !ok {
		return value{}, false
	}
	n, isNumber := digits(strings.TrimSpace(strings.TrimSuffix(s, "%")))
	if !isNumber || !strings.HasSuffix(s, "%") || n > 100 {
		t.bad(key, "want a share from \"0%%\" to \"100%%\" in quotes, not %s", quote(s))
		return value{}, false
	}
	return value{n: int64(n)}, true
}

func readAge(t *table, key, _ string) (value, bool) { return readCount(t, key, 200) }

// readAgeOrNone takes an age, or "no limit".
func readAgeOrNone(t *table, key, currency string) (value, bool) {
	if v, ok := t.left[key]; ok && isNoLimit(v) {
		t.take(key)
		return value{n: NoLimit}, true
	}
	return readAge(t, key, currency)
}

func readShelfDays(t *table, key, _ string) (value, bool) { return readCount(t, key, 3660) }

func readCount(t *table, key string, most int64) (value, bool) {
	v, ok := t.take(key)
	if !ok {
		return value{}, false
	}
	n, ok := v.(int64)
	switch {
	case !ok:
		t.bad(key, "want a whole number, not %s", kind(v))
	case n < 0:
		t.bad(key, "%d is below zero", n)
	case n > most:
		t.bad(key, "%d is more than %d", n, most)
	default:
		return value{n: n}, true
	}
	return value{}, false
}

func isNoLimit(v any) bool { return v == "no limit" }

// readAmountOrNone takes an amount, or "no limit".
func readAmountOrNone(t *table, key, currency string) (value, bool) {
	v, ok := t.left[key]
	if ok && isNoLimit(v) {
		t.take(key)
		return value{n: NoLimit}, true
	}
	return readAmount(t, key, currency)
}

// readAmount takes an amount in quotes, so that no floating point comes near money.
// Without a currency, which is said elsewhere, it says only what is an amount of none.
func readAmount(t *table, key, currency string) (value, bool) {
	v, ok := t.left[key]
	if !ok {
		return value{}, false
	}
	if _, isText := v.(string); !isText {
		t.take(key)
		t.bad(key, "want an amount in quotes, as in \"0.20\", not %s", kind(v))
		return value{}, false
	}
	s, ok := t.text(key, 60)
	if !ok {
		return value{}, false
	}
	if currency == "" { // a mistake of its own, behind which no other is to hide
		const some = "EUR" // how many decimals there may be nobody knows
		if _, err := money.Parse(s, some); errors.Is(err, money.ErrNotMoney) || errors.Is(err, money.ErrNegative) {
			t.bad(key, "%s is not an amount", quote(s))
		}
		return value{}, false
	}
	a, err := money.Parse(s, currency)
	switch {
	case err != nil:
		t.bad(key, "%v", err)
	case a.Minor > mostMinor:
		t.bad(key, "%s is more than %d minor units", a, int64(mostMinor))
	default:
		return value{n: a.Minor}, true
	}
	return value{}, false
}

// readSpan takes a span of instants.
func readSpan(least, most time.Duration) func(t *table, key, currency string) (value, bool) {
	return func(t *table, key, _ string) (value, bool) {
		if _, ok := t.left[key]; !ok {
			return value{}, false
		}
		const wrong = -1
		d := t.duration(key, least, most, wrong)
		return value{n: int64(d)}, d != wrong
	}
}
