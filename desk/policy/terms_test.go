package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const someTerms = `
currency = "EUR"
zone = "Europe/Berlin"
[default]
renewals = 1
[[terms]]
item_type = "dvd"
renewals = 10
period = "7 days"
[[terms]]
group = "child"
renewals = 20
[[terms]]
group = "child"
item_type = "dvd"
renewals = 30
[[terms]]
library = "east"
renewals = 40
[[terms]]
library = "east"
item_type = "dvd"
renewals = 50
[[terms]]
name = "the reading room"
location = "reading"
renewals = 60
loanable = false
[[terms]]
group = "guest"
renewals = 70
[[terms]]
group = "guest"
renewals = 71
[[terms]]
group = "guest"
period = "3 days"
`

func TestTheMostSpecificRowWins(t *testing.T) {
	s := parse(t, someTerms)
	for _, row := range []struct {
		name     string
		q        Query
		renewals int
		row      string
	}{
		{"nothing fits: the default", Query{Group: "adult", Type: "book", Library: "main"}, 1, "default"},
		{"nothing is known: the default", Query{}, 1, "default"},
		{"an item type", Query{Group: "adult", Type: "dvd", Library: "main"}, 10, "terms 1"},
		{"a group", Query{Group: "child", Type: "book", Library: "main"}, 20, "terms 2"},
		{"a group and an item type beat either", Query{Group: "child", Type: "dvd", Library: "main"}, 30, "terms 3"},
		{"a library beats a group", Query{Group: "child", Type: "book", Library: "east"}, 40, "terms 4"},
		{"a library and an item type beat a group and an item type", Query{Group: "child", Type: "dvd", Library: "east"}, 50, "terms 5"},
		{"a location beats all", Query{Group: "child", Type: "dvd", Library: "east", Location: "reading"}, 60, "the reading room"},
		{"another location does not", Query{Group: "adult", Type: "dvd", Library: "main", Location: "stacks"}, 10, "terms 1"},
		{"of equal rows the later", Query{Group: "guest"}, 71, "terms 8"},
		{"ids are compared byte by byte", Query{Group: "Child"}, 1, "default"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := s.Terms(row.q)
			if got.Renewals != row.renewals {
				t.Errorf("renewals %d, want %d", got.Renewals, row.renewals)
			}
			if step := got.Trace()[renewals]; step != (Step{Code: StepRenewals, N: row.renewals, Row: row.row}) {
				t.Errorf("trace %+v, want row %s", step, row.row)
			}
		})
	}
}

func TestEachNumberIsResolvedByItself(t *testing.T) {
	s := parse(t, someTerms)
	got := s.Terms(Query{Group: "guest", Type: "dvd", Library: "east", Location: "reading"})
	want := BuiltIn()
	want.Loanable, want.Renewals, want.Period = false, 60, Period{3, Days}
	want.from = got.from
	if !reflect.DeepEqual(got, want) {
		t.Errorf("terms %+v, want %+v", got, want)
	}
	rows := map[string]string{}
	for _, step := range got.Trace() {
		rows[step.Code] = step.Row
	}
	if rows[StepLoanable] != "the reading room" || rows[StepPeriod] != "terms 9" || rows[StepLoans] != "" {
		t.Errorf("rows %v", rows)
	}
}

