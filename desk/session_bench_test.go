package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/label"
	"circdesk/desk/local"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

// busyRules let a patron have and owe much.
const busyRules = worldRules + `
[[terms]]
group = "busy"
loans = 5000
max_owed = "9000000.00"
renewals = 100000
`

var busyCard, oneMore = card("2100000000077"), card("3900000000001")

func busyItem(n int) string { return card(fmt.Sprintf("38800000%05d", n)) }

// busyRows are a patron with n loans, all overdue, and n fees of which half are partly
// paid, and items to lend.
func busyRows(n int) []circ.Row {
	now := time.Now()
	eur := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }
	rows := []circ.Row{
		circ.Patron{ID: "busy", Family: "Busy", Given: "Bea", Group: "busy", Card: busyCard}, circ.Card{Number: busyCard, Patron: "busy", State: circ.CardValid},
		circ.Title{ID: "more", Title: "One more"}, circ.Item{ID: "more", Barcode: oneMore, Title: "more", Home: "main"},
	}
	for i := range n {
		id := fmt.Sprintf("%05d", i)
		loan := circ.Loan{ID: circ.LoanID("l" + id), Item: circ.ItemID("i" + id), Patron: "busy", Library: "main", Desk: "main-1", Out: now.AddDate(0, 0, -40), Due: now.AddDate(0, 0, -10)}
		fee := circ.Fee{ID: circ.FeeID("f" + id), Patron: "busy", Item: loan.Item, Type: circ.FeeOther, Amount: eur(100), At: now.Add(-time.Duration(n-i) * time.Minute), Library: "main"}
		rows = append(rows,
			circ.Title{ID: circ.TitleID("t" + id), Title: "Title " + id},
			circ.Item{ID: loan.Item, Barcode: busyItem(i), Title: circ.TitleID("t" + id), Home: "main", Loan: loan.ID},
			loan, fee)
		if i%2 == 0 {
			rows = append(rows, circ.Payment{ID: circ.PaymentID("p" + id), Fee: fee.ID, Patron: "busy", Amount: eur(40), Method: circ.ByCash, At: now})
		}
	}
	return rows
}

// BenchmarkBusyPatron is what a clerk does at a desk by itself for a patron who has a
// thousand loans, all overdue, and a thousand fees, on files that wait for the disk:
// from the input until the final word and the state that the screens are drawn from are
// out. word-ms is until the word is out, screen-ms from there until the state is: the
// medians. A frame is 16 ms.
func BenchmarkBusyPatron(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { busyPatron(b, n) })
	}
}

func busyPatron(b *testing.B, n int) {
	ctx := b.Context()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	dir := b.TempDir()
	rules, err := policy.Parse([]byte(busyRules))
	check(err)
	j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), bolt.Unchecked())
	check(err)
	defer j.Close()
	c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.Unchecked())
	check(err)
	defer c.Close()
	check(c.Update(ctx, func(tx journal.CacheTx) error { return tx.Put(ctx, busyRows(n)) }))
	ids := 0
	d, err := local.Open(ctx, local.Config{
		ID: "main-1", Library: "main", Zone: "Europe/Berlin", Journal: j, Cache: c, Rules: rules, Now: time.Now,
		NewID: func() circ.EntryID { ids++; return circ.EntryID(fmt.Sprintf("e-%09d", ids)) },
	})
	check(err)
	heard := make(chan desk.Output, 1000)
	s, err := desk.New(desk.Config{
		Desk: d, Labels: label.Default(), Operators: operators(b), Words: words.English(), Drawer: "till",
		Log: slog.New(slog.DiscardHandler), Out: func(o desk.Output) { heard <- o },
	})
	check(err)
	run, stop := context.WithCancel(ctx)
	over := make(chan error)
	go func() { over <- s.Run(run) }()
	<-s.Begun()
	defer func() {
		stop()
		check(<-over)
	}()
	// do is one input, until its state is out; said is when its final word was.
	var said time.Time
	do := func(in desk.Input) (out desk.Outcome) {
		n, done := s.Send(in), false
		for o := range heard {
			switch o := o.(type) {
			case desk.Outcome:
				if o.N == n && o.Final {
					out, done, said = o, true, time.Now()
				}
			case desk.State:
				if done {
					return out
				}
			}
		}
		return out
	}
	is := func(o desk.Outcome, word desk.Word) {
		b.Helper()
		if o.Word != word {
			b.Fatalf("%s %q %v, want %s", o.Word, o.Text, reasons(append(o.Ask, o.Reasons...)), word)
		}
	}
	is(do(desk.SignIn{Name: "boss", PIN: "1234"}), desk.WordMode)
	for _, step := range []struct {
		name string
		in   desk.Input
		word desk.Word
		then []desk.Input // not measured
	}{
		{"card", desk.Scan{Text: busyCard}, desk.WordPatron, []desk.Input{desk.Done{}}},
		{"pay", desk.Pay{Amount: "0.01"}, desk.WordPaid, nil},
		{"charge", desk.Charge{Type: circ.FeeOther, Amount: "0.01"}, desk.WordDone, nil},
		{"story", desk.FeeStory{N: 1}, desk.WordList, nil},
		{"list of fees", desk.FeeStory{All: true}, desk.WordList, nil},
		{"undo list", desk.Undo{}, desk.WordList, nil},
		{"item", desk.Look{Text: busyItem(3)}, desk.WordItem, nil},
		{"notice", desk.Call{Text: busyItem(3), By: circ.NoticeLetter}, desk.WordDone, nil},
		{"check in", desk.CheckIn{Text: busyItem(4)}, desk.WordIn, []desk.Input{desk.Undo{N: []int{1}}}},
		{"check out", desk.Scan{Text: oneMore}, "", []desk.Input{desk.Yes{Why: "x"}, desk.CheckIn{Text: oneMore}}},
	} {
		b.Run(step.name, func(b *testing.B) {
			do(desk.Scan{Text: busyCard})
			var worst time.Duration
			var words, screens []time.Duration
			for b.Loop() {
				at := time.Now()
				o := do(step.in)
				worst = max(worst, time.Since(at))
				words, screens = append(words, said.Sub(at)), append(screens, time.Since(said))
				b.StopTimer()
				if step.word != "" {
					is(o, step.word)
				}
				for _, in := range step.then {
					do(in)
				}
				b.StartTimer()
			}
			for unit, all := range map[string][]time.Duration{"word-ms": words, "screen-ms": screens} {
				slices.Sort(all)
				b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, unit)
			}
			b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
		})
	}
}
