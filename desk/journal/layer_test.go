package journal_test

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// plainBook is records, and lookups that look at all of them.
type plainBook map[circ.Key]circ.Row

func (b plainBook) put(rows []circ.Row) {
	for _, r := range rows {
		b[r.Key()] = r
	}
}

func (b plainBook) Read(_ context.Context, wants []circ.Want) ([][]circ.Row, error) {
	out := make([][]circ.Row, len(wants))
	for i, w := range wants {
		out[i] = b.find(w)
	}
	return out, nil
}

func (b plainBook) find(w circ.Want) (rows []circ.Row) {
	if w.Index == "" {
		if r, ok := b[w.Key]; ok {
			rows = append(rows, r)
		}
		return rows
	}
	type hit struct {
		line circ.Line
		row  circ.Row
	}
	var hits []hit
	for _, r := range b {
		for _, l := range r.Index() {
			fits := l.Of == w.ID && (w.After == "" || l.Sort > w.After)
			if w.Index.Begins() {
				fits = strings.HasPrefix(l.Of, w.ID)
			}
			if l.Index == w.Index && fits {
				hits = append(hits, hit{l, r})
			}
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		x, y := a.row.Key(), b.row.Key()
		return cmp.Or(cmp.Compare(a.line.Of, b.line.Of), cmp.Compare(a.line.Sort, b.line.Sort), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID))
	})
	for _, h := range hits[:min(len(hits), w.N)] {
		rows = append(rows, h.row)
	}
	return rows
}

// few draws one of few ids, so that records meet each other.
func few(t *rapid.T, what string) string { return fmt.Sprint(what, rapid.IntRange(1, 4).Draw(t, what)) }

func drawRecord(t *rapid.T) circ.Row {
	at := time.Date(2026, 3, 1, 9, rapid.IntRange(0, 3).Draw(t, "minute"), 0, 0, time.UTC)
	switch rapid.SampledFrom([]int{0, 1, 2, 2, 3}).Draw(t, "kind") {
	case 0:
		return circ.Patron{ID: circ.PatronID(few(t, "p")), Family: few(t, "name"), Void: rapid.IntRange(0, 3).Draw(t, "void") == 0}
	case 1:
		return circ.Item{ID: circ.ItemID(few(t, "i")), Barcode: few(t, "b"), Title: circ.TitleID(few(t, "t"))}
	case 2:
		l := circ.Loan{ID: circ.LoanID(few(t, "l")), Item: circ.ItemID(few(t, "i")), Patron: circ.PatronID(few(t, "p")), Out: at, Due: at}
		if rapid.Bool().Draw(t, "returned") {
			l.In = at
		}
		return l
	}
	return circ.Request{
		ID: circ.RequestID(few(t, "r")), Title: circ.TitleID(few(t, "t")), Patron: circ.PatronID(few(t, "p")), At: at,
		Stage: rapid.SampledFrom([]circ.Stage{circ.Waiting, circ.Filled}).Draw(t, "stage"),
	}
}

func drawLookup(t *rapid.T) circ.Want {
	n := rapid.IntRange(0, 4).Draw(t, "n")
	switch rapid.SampledFrom([]int{0, 1, 2, 2, 3, 4, 5, 6}).Draw(t, "want") {
	case 0:
		return circ.ByKey(circ.KindItem, few(t, "i"))
	case 1:
		return circ.In(circ.ByBarcode, few(t, "b"), n)
	case 2:
		return circ.In(circ.LoansOf, few(t, "p"), n)
	case 3:
		return circ.In(circ.LoansOfItem, few(t, "i"), n)
	case 4:
		return circ.In(circ.ByName, "name", n)
	case 5:
		return circ.In(circ.ItemsOf, few(t, "t"), n)
	}
	w := circ.In(circ.QueueOf, few(t, "t"), n)
	if rapid.Bool().Draw(t, "after") {
		w.After = circ.SortTime(time.Date(2026, 3, 1, 9, 1, 0, 0, time.UTC))
	}
	return w
}

// What is seen through a layer is what a book would give into which all that was
// laid over had been put.
func TestALayerIsAsIfItsRowsHadBeenPut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		under, whole, layer := plainBook{}, plainBook{}, journal.NewLayer()
		rows := rapid.SliceOfN(rapid.Custom(drawRecord), 0, 25)
		below := rows.Draw(t, "under")
		under.put(below)
		whole.put(below)
		for range rapid.IntRange(0, 3).Draw(t, "times") {
			over := rows.Draw(t, "over")
			if rapid.Bool().Draw(t, "as events") {
				over = nil
				e := circ.CheckedOut{
					Loan: circ.LoanID(few(t, "l")), Item: circ.ItemID(few(t, "i")), Patron: circ.PatronID(few(t, "p")),
					At: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), Desk: "d",
				}
				c := circ.NewCase(circ.Act{}, nil)
				for _, k := range e.Touches() {
					c.Add(circ.ByKey(k.Kind, k.ID), whole.find(circ.ByKey(k.Kind, k.ID)))
				}
				c.Apply(e)
				whole.put(c.Changes())
				if err := layer.Apply(ctx, under, []circ.Event{e}); err != nil {
					t.Fatal(err)
				}
			}
			whole.put(over)
			if err := layer.Put(ctx, under, over); err != nil {
				t.Fatal(err)
			}
		}
		wants := rapid.SliceOfN(rapid.Custom(drawLookup), 1, 12).Draw(t, "wants")
		got, err := layer.Over(under).Read(ctx, wants)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range wants {
			if want := whole.find(w); len(got[i])+len(want) > 0 && !reflect.DeepEqual(got[i], want) {
				t.Errorf("%+v: got %v, want %v", w, got[i], want)
			}
		}
	})
}

// A page that begins with rows that are covered is read further.
func TestWhatIsCoveredLeavesItsPlaceOnAPage(t *testing.T) {
	ctx := t.Context()
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	first := circ.Loan{ID: "l1", Item: "i1", Patron: "p", Out: at, Due: at}
	second := circ.Loan{ID: "l2", Item: "i2", Patron: "p", Out: at.Add(time.Minute), Due: at}
	back := circ.CheckedIn{Loan: "l1", Item: "i1", Patron: "p", At: at.Add(time.Hour), How: circ.Returned}
	for name, lay := range map[string]func(l *journal.Layer, under journal.Reader) error{
		"an event": func(l *journal.Layer, under journal.Reader) error { return l.Apply(ctx, under, []circ.Event{back}) },
		"a row": func(l *journal.Layer, under journal.Reader) error {
			closed := first
			closed.In = back.At
			return l.Put(ctx, under, []circ.Row{closed})
		},
	} {
		under, layer := plainBook{}, journal.NewLayer()
		under.put([]circ.Row{first, second, circ.Item{ID: "i1", Barcode: "b1", Loan: "l1"}})
		if err := lay(layer, under); err != nil {
			t.Fatal(err)
		}
		got, err := layer.Over(under).Read(ctx, []circ.Want{circ.In(circ.LoansOf, "p", 1)})
		if err != nil || len(got[0]) != 1 || got[0][0].Key().ID != "l2" {
			t.Errorf("over %s: the page has %v, error %v", name, got, err)
		}
	}
}
