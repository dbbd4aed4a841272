package storetest

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
)

// RunBook tests records and lookups.
func RunBook[T journal.Book](t *testing.T, open Open[T]) {
	s := open(t)
	t.Run("records and lookups are what a plain map says", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { bookHistory(t, s) })
	})
	t.Run("records of each kind come back as they were", func(t *testing.T) { kinds(t, s) })
	t.Run("a queue is read page by page", func(t *testing.T) { pages(t, s) })
	t.Run("ids and names too long for a key keep their order", func(t *testing.T) { longOnes(t, s) })
	t.Run("bytes that are no text do no harm", func(t *testing.T) { notText(t, s) })
	t.Run("a record that cannot be kept is an error and nothing is put", func(t *testing.T) { unfit(t, s) })
}

// drawRow makes a record whose ids begin alike, so that lookups meet each other.
func drawRow(t *rapid.T, begin string) circ.Row {
	text := func(what string) string { return rapid.SampledFrom(texts).Draw(t, what) }
	id := begin + text("id")
	at := day.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hour")) * time.Hour)
	patron := circ.PatronID(begin + rapid.SampledFrom(texts[:5]).Draw(t, "patron"))
	title := circ.TitleID(begin + rapid.SampledFrom(texts[:5]).Draw(t, "title"))
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return circ.Patron{ID: circ.PatronID(id), Family: begin + text("family"), Phone: "0301234", Void: rapid.IntRange(0, 4).Draw(t, "void") == 0}
	case 1:
		return circ.Item{ID: circ.ItemID(id), Barcode: begin + text("barcode"), Title: title}
	case 2:
		l := circ.Loan{ID: circ.LoanID(id), Item: "i", Patron: patron, Out: at, Due: at}
		if rapid.Bool().Draw(t, "returned") {
			l.In = at
		}
		return l
	case 3:
		return circ.Request{
			ID: circ.RequestID(id), Title: title, Patron: patron, At: at, Pickup: "main",
			Stage: rapid.SampledFrom([]circ.Stage{circ.Waiting, circ.OnShelf, circ.Filled}).Draw(t, "stage"),
		}
	case 4:
		return circ.Fee{ID: circ.FeeID(id), Patron: patron, Type: "lost", At: at}
	}
	made := circ.Title{ID: title, Title: begin + text("title text")}
	if n := rapid.IntRange(0, 2).Draw(t, "isbns"); n > 0 {
		made.ISBNs = []string{begin + "1", begin + "2"}[:n]
	}
	return made
}

// drawWant makes a lookup that fits the records of drawRow.
func drawWant(t *rapid.T, begin string) circ.Want {
	n := rapid.IntRange(0, 8).Draw(t, "n")
	of := func(ends int) string { return begin + rapid.SampledFrom(texts[:ends]).Draw(t, "of") }
	switch rapid.IntRange(0, 8).Draw(t, "want") {
	case 0:
		return circ.ByKey(circ.KindPatron, begin+rapid.SampledFrom(texts).Draw(t, "id"))
	case 1:
		return circ.ByKey(circ.KindLoan, begin+rapid.SampledFrom(texts).Draw(t, "id"))
	case 2:
		return circ.In(circ.ByName, strings.ToLower(begin), n)
	case 3:
		return circ.In(circ.ByTitle, strings.ToLower(begin), n)
	case 4:
		return circ.In(circ.ByBarcode, begin+rapid.SampledFrom(texts).Draw(t, "barcode"), n)
	case 5:
		return circ.In(circ.ByISBN, begin+"1", n)
	case 6:
		return circ.In(circ.LoansOf, of(5), n)
	case 7:
		return circ.In(circ.RequestsOf, of(5), n)
	}
	w := circ.In(circ.QueueOf, of(5), n)
	if rapid.Bool().Draw(t, "after") {
		w.After = circ.SortTime(day.Add(time.Hour))
	}
	return w
}

func bookHistory[T journal.Book](t *rapid.T, s journal.Store[T]) {
	begin := unique()
	model := map[circ.Key]circ.Row{}
	for range rapid.IntRange(1, 4).Draw(t, "transactions") {
		var rows []circ.Row
		for range rapid.SampledFrom([]int{0, 1, 2, 5, 8, 20}).Draw(t, "rows") { // stores may put many in another way
			rows = append(rows, drawRow(t, begin))
		}
		update(t, s, func(tx T) error { return tx.Put(background, rows) })
		for _, r := range rows {
			model[r.Key()] = r
		}
	}
	var wants []circ.Want
	for range 12 {
		wants = append(wants, drawWant(t, begin))
	}
	view(t, s, func(tx T) error {
		rows, err := tx.Read(background, wants)
		if err != nil {
			return err
		}
		found := linesOf(model)
		for i, w := range wants {
			want := lookup(model, found, w)
			if len(rows[i]) == 0 && len(want) == 0 {
				continue
			}
			if !reflect.DeepEqual(rows[i], want) {
				t.Errorf("want %+.60v: got %d rows %.200v\nwant %d %.200v", w, len(rows[i]), rows[i], len(want), want)
			}
		}
		return nil
	})
}

