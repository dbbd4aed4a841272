package koharules_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/format/koharules"
	"circdesk/desk/policy"
)

const heading = "id,branchcode,categorycode,itemtype,rule_name,rule_value\n"

var euro = koharules.Options{Currency: "EUR", Zone: "Europe/Berlin"}

func convert(t *testing.T, table string) (*policy.Set, []string) {
	t.Helper()
	text, left, err := koharules.Convert(strings.NewReader(table), euro)
	if err != nil {
		t.Fatal(err)
	}
	s, err := policy.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var all []string
	for _, l := range left {
		all = append(all, fmt.Sprintf("%d %s %s: %s", l.Line, l.Rule, l.Value, l.Why))
	}
	return s, all
}

func TestKohasRulesBecomeOurs(t *testing.T) {
	s, left := convert(t, heading+`1,NULL,NULL,NULL,issuelength,21
2,NULL,NULL,NULL,lengthunit,days
3,NULL,NULL,NULL,renewalsallowed,2
4,NULL,NULL,NULL,fine,0.200000
5,NULL,NULL,NULL,chargeperiod,1
6,NULL,NULL,NULL,overduefinescap,10.00
7,\N,*,,maxissueqty,20
8,,,,reservesallowed,
9,,,DVD,issuelength,7
10,,J,,renewalperiod,14
11,CPL,,,daysmode,Calendar
12,CPL,,LAPTOP,lengthunit,hours
13,CPL,,LAPTOP,issuelength,4
14,CPL,J,LAPTOP,issuelength,2
15,,,,holds_pickup_period,5
16,,,DVD,decreaseloanholds,3
17,,T,,patron_maxissueqty,50
`)
	if len(left) != 0 {
		t.Errorf("left out: %q", left)
	}
	at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	all := s.Terms(policy.Query{Group: "A", Type: "BK", Library: "CPL", At: at})
	if all.Period != (policy.Period{N: 21, Unit: policy.Days}) || all.Renewals != 2 || all.Fine != 20 || all.MaxFine != 1000 || all.MaxLoans != 20 || all.MaxRequests != policy.NoLimit || all.ShelfDays != 5 || all.ClosedDays != policy.OpenDays {
		t.Errorf("for all: %+v", all)
	}
	for _, row := range []struct {
		q    policy.Query
		want string
	}{
		{policy.Query{Type: "DVD"}, "7 days"},
		{policy.Query{Type: "LAPTOP", Library: "CPL"}, "4 hours"},
		{policy.Query{Type: "LAPTOP", Library: "CPL", Group: "J"}, "2 hours"},
		{policy.Query{Type: "LAPTOP", Library: "MPL"}, "21 days"},
	} {
		if got := s.Terms(row.q).Period.String(); got != row.want {
			t.Errorf("%+v is lent for %s, want %s", row.q, got, row.want)
		}
	}
	if lent, _ := s.Terms(policy.Query{Type: "DVD"}).Lending(true); lent.Period.N != 3 {
		t.Errorf("while others wait: %v", lent.Period)
	}
	if got := s.Terms(policy.Query{Group: "J"}).RenewPeriod; got.N != 14 {
		t.Errorf("renewed for %v", got)
	}
	if got := s.Terms(policy.Query{Group: "T"}).MaxLoans; got != 50 {
		t.Errorf("loans %d", got)
	}
	if libs := s.Libraries(); len(libs) != 1 || libs[0].ID != "CPL" {
		t.Errorf("libraries %v", libs)
	}
}

