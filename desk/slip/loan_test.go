package slip_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk/money"
	"circdesk/desk/slip"
	"circdesk/desk/text"
	"circdesk/desk/words"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func due(day int) time.Time { return time.Date(2026, 12, day, 23, 59, 59, 0, time.UTC) }

const rule = "----------------------------------------\n"

func TestLoan(t *testing.T) {
	for _, row := range []struct {
		name string
		loan slip.Loan
		want string
	}{
		{"three books", slip.Loan{Library: "Riverside", Patron: "SILVA, Maria", At: noon, Items: []slip.Item{
			{"Middlemarch", "31234000000017", due(14)},
			{"The deep blue alibi", "", due(14)},
			{"Kind of blue", "31234000000041", time.Date(2026, 11, 30, 15, 30, 0, 0, time.UTC)},
		}}, `Riverside
Mon 30 Nov 2026 12:00
` + rule + `SILVA, Maria
LOANS
` + rule + `Middlemarch
  31234000000017          due Mon 14 Dec
The deep blue alibi
                          due Mon 14 Dec
Kind of blue
  31234000000041    due Mon 30 Nov 15:30
` + rule + `3 items
Please bring or renew by the due date
`},
		{"one book, wide letters, a long title and barcode, a feed", slip.Loan{Feed: true, At: noon, Items: []slip.Item{
			{"源氏物語源氏物語源氏物語源氏物語源氏物語源氏物語", "3123400000001731234000000017312340000000", due(14)},
		}}, `Mon 30 Nov 2026 12:00
` + rule + `LOANS
` + rule + `源氏物語源氏物語源氏物語源氏物語源氏物…
  3123400000001731234000… due Mon 14 Dec
` + rule + `1 item
Please bring or renew by the due date
` + "\f"},
		{"one book, and one that is recalled", slip.Loan{Items: []slip.Item{{"Emma", "", due(28)}}, Recalled: []slip.Item{{"Middlemarch", "", due(14)}}}, rule + "LOANS\n" + rule +
			"Emma\n" + "                     due Mon 28 Dec 2026\n" + "RECALLED, others wait:\nMiddlemarch\n" + "                     due Mon 14 Dec 2026\n" + rule + "1 item\nPlease bring or renew by the due date\n"},
		{"nothing but what is recalled", slip.Loan{Recalled: []slip.Item{{"Middlemarch", "", due(14)}}}, rule + "LOANS\n" + rule +
			"RECALLED, others wait:\nMiddlemarch\n" + "                     due Mon 14 Dec 2026\n" + rule},
		{"nothing on loan", slip.Loan{Library: "Riverside"}, "Riverside\n" + rule + "LOANS\n" + rule + "nothing on loan\n" + rule},
		{"money that was paid and given back", slip.Loan{Money: []slip.Money{
			{money.Amount{Minor: 320, Currency: "EUR"}, "desk-1-1043"}, {money.Amount{Minor: -100, Currency: "EUR"}, ""},
		}}, rule + "LOANS\n" + rule + "nothing on loan\npaid 3.20\n                     receipt desk-1-1043\ngiven back 1.00\n" + rule},
		{"an item without a title", slip.Loan{Items: []slip.Item{{"", "312340", due(14)}, {}}}, rule + "LOANS\n" + rule +
			"312340\n" + "                     due Mon 14 Dec 2026\n" + "untitled\n" + rule + "2 items\nPlease bring or renew by the due date\n"},
		{"a title that talks to the printer", slip.Loan{Items: []slip.Item{{"a\x1b@\f\nb", "\x1bm", time.Time{}}}}, rule + "LOANS\n" + rule +
			"a b\n" + rule + "1 item\nPlease bring or renew by the due date\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.loan.Text(words.English()); got != row.want {
				t.Errorf("got\n%s\nwant\n%s", got, row.want)
			}
		})
	}
}

func TestCardTail(t *testing.T) {
	for card, want := range map[string]string{
		"21234000004821": "card …4821", "12345678": "card …5678", "1234567": "", "": "", "2123400000\x1b[1m4821": "card …4821",
	} {
		if got := slip.CardTail(words.English(), card); got != want {
			t.Errorf("%q gives %q, want %q", card, got, want)
		}
	}
}

// TestAnyTextFits: whatever is written in records, no line is too wide and nothing but lines is printed.
func TestAnyTextFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anyText := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "e\u0301\u0301", "한국어 책", "\x1b[2J\f\r\n", "{due}", "👩‍👩‍👧‍👦 book"}))
		l := slip.Loan{
			Library: anyText.Draw(t, "library"), Patron: anyText.Draw(t, "patron"),
			At: noon, Feed: rapid.Bool().Draw(t, "feed"),
		}
		for range rapid.IntRange(0, 5).Draw(t, "items") {
			l.Items = append(l.Items, slip.Item{Title: anyText.Draw(t, "title"), Barcode: anyText.Draw(t, "barcode"), Due: due(14)})
		}
		for _, b := range []*words.Book{words.English(), words.Pseudo()} {
			got := l.Text(b)
			if body, fed := strings.CutSuffix(got, "\f"); fed != l.Feed {
				t.Fatalf("feed %v: %q", l.Feed, got)
			} else {
				got = body
			}
			lines := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
			for _, line := range lines {
				if text.Width(line) > slip.Width || line == "" || text.Clean(line, 1000) != strings.Join(strings.Fields(line), " ") {
					t.Fatalf("line %q of %q", line, got)
				}
			}
			if n := strings.Count(got, b.Text(words.SlipDue, "due", b.Due(due(14), words.Names{Now: noon}))); n < len(l.Items) {
				t.Fatalf("%d due dates for %d items: %q", n, len(l.Items), got)
			}
		}
	})
}