// line is a line of an index, and the row that it finds.
type line struct {
	circ.Line
	row circ.Row
}

// linesOf gives all lines by which the rows of a model are found.
func linesOf(model map[circ.Key]circ.Row) (all []line) {
	for _, r := range model {
		for _, l := range r.Index() {
			all = append(all, line{l, r})
		}
	}
	return all
}

// lookup answers a want from the model and its lines.
func lookup(model map[circ.Key]circ.Row, all []line, w circ.Want) []circ.Row {
	if w.Index == "" {
		if r, ok := model[w.Key]; ok {
			return []circ.Row{r}
		}
		return nil
	}
	var hits []line
	for _, l := range all {
		fits := l.Of == w.ID && (w.After == "" || l.Sort > w.After)
		if w.Index.Begins() {
			fits = strings.HasPrefix(l.Of, w.ID)
		}
		if l.Index == w.Index && fits {
			hits = append(hits, l)
		}
	}
	slices.SortFunc(hits, func(a, b line) int {
		ka, kb := a.row.Key(), b.row.Key()
		return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Sort, b.Sort), cmp.Compare(ka.Kind, kb.Kind), cmp.Compare(ka.ID, kb.ID))
	})
	var out []circ.Row
	for _, h := range hits[:min(len(hits), w.N)] {
		out = append(out, h.row)
	}
	return out
}

func kinds[T journal.Book](t *testing.T, s journal.Store[T]) {
	id := unique()
	rows := []circ.Row{
		circ.Patron{ID: circ.PatronID(id), Family: "Müller", Expires: day.Add(123 * time.Microsecond)},
		circ.Card{Number: id, Patron: "p", State: circ.CardLost},
		circ.Block{ID: circ.BlockID(id), Patron: "p", At: day},
		circ.Alert{ID: circ.AlertID(id), Patron: "p", Text: "ask for the address", Shown: circ.AtBoth, At: day},
		circ.Shift{ID: circ.ShiftID(id), Float: money.Amount{Minor: 5000, Currency: "EUR"}, Opened: circ.Stamp{At: day, Desk: "d"}},
		circ.Link{ID: circ.LinkID(id), Patron: "p", Other: "q", Kind: circ.Guarantor, At: day},
		circ.Title{ID: circ.TitleID(id), Title: "Die Blechtrommel"},
		circ.Item{ID: circ.ItemID(id), Barcode: id, Seen: circ.Sighting{At: day, Desk: "d"}},
		circ.Loan{ID: circ.LoanID(id), Item: "i", Patron: "p", Out: day, Due: day, Renewals: []circ.Renewal{{ID: "r", At: day, Due: day}}},
		circ.Request{ID: circ.RequestID(id), Title: "t", Patron: "p", At: day, Stage: circ.Waiting},
		circ.Fee{ID: circ.FeeID(id), Patron: "p", Type: "lost", At: day},
		circ.Payment{ID: circ.PaymentID(id), Patron: "p", At: day},
		circ.InHouse{ID: circ.UseID(id), Item: "i", Library: "main", At: day, Undone: day.Add(time.Minute)},
		circ.Mark{Desk: circ.DeskID(id), Epoch: 1<<64 - 1, Seq: 1<<63 + 1, Hash: "ab"},
		circ.Rules{Version: "1", Body: "[terms]"},
		journal.UnknownRow{Of: circ.Key{Kind: "of_a_later_version", ID: id}, Raw: []byte(`{"x": [1, 2.50]}`)},
	}
	update(t, s, func(tx T) error { return tx.Put(background, rows) })
	wants := make([]circ.Want, len(rows))
	for i, r := range rows {
		wants[i] = circ.ByKey(r.Key().Kind, r.Key().ID)
	}
	view(t, s, func(tx T) error {
		got, err := tx.Read(background, wants)
		if err != nil {
			return err
		}
		for i, r := range rows {
			if len(got[i]) != 1 || !reflect.DeepEqual(got[i][0], r) {
				t.Errorf("%s: got %+v, want %+v", r.Key().Kind, got[i], r)
			}
		}
		return nil
	})
}

