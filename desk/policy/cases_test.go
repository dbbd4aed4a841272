package policy

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

const dvd = "[[case]]\nname = \"a DVD before Christmas\"\nitem_type = \"dvd\"\nlibrary = \"main\"\nat = \"2026-12-19 10:00\"\n"

// judged stands in for the engine: it refuses who is over a limit of ten, and asks
// where money is owed, at one desk, or where it is recalled. A loan is as long as the
// terms say.
func judged(s *Set, x Example) (j Judgement) {
	if x.Loans > 10 {
		j.Refused = append(j.Refused, "too_many")
	}
	for reason, stands := range map[string]bool{"owes": x.Owes > 0, "overdue": x.Overdue > 0, "desk": x.Desk == "stacks", "recalled": x.Recalled, "long": x.LongOverdue > 1} {
		if stands {
			j.Asked = append(j.Asked, reason)
		}
	}
	slices.Sort(j.Asked)
	terms := s.Terms(x.Query)
	lent, _ := terms.Lending(x.Waited)
	if x.Renewal {
		lent, _ = terms.Renewing()
	}
	j.Due, _ = s.Due(x.At, x.Library, lent, terms.CapByCard(x.CardUntil, x.At)...)
	return j
}

func TestCasesAreTried(t *testing.T) {
	s := Sample()
	for _, row := range []struct {
		name, text string
		wrong      []string
	}{
		{"due on a day", dvd + "due = \"2026-12-28\"\n", nil},
		{"due at a time of the library's clock", "[[case]]\nitem_type = \"map\"\nlibrary = \"main\"\nat = \"2026-12-01 10:00\"\ndue = \"2026-12-01 12:00\"\n", nil},
		{"due at an instant", "[[case]]\nitem_type = \"map\"\nlibrary = \"main\"\nat = \"2026-12-01T09:00:00Z\"\ndue = \"2026-12-01T11:00:00Z\"\n", nil},
		{"due on another day", dvd + "due = \"2026-12-26\"\n", []string{"due 2026-12-28 23:59:59, not 2026-12-26 23:59:59"}},
		{"while others wait", "[[case]]\nitem_type = \"bestseller\"\nlibrary = \"main\"\nat = \"2026-12-01 10:00\"\nwaited = true\ndue = \"2026-12-09\"\n", nil},
		{"renewed", "[[case]]\nitem_type = \"dvd\"\nlibrary = \"main\"\nat = \"2026-12-01 10:00\"\nrenewal = true\ndue = \"2026-12-08\"\n", nil},
		{"not due, since there is no term", "[[case]]\nitem_type = \"textbook\"\nat = \"2026-09-01 10:00\"\ndue = \"none\"\n", nil},
		{"due, though there is no term", "[[case]]\nitem_type = \"textbook\"\nat = \"2026-09-01 10:00\"\ndue = \"2026-10-01\"\n", []string{"due at all, not 2026-10-01 23:59:59"}},
		{"all numbers as they are", dvd + "[case.gives]\nrenewals = 1\nperiod = \"1 week\"\nfine_per_day = \"0.50\"\nloanable = true\nloans = 20\n", nil},
		{"numbers that are others", dvd + "[case.gives]\nrenewals = \"no limit\"\nperiod = \"8 days\"\nfine_per_day = \"0.40\"\nloanable = false\nrenew_min_gain = \"1h\"\nschedule = \"x\"\n", []string{
			"loanable is true, not false", "period is 7 days, not 8 days", "renewals is 1, not no limit", "fine is 0.50 EUR, not 0.40 EUR", "renew_min_gain is 24h0m0s, not 1h0m0s", "schedule is \"\", not \"x\"",
		}},
		{"the card ends before", "[[case]]\nitem_type = \"textbook\"\nlibrary = \"main\"\nat = \"2026-12-01 10:00\"\ncard_until = \"2026-12-19\"\ndue = \"2026-12-19\"\n", nil},
		{"the card ended before it was lent", "[[case]]\nitem_type = \"textbook\"\nlibrary = \"main\"\nat = \"2026-12-01 10:00\"\ncard_until = \"2026-11-30\"\ndue = \"2027-02-26\"\n", nil},
		{"what being late costs", dvd + "back = \"2026-12-30 12:00\"\nfee = \"1.00\"\n", nil},
		{"what being late costs, at most the price", dvd + "back = \"2026-12-31 11:00\"\nprice = \"0.90\"\nfee = \"0.90\"\n", nil},
		{"in time, and a fee is wanted", dvd + "back = \"2026-12-28 12:00\"\nfee = \"1.00\"\n", []string{"the fee is 0.00 EUR, not 1.00 EUR"}},
		{"nothing stands against it", dvd + "refused = []\nasked = []\n", nil},
		{"all that stands against it, in any order", dvd + "owes = \"3.00\"\noverdue = 1\nloans = 11\nrefused = [\"too_many\"]\nasked = [\"overdue\", \"owes\"]\n", nil},
		{"more stands against it", dvd + "owes = \"3.00\"\noverdue = 1\nasked = [\"owes\"]\n", []string{"asked is overdue, owes, not owes"}},
		{"at a desk, recalled, and something long overdue", dvd + "desk = \"stacks\"\nrenewal = true\nrecalled = true\nlong_overdue = 2\nasked = [\"desk\", \"recalled\", \"long\"]\n", nil},
		{"nothing stands against it, though it should", dvd + "refused = [\"too_many\"]\n", []string{"refused is nothing, not too_many"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			all, err := s.Try([]byte(row.text), judged)
			if err != nil || len(all) != 1 || all[0].Line != 1 {
				t.Fatalf("%+v, %v", all, err)
			}
			if !slices.Equal(all[0].Wrong, row.wrong) {
				t.Errorf("wrong %q, want %q", all[0].Wrong, row.wrong)
			}
		})
	}
	if all, err := s.Try(nil, judged); err != nil || len(all) != 0 {
		t.Errorf("no cases: %v %v", all, err)
	}
}

