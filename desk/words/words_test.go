package words_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// monday is the time at which all of these tests are read.
var monday = time.Date(2026, 11, 30, 13, 5, 0, 0, time.UTC)

func lisbon(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// names knows Maria, one title and one library.
func names(t *testing.T) words.Names {
	return words.Names{
		Patron: func(id circ.PatronID) string {
			return map[circ.PatronID]string{"p1": "SILVA, Maria", "p2": "{who} \x1b[31mWU"}[id]
		},
		Item:    func(id circ.ItemID) string { return map[circ.ItemID]string{"i1": "Middlemarch"}[id] },
		Library: func(id policy.LibraryID) string { return map[policy.LibraryID]string{"east": "East branch"}[id] },
		Zone:    lisbon(t),
		Now:     monday,
	}
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func TestReason(t *testing.T) {
	due := time.Date(2026, 12, 14, 23, 59, 59, 0, lisbon(t))
	for _, row := range []struct {
		name   string
		remark circ.Remark
		want   string
		way    string
	}{
		{"owes more than the limit", circ.Remark{Reason: circ.OwesTooMuch, Amount: eur(1320), Limit: eur(1000)},
			"owes 13.20, limit 10.00", "take a payment (F6)"},
		{"owes, and how much would do", circ.Remark{Reason: circ.OwesTooMuch, Amount: eur(1320), Limit: eur(1000), Way: circ.Way{Do: circ.WayPay, Amount: eur(320)}},
			"owes 13.20, limit 10.00", "take a payment of 3.20 (F6)"},
		{"one loan too many", circ.Remark{Reason: circ.TooManyLoans, N: 20, Max: 20, Way: circ.Way{Do: circ.WayReturn, N: 1}},
			"20 on loan, limit 20", "take 1 item back (F3)"},
		{"three loans too many", circ.Remark{Reason: circ.TooManyLoans, N: 22, Max: 20, Way: circ.Way{Do: circ.WayReturn, N: 3}},
			"22 on loan, limit 20", "take 3 items back (F3)"},
		{"a way out that has no words of its own", circ.Remark{Reason: circ.PatronBlocked, Text: "x", Way: circ.Way{Do: circ.WayLiftBlock}}, "blocked: x", "lift the block (F4)"},
		{"any of two rights", circ.Remark{Reason: circ.RightMissing, Right: circ.RightOverride, Or: []circ.Right{circ.RightManager}},
			"needs a right: override or manager", "somebody who has it says yes (Alt+M)"},
		{"owes, and no limit is told", circ.Remark{Reason: circ.OwesTooMuch, Amount: eur(1320)},
			"owes 13.20", "take a payment (F6)"},
		{"on loan to somebody known", circ.Remark{Reason: circ.OnLoanToOther, Who: "p1", When: due},
			"on loan to SILVA, Maria, due Mon 14 Dec", "check it in first (F3)"},
		{"on loan to somebody not known here", circ.Remark{Reason: circ.OnLoanToOther, Who: "p9", When: due},
			"on loan to someone else, due Mon 14 Dec", "check it in first (F3)"},
		{"one waits", circ.Remark{Reason: circ.RequestedBy, N: 1}, "1 other person waits for it", "take another copy"},
		{"three wait", circ.Remark{Reason: circ.RequestedBy, N: 3}, "3 other people wait for it", "take another copy"},
		{"twelve days late", circ.Remark{Reason: circ.WasLate, N: 12}, "12 days late", ""},
		{"seen at a library", circ.Remark{Reason: circ.SeenSince, Where: "east", When: monday},
			"was seen at East branch after that, 13:05", "scan it again now"},
		{"seen at a desk of no known library", circ.Remark{Reason: circ.SeenSince, Desk: "d7"},
			"was seen at d7 after that", "scan it again now"},
		{"a right by its name", circ.Remark{Reason: circ.RightMissing, Right: circ.RightMoney},
			"needs a right: override money", "somebody who has it says yes (Alt+M)"},
		{"a copy on the shelf", circ.Remark{Reason: circ.ShelfStill, Item: "i1"}, "take Middlemarch off the hold shelf", ""},
		{"a copy whose title is not known", circ.Remark{Reason: circ.ShelfStill, Item: "i2"}, "take the item off the hold shelf", ""},
		{"a reason of a later version", circ.Remark{Reason: "on_fire", Text: "really"}, "on_fire: really", ""},
		{"a text with a name in braces", circ.Remark{Reason: circ.PatronBlocked, Text: "{who} [[x]]"}, "blocked: {who} [[x]]", "lift the block (F4)"},
		{"a text that colours the screen", circ.Remark{Reason: circ.ItemNote, Text: "a\x1b[31mb\r\n\x07c"}, "note: ab c", ""},
		{"a name in braces and colours", circ.Remark{Reason: circ.ClosedOther, Who: "p2"}, "the loan to {who} WU is ended", ""},
		{"nobody at all", circ.Remark{}, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := words.English()
			if got := b.Reason(row.remark, names(t)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
			if got := b.Way(row.remark); got != row.way {
				t.Errorf("way %q, want %q", got, row.way)
			}
		})
	}
}

// TestNamesAreAskedOnlyForWhatIsSaid: a name may cost a look into the store.
func TestNamesAreAskedOnlyForWhatIsSaid(t *testing.T) {
	asked := 0
	n := words.Names{Patron: func(circ.PatronID) string { asked++; return "SILVA" }}
	words.English().Reason(circ.Remark{Reason: circ.OwesTooMuch, Amount: eur(1), Who: "p1"}, n)
	if asked != 0 {
		t.Errorf("asked %d times for a name that is not said", asked)
	}
	words.English().Reason(circ.Remark{Reason: circ.OnLoanToOther, Who: "p1"}, n)
	if asked != 1 {
		t.Errorf("asked %d times for a name that is said once", asked)
	}
}

func TestReasonWithoutNames(t *testing.T) {
	got := words.English().Reason(circ.Remark{Reason: circ.OnLoanToOther, Who: "p1", When: monday}, words.Names{})
	if want := "on loan to someone else, due Mon 30 Nov 2026 13:05"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRoute(t *testing.T) {
	for _, row := range []struct {
		name  string
		route circ.Route
		want  string
	}{
		{"to its place", circ.Route{Kind: circ.ToShelf, Location: "Adult fiction"}, "shelve: Adult fiction"},
		{"to a place that is not written", circ.Route{Kind: circ.ToShelf}, "shelve"},
		{"for Maria", circ.Route{Kind: circ.ToHoldShelf, Patron: "p1", Until: monday.Add(9 * 24 * time.Hour)}, "hold shelf for SILVA, Maria, until Wed 9 Dec 13:05"},
		{"to another library", circ.Route{Kind: circ.ToTransit, Library: "east"}, "to East branch"},
		{"to a library without a name", circ.Route{Kind: circ.ToTransit, Library: "west", Patron: "p1"}, "to west, for SILVA, Maria"},
		{"to staff", circ.Route{Kind: circ.ToStaff, Why: "torn {why}"}, "to staff: torn {why}"},
		{"of a later version", circ.Route{Kind: "drone"}, "drone"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := words.English().Route(row.route, names(t)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestStep(t *testing.T) {
	at := time.Date(2026, 12, 14, 23, 59, 59, 0, lisbon(t))
	for _, row := range []struct {
		name string
		step policy.Step
		want string
	}{
		{"a period of a named rule", policy.Step{Code: policy.StepPeriod, N: 14, Unit: policy.Days, Row: "adult books"}, "lent for 14 days (rule adult books)"},
		{"a period of the default", policy.Step{Code: policy.StepPeriod, N: 1, Unit: policy.Hours, Row: "default"}, "lent for 1 hour (the library's default)"},
		{"a number that nobody gave", policy.Step{Code: policy.StepLoans, N: 5}, "loans at a time: 5 (built in)"},
		{"no limit", policy.Step{Code: policy.StepMaxOwed, N: -1}, "may owe: no limit (built in)"},
		{"money", policy.Step{Code: policy.StepMaxOwed, N: 1000}, "may owe: 10.00 (built in)"},
		{"not for loan", policy.Step{Code: policy.StepLoanable, Row: "terms 3"}, "not for loan (rule terms 3)"},
		{"renewed as it is lent", policy.Step{Code: policy.StepRenewPeriod}, "renewed for as long as it is lent (built in)"},
		{"one day on", policy.Step{Code: policy.StepNextOpen, N: 1, At: at}, "1 day on, to the next open day: Mon 14 Dec"},
		{"two days on", policy.Step{Code: policy.StepNextOpen, N: 2, At: at}, "2 days on, to the next open day: Mon 14 Dec"},
		{"closed, and why", policy.Step{Code: policy.StepClosed, At: at, Row: "stocktaking"}, "closed on Mon 14 Dec: stocktaking"},
		{"a cap without words", policy.Step{Code: policy.StepCapped, At: at, Row: "moon"}, "shortened to Mon 14 Dec: moon"},
		{"of a later version", policy.Step{Code: "tide", Row: "high"}, "tide: high"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := words.English().Step(row.step, names(t)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	n := names(t)
	zone := n.Zone
	b := words.English()
	far := time.Date(2027, 11, 30, 23, 59, 59, 0, zone)
	for _, row := range []struct {
		name string
		got  string
		want string
	}{
		{"a day loan", b.Due(time.Date(2026, 12, 14, 23, 59, 59, 0, zone), n), "Mon 14 Dec"},
		{"an hour loan", b.Due(time.Date(2026, 12, 14, 15, 30, 0, 0, zone), n), "Mon 14 Dec 15:30"},
		{"a day loan that ended long ago", b.Due(time.Date(2025, 12, 14, 23, 59, 59, 0, zone), n), "Sun 14 Dec 2025"},
		{"a loan of a year", b.Due(far, n), "Tue 30 Nov 2027"},
		{"300 days from now", b.Due(monday.Add(300*24*time.Hour), n), "Sun 26 Sep 14:05"},
		{"301 days from now", b.Due(monday.Add(301*24*time.Hour), n), "Mon 27 Sep 2027 14:05"},
		{"in full words", b.DueLong(time.Date(2026, 12, 14, 23, 59, 59, 0, zone), n), "Monday 14 December"},
		{"no date", b.Due(time.Time{}, n) + b.DueLong(time.Time{}, n) + b.Date(time.Time{}, nil) + b.DateTime(time.Time{}, nil) + b.When(time.Time{}, n) + b.Clock(time.Time{}, nil) + b.Now(time.Time{}, nil), ""},
		{"now is not known", b.Due(monday, words.Names{}), "Mon 30 Nov 2026 13:05"},
		{"summer in Lisbon", b.Due(time.Date(2027, 6, 1, 22, 59, 59, 0, time.UTC), n), "Tue 1 Jun"},
		{"a date", b.Date(far, zone), "Tue 30 Nov 2027"},
		{"a date and time", b.DateTime(monday, nil), "Mon 30 Nov 2026 13:05"},
		{"today", b.When(monday.Add(-time.Hour), n), "12:05"},
		{"yesterday", b.When(monday.Add(-24*time.Hour), n), "Sun 29 Nov 13:05"},
		{"for the status line", b.Now(monday, zone), "Mon 13:05"},
		{"an amount", b.Money(eur(5)), "0.05"},
		{"an amount without decimals", b.Money(money.Amount{Minor: 320, Currency: "JPY"}), "320"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, row.got, row.want)
		}
	}
}

func TestText(t *testing.T) {
	b := words.English()
	long := strings.Repeat("x", 5000)
	for _, row := range []struct {
		name string
		got  string
		want string
	}{
		{"a value", b.Text(words.VisitStillFor, "name", "M. S."), "still for M. S.?"},
		{"a value that looks like a row", b.Text(words.VisitStillFor, "name", "{name}"), "still for {name}?"},
		{"a value with two lines", b.Text(words.VisitStillFor, "name", "a\nb"), "still for a b?"},
		{"a value that moves the cursor", b.Text(words.VisitStillFor, "name", "\x1b[2J\u202ea\u200b"), "still for a?"},
		{"a value that is missing", b.Text(words.VisitStillFor), "still for ?"},
		{"a name without a value", b.Text(words.VisitStillFor, "name"), "still for ?"},
		{"a value of no name in the text", b.Text(words.VisitStillFor, "name", "a", "other", "b"), "still for a?"},
		{"an optional stretch", b.Text(words.OutcomeDue, "title", "Emma", "due", "Mon 14 Dec"), "Emma, due Mon 14 Dec"},
		{"an optional stretch without its value", b.Text(words.OutcomeDue, "title", "Emma"), "Emma"},
		{"an optional stretch whose value vanishes", b.Text(words.OutcomeDue, "title", "Emma", "due", "\x00"), "Emma"},
		{"one", b.N(words.StatusWaiting, 1), "1 waiting"},
		{"one entry", b.N(words.SyncWaitingEntries, 1), "1 entry"},
		{"no entries", b.N(words.SyncWaitingEntries, 0), "0 entries"},
		{"the number wins over the caller's", b.N(words.SyncWaitingEntries, 3, "n", "7"), "3 entries"},
		{"a row that does not count", b.N(words.VisitStillFor, 3, "name", "a"), "still for a?"},
		{"a key without a row", b.Text("no.such") + b.N("no.such", 1), "no.suchno.such"},
		{"a long value", b.Text(words.VisitStillFor, "name", long), "still for " + long[:999] + "…?"},
		{"a list", b.List("a", "", "b"), "a, b"},
		{"reasons", b.Reasons("owes 13.20, limit 10.00", "", "1 item overdue"), "owes 13.20, limit 10.00; 1 item overdue"},
		{"a code of a later version", b.Word("FLY\x1b[1m"), "FLY"},
		{"the lines of a text", strings.Join(b.Lines(words.VisitStillFor, "name", "a\nb"), "|"), "still for a b?"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, row.got, row.want)
		}
	}
}

func TestForLanguage(t *testing.T) {
	for tag, want := range map[string]string{
		"en": "en", "EN_gb": "en", "en-GB": "en", "de": "", "": "", "../en": "", "-": "", "e": "", "english": "",
	} {
		b, ok := words.ForLanguage(tag)
		if got := ""; ok {
			got = b.Language()
			if got != want {
				t.Errorf("%q gives %q, want %q", tag, got, want)
			}
		} else if want != "" {
			t.Errorf("%q gives nothing, want %q", tag, want)
		}
	}
}