func pages[T journal.Book](t *testing.T, s journal.Store[T]) {
	title := circ.TitleID(unique())
	var want []circ.Row
	for i := range 30 {
		want = append(want, circ.Request{ID: circ.RequestID(string(title) + string(rune('a'+i))), Title: title, Patron: "p", At: day.Add(time.Duration(i/2) * time.Second), Stage: circ.Waiting})
	}
	mixed := slices.Clone(want)
	slices.Reverse(mixed)
	update(t, s, func(tx T) error { return tx.Put(background, mixed) })
	view(t, s, func(tx T) error {
		var got []circ.Row
		for after := ""; ; {
			rows, err := tx.Read(background, []circ.Want{{Index: circ.QueueOf, ID: string(title), After: after, N: 7}})
			if err != nil {
				return err
			}
			got = append(got, rows[0]...)
			if len(rows[0]) < 7 {
				break
			}
			after = rows[0][6].(circ.Request).Place()
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %d: %v", len(got), got)
		}
		return nil
	})
}

// longOnes: what is looked up, and what it is sorted by, may be longer than any
// key of a database, and differ only at the end.
func longOnes[T journal.Book](t *testing.T, s journal.Store[T]) {
	begin := unique() + strings.Repeat("long", 12_000)
	var rows []circ.Row
	for i := range 12 {
		id := begin + string(rune('a'+i*5%12))
		rows = append(rows,
			circ.Request{ID: circ.RequestID(id), Title: circ.TitleID(begin), Patron: "p", At: day, Stage: circ.Waiting},
			circ.Title{ID: circ.TitleID(id), Title: id})
	}
	update(t, s, func(tx T) error { return tx.Put(background, rows) })
	model := map[circ.Key]circ.Row{}
	for _, r := range rows {
		model[r.Key()] = r
	}
	folded := rows[1].(circ.Title).Index()[0].Of
	wants := []circ.Want{
		circ.In(circ.QueueOf, begin, 5),
		circ.In(circ.QueueOf, begin, 50),
		{Index: circ.QueueOf, ID: begin, After: rows[0].(circ.Request).Place(), N: 50},
		{Index: circ.QueueOf, ID: begin, After: circ.SortTime(day) + begin[:2048], N: 3},
		circ.In(circ.QueueOf, begin[:len(begin)-1], 5),
		circ.In(circ.ByTitle, folded[:40], 5),
		circ.In(circ.ByTitle, folded[:5000], 50),
		circ.In(circ.ByTitle, folded, 50),
		circ.In(circ.ByTitle, folded[:5000]+"?", 50),
	}
	view(t, s, func(tx T) error {
		got, err := tx.Read(background, wants)
		if err != nil {
			return err
		}
		found := linesOf(model)
		for i, w := range wants {
			if want := lookup(model, found, w); len(got[i])+len(want) > 0 && !reflect.DeepEqual(got[i], want) {
				t.Errorf("want %d in %s: %d rows, want %d, or another order", i, w.Index, len(got[i]), len(want))
			}
		}
		return nil
	})
}

// notText: bytes that are no text become the replacement character, in the
// record and in the lookups alike, and no line stays behind when it changes.
func notText[T journal.Book](t *testing.T, s journal.Store[T]) {
	begin := unique()
	for _, r := range []circ.Row{circ.Item{ID: circ.ItemID(begin), Barcode: begin + "\xff"}, circ.Item{ID: circ.ItemID(begin), Barcode: begin}} {
		update(t, s, func(tx T) error { return tx.Put(background, []circ.Row{r}) })
	}
	view(t, s, func(tx T) error {
		rows, err := tx.Read(background, []circ.Want{circ.In(circ.ByBarcode, begin, 5), circ.In(circ.ByBarcode, begin+"\xff", 5), circ.In(circ.ByBarcode, begin+"\ufffd", 5)})
		if err == nil && (len(rows[0]) != 1 || len(rows[1])+len(rows[2]) != 0) {
			t.Errorf("found %v", rows)
		}
		return err
	})
}

func unfit[T journal.Book](t *testing.T, s journal.Store[T]) {
	id := unique()
	for name, bad := range map[string]circ.Row{
		"no id":                        circ.Patron{Family: "x"},
		"an id that is no text":        circ.Patron{ID: "\xff"},
		"a time that nobody can write": circ.Loan{ID: circ.LoanID(id), Out: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if err := s.Update(background, func(tx T) error {
			return tx.Put(background, []circ.Row{circ.Patron{ID: circ.PatronID(id)}, bad})
		}); err == nil {
			t.Errorf("%s: it was put", name)
		}
	}
	view(t, s, func(tx T) error {
		rows, err := tx.Read(background, []circ.Want{circ.ByKey(circ.KindPatron, id)})
		if err == nil && len(rows[0]) != 0 {
			t.Error("its neighbour stayed")
		}
		return err
	})
}