func TestEveryNumberIsReadAndTraced(t *testing.T) {
	s := parse(t, `
currency = "JPY"
zone = "Asia/Tokyo"
[default]
loanable = false
period = "3 weeks"
renewals = 4
renew_period = "1 month"
loans = 5
requests = 6
max_owed = "700"
fine_per_day = "8"
max_fine = "90"
shelf_days = 11
double_scan = "12s"
renew_min_gain = "2 days"
period_waited = "end of hours"
schedule = "school"
due_by = "school"
due_by_expiry = true
closed_days = "open_days"
closed_hours = "next_hours"
overnight_from = "2 hours"
overnight_due = "30 minutes"
fine_charged = "completed"
fine_grace = "2 days"
fine_when_closed = true
fine_up_to_price = true
replacement_price = "4000"
suspend_days = 2
suspend_every = "1 week"
suspend_most = 60
lost_processing = "500"
lost_refund = "50%"
lost_refund_within = "3 months"
claims = 3
overdue = 2
min_age = 6
max_age = 99
guarantor_under = 16
long_overdue = "8 weeks"
recallable = true
recall_return = "5 days"
recall_guarantee = "2 weeks"
recall_fine = "30"
recall_grace = false
request_fee = "31"
card_fee = "32"
card_renewal_fee = "33"
card_replacement_fee = "34"
[[schedule]]
id = "school"
[[schedule.term]]
from = 2026-04-01
to = 2027-03-31
`)
	want := Terms{
		Period: Period{3, Weeks}, Renewals: 4, RenewPeriod: Period{1, Months}, MaxLoans: 5, MaxRequests: 6, MaxOwed: 700,
		Fine: 8, FineEvery: Period{1, Days}, MaxFine: 90, ShelfDays: 11, DoubleScan: 12 * time.Second, RenewMinGain: 48 * time.Hour,
		WaitedPeriod: Period{0, EndOfOpening}, Schedule: "school", DueBy: "school", DueByExpiry: true,
		ClosedDays: OpenDays, ClosedHours: NextHours, Overnight: 2 * time.Hour, Morning: 30 * time.Minute,
		FineCharged: Completed, FineGrace: Period{2, Days}, FineClosed: true, FinePrice: true, Price: 4000,
		Suspend: Suspension{Days: 2, Every: Period{1, Weeks}, Most: 60}, Processing: 500, Refund: 50, RefundWithin: Period{3, Months}, MaxClaims: 3, MaxOverdue: 2, MinAge: 6, MaxAge: 99, GuarantorUnder: 16, LongOverdue: Period{8, Weeks},
		Recallable: true, RecallReturn: Period{5, Days}, RecallGuarantee: Period{2, Weeks}, RecallFine: 30,
		RequestFee: 31, CardFee: 32, CardRenewalFee: 33, CardReplacementFee: 34,
	}
	trace := []Step{
		{Code: "loanable", Row: "default"},
		{Code: "period", N: 3, Unit: Weeks, Row: "default"},
		{Code: "renewals", N: 4, Row: "default"},
		{Code: "renew_period", N: 1, Unit: Months, Row: "default"},
		{Code: "loans", N: 5, Row: "default"},
		{Code: "requests", N: 6, Row: "default"},
		{Code: "max_owed", N: 700, Row: "default"},
		{Code: "fine", N: 8, Row: "default"},
		{Code: "max_fine", N: 90, Row: "default"},
		{Code: "shelf_days", N: 11, Row: "default"},
		{Code: "double_scan", N: 12, Row: "default"},
		{Code: "renew_min_gain", N: 172800, Row: "default"},
		{Code: "period_waited", Unit: EndOfOpening, Row: "default"},
		{Code: "schedule", Text: "school", Row: "default"},
		{Code: "due_by", Text: "school", Row: "default"},
		{Code: "due_by_expiry", N: 1, Row: "default"},
		{Code: "closed_days", Text: "open_days", Row: "default"},
		{Code: "closed_hours", Text: "next_hours", Row: "default"},
		{Code: "overnight_from", N: 7200, Row: "default"},
		{Code: "overnight_due", N: 1800, Row: "default"},
		{Code: "fine_every", N: 1, Unit: Days, Row: "default"},
		{Code: "fine_charged", Text: "completed", Row: "default"},
		{Code: "fine_grace", N: 2, Unit: Days, Row: "default"},
		{Code: "fine_when_closed", N: 1, Row: "default"},
		{Code: "fine_up_to_price", N: 1, Row: "default"},
		{Code: "replacement_price", N: 4000, Row: "default"},
		{Code: "suspend_days", N: 2, Row: "default"},
		{Code: "suspend_every", N: 1, Unit: Weeks, Row: "default"},
		{Code: "suspend_most", N: 60, Row: "default"},
		{Code: "lost_processing", N: 500, Row: "default"},
		{Code: "lost_refund", N: 50, Row: "default"},
		{Code: "lost_refund_within", N: 3, Unit: Months, Row: "default"},
		{Code: "claims", N: 3, Row: "default"},
		{Code: "overdue", N: 2, Row: "default"},
		{Code: "min_age", N: 6, Row: "default"},
		{Code: "max_age", N: 99, Row: "default"},
		{Code: "guarantor_under", N: 16, Row: "default"},
		{Code: "long_overdue", N: 8, Unit: Weeks, Row: "default"},
		{Code: "recallable", N: 1, Row: "default"},
		{Code: "recall_return", N: 5, Unit: Days, Row: "default"},
		{Code: "recall_guarantee", N: 2, Unit: Weeks, Row: "default"},
		{Code: "recall_fine", N: 30, Row: "default"},
		{Code: "recall_grace", Row: "default"},
		{Code: "request_fee", N: 31, Row: "default"},
		{Code: "card_fee", N: 32, Row: "default"},
		{Code: "card_renewal_fee", N: 33, Row: "default"},
		{Code: "card_replacement_fee", N: 34, Row: "default"},
	}
	got := s.Terms(Query{})
	if steps := got.Trace(); !slices.Equal(steps, trace) {
		t.Errorf("trace\n%+v, want\n%+v", steps, trace)
	}
	got.from = nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("terms\n%+v, want\n%+v", got, want)
	}
}