func TestCasesWithMistakesAreNotTried(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"one that cannot fail", dvd, "line 1: a DVD before Christmas: says neither when it is due, nor what stands"},
		{"no time", "[[case]]\ndue = \"2026-12-01\"\n", "line 1: case 1: at is missing"},
		{"a time that is none", "[[case]]\nat = \"noon\"\ndue = \"2026-12-01\"\n", "line 2: case 1: at: \"noon\" is no time"},
		{"a day alone as the time", "[[case]]\nat = \"2026-12-01\"\ndue = \"2026-12-01\"\n", "line 2: case 1: at: \"2026-12-01\" is no time"},
		{"a number that is none", dvd + "[case.gives]\nrenewals = -1\n", "renewals: -1 is below zero"},
		{"a key that is not known", dvd + "due = \"2026-12-01\"\nday = 3\n", "line 7: a DVD before Christmas: day: is not known here"},
		{"a fee, and it never comes back", dvd + "fee = \"1.00\"\n", "back and fee go together"},
		{"comes back, and no fee is wanted", dvd + "due = \"2026-12-28\"\nback = \"2026-12-30 12:00\"\n", "back and fee go together"},
		{"reasons that are no words", dvd + "asked = [1]\n", "asked: want words"},
		{"a day of birth that is none", dvd + "born = \"2015-02-30\"\nasked = []\n", "born: want a date"},
		{"renewed before, and not renewed", dvd + "renewed = 1\nasked = []\n", "renewed: goes with renewal = true"},
		{"more loans than anybody has", dvd + "loans = 100000\nasked = []\n", "loans: "},
		{"no TOML", "[[case", "not TOML"},
		{"no text", "\xff", "not UTF-8"},
		{"too long", strings.Repeat("#", mostBytes+1), "at most"},
	} {
		t.Run(row.name, func(t *testing.T) {
			all, err := Sample().Try([]byte(row.text), judged)
			if problems, ok := errors.AsType[Problems](err); !ok || all != nil || !strings.Contains(problems.Error(), row.want) {
				t.Errorf("%v, %v; want %q", all, err, row.want)
			}
		})
	}
}

// What resolves a case's numbers one by one is the same as what resolves them for
// the desk.
func TestCasesAreResolvedAsAtTheDesk(t *testing.T) {
	s := Sample()
	for _, q := range []Query{{}, {Group: "staff", Type: "book"}, {Type: "map", Library: "east"}, {Group: "child", Type: "dvd", Library: "main", Location: "x"}} {
		a, want := s.resolve(q), s.Terms(q)
		for n := range numbers {
			if got := n.step(a.value[n], a.row[n]); got != want.Trace()[n] {
				t.Errorf("%+v: %+v, want %+v", q, got, want.Trace()[n])
			}
		}
	}
}

func FuzzTry(f *testing.F) {
	f.Add(dvd + "due = \"2026-12-28\"\n[case.gives]\nrenewals = 1\n")
	s := Sample()
	f.Fuzz(func(t *testing.T, text string) {
		all, err := s.Try([]byte(text), judged)
		if _, ok := errors.AsType[Problems](err); err != nil && (!ok || all != nil) {
			t.Fatalf("%v, %v", all, err)
		}
	})
}