func TestWhatHasNoCounterpartIsNamed(t *testing.T) {
	for _, row := range []struct{ name, rule, want string }{
		{"a rule of Koha alone", ",,,article_requests,yes", "2 article_requests yes: has no counterpart"},
		{"a limit on one type", ",,DVD,maxissueqty,3", "2 maxissueqty 3: limits what a person has of one item type; our limits count all of it"},
		{"a fee for an interval in moons", ",,,chargeperiod,1\n,,,lengthunit,moons", "2 chargeperiod 1: is in a unit that is not known"},
		{"a fee at another time of the interval", ",,,chargeperiod_charge_at,2", "2 chargeperiod_charge_at 2: is neither 0 nor 1"},
		{"days of grace that are none", ",,,firstremind,some", "2 firstremind some: is not a whole number"},
		{"a most that is below zero", ",,,overduefinescap,-1.00", "2 overduefinescap -1.00: is no amount"},
		{"a most that is the price, perhaps", ",,,cap_fine_to_replacement_price,perhaps", "2 cap_fine_to_replacement_price perhaps: is neither 0 nor 1"},
		{"a suspension for hours", ",,,finedays,1\n,,,lengthunit,hours", "2 finedays 1: suspends for each of hours late; ours is for days or weeks"},
		{"a suspension of a lifetime", ",,,finedays,5000", "2 finedays 5000: is more than ten years"},
		{"a fee for what was recalled", ",,,recall_overdue_fine,1.00", "2 recall_overdue_fine 1.00: has no counterpart"},
		{"a suspension that a row with hours takes over", ",,,finedays,1\n,,LAPTOP,lengthunit,hours", "2 finedays 1: suspends for each of hours late; ours is for days or weeks"},
		{"a fee with too many decimals", ",,,fine,0.125", "2 fine 0.125: has more decimals than the currency"},
		{"a fee below zero", ",,,fine,-1.00", "2 fine -1.00: is no amount"},
		{"a period that is none", ",,,issuelength,long", "2 issuelength long: is not a whole number"},
		{"a period without a value", ",,,issuelength,", "2 issuelength : has no value"},
		{"a period in moons", ",,,issuelength,3\n,,,lengthunit,moons", "2 issuelength 3: is in a unit that is not known"},
		{"a very long period", ",,,issuelength,99999", "2 issuelength 99999: is longer than a hundred years"},
		{"a way with closed days that is not known", ",,,daysmode,Whim", "2 daysmode Whim: is a way that is not known"},
		{"no rule", ",,,,3", "2  3: names no rule"},
		{"a branch that is no text", "a\x1bb,,,issuelength,3", "2 issuelength 3: has a field that is no text"},
		{"a branch that is too long", strings.Repeat("b", 300) + ",,,issuelength,3", "2 issuelength 3: has a field that is too long"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, left := convert(t, strings.TrimPrefix(heading, "id,")+row.rule+"\n")
			if !slices.Equal(left, []string{row.want}) {
				t.Errorf("left out %q, want %q", left, row.want)
			}
		})
	}
}

