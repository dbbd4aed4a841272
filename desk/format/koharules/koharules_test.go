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
		{"a fee for each week", ",,,fine,1.00\n,,,chargeperiod,7", "2 fine 1.00: is charged for 7 days at a time; ours is for each day"},
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