func TestDefaultGivesTheBuiltInNumbers(t *testing.T) {
	for _, s := range []*Set{Default("EUR", "Europe/Berlin"), parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n")} {
		got := s.Terms(Query{Group: "any", Type: "any", Library: "any"})
		got.from = nil
		if want := BuiltIn(); !reflect.DeepEqual(got, want) {
			t.Errorf("terms %+v, want %+v", got, want)
		}
	}
}

func TestNoLimitIsBelowZero(t *testing.T) {
	got := parse(t, `
currency = "EUR"
zone = "UTC"
[default]
renewals = "no limit"
loans = "no limit"
requests = "no limit"
max_owed = "no limit"
max_fine = "no limit"
`).Terms(Query{})
	if got.Renewals >= 0 || got.MaxLoans >= 0 || got.MaxRequests >= 0 || got.MaxOwed >= 0 || got.MaxFine >= 0 {
		t.Errorf("terms %+v", got)
	}
}

// The model: of all rows that fit, the one whose named fields weigh most.
func TestTermsAreThoseOfTheModel(t *testing.T) {
	ids := rapid.SampledFrom([]string{"", "a", "b"})
	rapid.Check(t, func(t *rapid.T) {
		type plain struct {
			location, library, group, item string
			renewals, shelf                int // -1: not given
		}
		var rows []plain
		var b strings.Builder
		b.WriteString("currency = \"EUR\"\nzone = \"UTC\"\n[default]\nrenewals = 1000\nshelf_days = 1001\n")
		for i := range rapid.IntRange(0, 12).Draw(t, "rows") {
			r := plain{ids.Draw(t, "location"), ids.Draw(t, "library"), ids.Draw(t, "group"), ids.Draw(t, "item"), -1, -1}
			b.WriteString("[[terms]]\n")
			for key, id := range map[string]string{"location": r.location, "library": r.library, "group": r.group, "item_type": r.item} {
				if id != "" {
					fmt.Fprintf(&b, "%s = %q\n", key, id)
				}
			}
			both := rapid.IntRange(1, 3).Draw(t, "gives")
			if both&1 != 0 {
				r.renewals = i
				fmt.Fprintf(&b, "renewals = %d\n", i)
			}
			if both&2 != 0 {
				r.shelf = i
				fmt.Fprintf(&b, "shelf_days = %d\n", i)
			}
			rows = append(rows, r)
		}
		s, err := Parse([]byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		q := Query{Location: LocationID(ids.Draw(t, "q location")), Library: LibraryID(ids.Draw(t, "q library")),
			Group: Group(ids.Draw(t, "q group")), Type: ItemType(ids.Draw(t, "q type"))}
		wantRenewals, wantShelf, bestRenewals, bestShelf := 1000, 1001, -1, -1
		for _, r := range rows {
			weight := 0
			for i, f := range [][2]string{{r.item, string(q.Type)}, {r.group, string(q.Group)}, {r.library, string(q.Library)}, {r.location, string(q.Location)}} {
				switch f[0] {
				case "":
				case f[1]:
					weight += 1 << i
				default:
					weight = -100
				}
			}
			if r.renewals >= 0 && weight >= bestRenewals && weight >= 0 {
				wantRenewals, bestRenewals = r.renewals, weight
			}
			if r.shelf >= 0 && weight >= bestShelf && weight >= 0 {
				wantShelf, bestShelf = r.shelf, weight
			}
		}
		got := s.Terms(q)
		if got.Renewals != wantRenewals || got.ShelfDays != wantShelf {
			t.Fatalf("%+v: renewals %d, shelf %d; want %d, %d\n%s", q, got.Renewals, got.ShelfDays, wantRenewals, wantShelf, b.String())
		}
	})
}

// 213 of the list of other systems' rows: a loan for which others wait is shorter.
func TestALoanForWhichOthersWaitIsShorter(t *testing.T) {
	s := parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"1 month\"\nperiod_waited = \"2 weeks\"\n")
	terms := s.Terms(Query{})
	for waited, want := range map[bool]string{true: "2019-06-28T23:59:59Z", false: "2019-07-14T23:59:59Z"} {
		lent, given := terms.Lending(waited)
		if due, _ := s.Due(instant(t, "2019-06-14T11:23:43Z"), "main", lent); !due.Equal(instant(t, want)) || (given == StepWaitedPeriod) != waited {
			t.Errorf("waited %v: due %s by %s", waited, due, given)
		}
	}
	terms.WaitedPeriod = Period{}
	if lent, given := terms.Lending(true); lent.Period != terms.Period || given != StepPeriod {
		t.Errorf("without a shorter period: %v by %s", lent, given)
	}
}