// The amounts are CalcFine's of C4/Overdues.pm.
func TestBeingLateCostsWhatItCostsInKoha(t *testing.T) {
	const (
		plain   = ",,,fine,0.200000\n,,,chargeperiod,1\n,,,lengthunit,days\n"
		laptops = plain + ",,LAPTOP,lengthunit,hours\n"
	)
	due := time.Date(2026, 12, 1, 22, 59, 59, 0, time.UTC)
	for _, row := range []struct {
		name, rules string
		item        policy.ItemType
		late        time.Duration
		price       int64
		want        int64
	}{
		{"each day", plain, "", 10 * day, 0, 200},
		{"a day is over at its end", plain, "", day, 0, 20},
		{"each week that is over", plain + ",,,chargeperiod,7\n", "", 13 * day, 0, 20},
		{"each week that is over, said", plain + ",,,chargeperiod,7\n,,,chargeperiod_charge_at,0\n", "", 13 * day, 0, 20},
		{"each week that has begun", plain + ",,,chargeperiod,7\n,,,chargeperiod_charge_at,1\n", "", 13 * day, 0, 40},
		{"no interval", ",,,fine,0.20\n", "", 10 * day, 0, 0},
		{"an interval of nothing", plain + ",,,chargeperiod,0\n", "", 10 * day, 0, 0},
		{"an interval that is empty", plain + ",,,chargeperiod,\n", "", 10 * day, 0, 0},
		{"no fee", ",,,chargeperiod,1\n", "", 10 * day, 0, 0},
		{"an empty fee", plain + ",,,fine,\n", "", 10 * day, 0, 0},
		{"no interval for one type", plain + ",,DVD,chargeperiod,0\n", "DVD", 10 * day, 0, 0},
		{"an interval for one type alone", ",,,fine,0.20\n,,DVD,chargeperiod,2\n", "DVD", 10 * day, 0, 100},
		{"an interval for one type alone, and another", ",,,fine,0.20\n,,DVD,chargeperiod,2\n", "BK", 10 * day, 0, 0},
		{"a fee for one type", plain + ",,DVD,fine,0.50\n", "DVD", 10 * day, 0, 500},
		{"within the grace", plain + ",,,firstremind,3\n", "", 3 * day, 0, 0},
		{"after the grace", plain + ",,,firstremind,3\n", "", 4 * day, 0, 80},
		{"no grace for one type", plain + ",,,firstremind,3\n,,DVD,firstremind,0\n", "DVD", 3 * day, 0, 60},
		{"the most", plain + ",,,overduefinescap,1.50\n", "", 10 * day, 0, 150},
		{"a most of nothing is none", plain + ",,,overduefinescap,0.000000\n", "", 10 * day, 0, 200},
		{"an empty most is none", plain + ",,,overduefinescap,1.50\n,,DVD,overduefinescap,\n", "DVD", 10 * day, 0, 200},
		{"the price", plain + ",,,cap_fine_to_replacement_price,1\n", "", 10 * day, 120, 120},
		{"the price does not matter", plain + ",,,cap_fine_to_replacement_price,0\n", "", 10 * day, 120, 200},
		{"hours", plain + ",,,lengthunit,hours\n", "", 5 * time.Hour, 0, 100},
		{"hours of grace", plain + ",,,lengthunit,hours\n,,,firstremind,2\n", "", 2 * time.Hour, 0, 0},
		{"a row that counts in hours what another says", laptops, "LAPTOP", 5 * time.Hour, 0, 100},
		{"and another type stays with days", laptops, "BK", 5 * time.Hour, 0, 20},
		{"a grace that becomes hours", laptops + ",,,firstremind,3\n", "LAPTOP", 4 * time.Hour, 0, 80},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, left := convert(t, strings.TrimPrefix(heading, "id,")+row.rules)
			terms := s.Terms(policy.Query{Type: row.item})
			got, _ := s.Fine("", terms, policy.Late{Due: due, Back: due.Add(row.late), Price: row.price})
			if got != row.want || len(left) != 0 {
				t.Errorf("costs %d, want %d; left out %q", got, row.want, left)
			}
		})
	}
}

const day = 24 * time.Hour

// The days are those of _calculate_new_debar_dt in C4/Circulation.pm, with
// SuspensionsCalendar ignoring the calendar.
func TestSuspensionsAreAsLongAsInKoha(t *testing.T) {
	due := time.Date(2026, 12, 1, 22, 59, 59, 0, time.UTC)
	for _, row := range []struct {
		name, rules string
		late, want  int // days; 0: nobody is suspended
	}{
		{"none", ",,,fine,0.20\n", 10, 0},
		{"of nothing", ",,,finedays,0\n", 10, 0},
		{"of an empty value", ",,,finedays,\n", 10, 0},
		{"for each day", ",,,finedays,2\n", 10, 20},
		{"for each three days", ",,,finedays,2\n,,,suspension_chargeperiod,3\n", 10, 6},
		{"for an interval of nothing, which is a day", ",,,finedays,2\n,,,suspension_chargeperiod,0\n", 10, 20},
		{"no longer than the most", ",,,finedays,2\n,,,maxsuspensiondays,7\n", 10, 7},
		{"without a most", ",,,finedays,2\n,,,maxsuspensiondays,\n", 10, 20},
		{"with a most of nothing", ",,,finedays,2\n,,,maxsuspensiondays,0\n", 10, 0},
		{"within the grace", ",,,finedays,2\n,,,firstremind,10\n", 10, 0},
		{"after the grace", ",,,finedays,2\n,,,firstremind,9\n", 10, 20},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, left := convert(t, strings.TrimPrefix(heading, "id,")+row.rules)
			back := due.AddDate(0, 0, row.late)
			got, _ := s.Suspended("", s.Terms(policy.Query{}), policy.Late{Due: due, Back: back})
			var want time.Time
			if row.want > 0 {
				want = back.AddDate(0, 0, row.want)
			}
			if !got.Equal(want) || len(left) != 0 {
				t.Errorf("until %v, want %v; left out %q", got, want, left)
			}
		})
	}
}

func TestOfTwoLimitsTheStricterHolds(t *testing.T) {
	for _, row := range []struct {
		one, total string
		want       int
	}{{"5", "8", 5}, {"8", "5", 5}, {"", "5", 5}, {"5", "", 5}, {"", "", policy.NoLimit}} {
		s, left := convert(t, heading+"1,,A,,maxissueqty,"+row.one+"\n2,,A,,patron_maxissueqty,"+row.total+"\n")
		if got := s.Terms(policy.Query{Group: "A"}).MaxLoans; got != row.want || len(left) != 0 {
			t.Errorf("%q and %q: %d, left out %q", row.one, row.total, got, left)
		}
	}
}

// Koha renews nothing where renewalsallowed is empty (CanBookBeRenewed).
func TestAnEmptyNumberOfRenewalsIsNone(t *testing.T) {
	s, left := convert(t, heading+"1,,,,renewalsallowed,\n")
	if got := s.Terms(policy.Query{}).Renewals; got != 0 || len(left) != 0 {
		t.Errorf("renewals %d, left out %q", got, left)
	}
}

func TestATableWithoutItsColumnsIsRefused(t *testing.T) {
	for _, table := range []string{"", "a,b\n", "branchcode,categorycode,itemtype,rule_name\n"} {
		if _, _, err := koharules.Convert(strings.NewReader(table), euro); !errors.Is(err, koharules.ErrHeading) {
			t.Errorf("%q: %v", table, err)
		}
	}
}

func TestCodesWithQuotesAreKept(t *testing.T) {
	s, left := convert(t, heading+`1,,"J""\",,issuelength,3`+"\n")
	if got := s.Terms(policy.Query{Group: `J"\`}); got.Period.N != 3 || len(left) != 0 {
		t.Errorf("%+v, left out %q", got, left)
	}
}

// Whatever the table says, the rules can be read.
func FuzzConvert(f *testing.F) {
	f.Add(heading + "1,CPL,J,DVD,issuelength,7\n2,,,,fine,0.20\n3,,,,lengthunit,hours\n")
	f.Add(heading + "1,,,,fine,0.2\n2,,,,chargeperiod,0\n3,,B,,chargeperiod,7\n4,,,,finedays,2\n5,,,L,lengthunit,hours\n6,,,,firstremind,1\n7,,,,overduefinescap,0\n")
	f.Add(heading + "1,,A,,maxissueqty,3\n2,,A,,patron_maxissueqty,4\n3,,A,,max_holds,\n4,,A,,reservesallowed,2\n")
	f.Fuzz(func(t *testing.T, table string) {
		text, _, err := koharules.Convert(strings.NewReader(table), euro)
		if err != nil {
			return
		}
		if _, err := policy.Parse(text); err != nil && len(text) < 200_000 {
			t.Fatalf("%v in\n%s", err, text)
		}
	})
}
