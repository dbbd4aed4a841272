package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// RunLedger tests entries, heads and receipts.
func RunLedger[T journal.Ledger](t *testing.T, open Open[T]) {
	s := open(t)
	t.Run("entries and receipts are what a plain list says", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { ledgerHistory(t, s) })
	})
	t.Run("an entry that does not fit is told so", func(t *testing.T) { misfits(t, s) })
	t.Run("an older epoch goes on, and the newest stays the newest", func(t *testing.T) { olderGoesOn(t, s) })
	t.Run("each entry of a long chain is found by its id", func(t *testing.T) { longChain(t, s) })
	t.Run("what another desk says of a question hides nothing", func(t *testing.T) { namedByOthers(t, s) })
	t.Run("what nobody understands is kept", func(t *testing.T) { unreadable(t, s) })
}

// chain is the model of one desk: all its entries, those of one epoch together.
type chain struct {
	head     journal.Mark
	entries  []journal.Entry
	moved    []journal.Entry // their old places
	receipts map[circ.EntryID]journal.Receipt
}

// question is what a desk asked; no desk: of whichever desk.
type question struct {
	desk circ.DeskID
	id   circ.EntryID
}

func ledgerHistory[T journal.Ledger](t *rapid.T, s journal.Store[T]) {
	begin := unique()
	chains := make([]*chain, 3)
	for i, end := range rapid.Permutation(texts).Draw(t, "desks")[:len(chains)] {
		chains[i] = &chain{head: journal.Mark{Desk: circ.DeskID(begin + end), Epoch: 1}, receipts: map[circ.EntryID]journal.Receipt{}}
	}
	later, undos := map[question]journal.Entry{}, map[circ.EntryID][]journal.Entry{}
	count := 0
	for range rapid.IntRange(1, 12).Draw(t, "steps") {
		c := rapid.SampledFrom(chains).Draw(t, "desk")
		switch step := rapid.IntRange(0, 6).Draw(t, "step"); step {
		case 0, 1, 5:
			count++
			id := fmt.Sprintf("%s%d%s", begin, count, rapid.SampledFrom(texts).Draw(t, "id"))
			e := next(t, id, c.head, func(e *journal.Entry) {
				if of := rapid.SampledFrom(append(slices.Clone(chains), c, c)).Draw(t, "of").entries; len(of) > 0 && rapid.Bool().Draw(t, "names") {
					e.Mode = rapid.SampledFrom([]journal.Mode{journal.Withdrawn, journal.Stood}).Draw(t, "as")
					e.Of = rapid.SampledFrom(of).Draw(t, "which").Act.ID
				}
				if of := rapid.SampledFrom(chains).Draw(t, "whose").entries; len(of) > 0 && rapid.Bool().Draw(t, "undoes") {
					e.Act.Command = circ.Undo{Entry: rapid.SampledFrom(of).Draw(t, "undone").Act.ID}
				}
			})
			if of := e.Undoes(); of != "" {
				undos[of] = append(undos[of], e)
			}
			if step == 5 { // its receipt is there before it
				c.receipts[e.Act.ID] = receiptOf(e, journal.Noop)
				update(t, s, func(tx T) error { return tx.Settle(background, c.receipts[e.Act.ID]) })
			}
			update(t, s, func(tx T) error {
				fresh, err := tx.Add(background, e)
				if err == nil && !fresh {
					err = errors.New("a new entry is told to be there")
				}
				return err
			})
			first := later[question{"", e.Of}].Act.Desk
			for _, q := range []question{{c.head.Desk, e.Of}, {"", e.Of}} {
				other := q.desk == "" && first != "" && first != c.head.Desk
				if was := later[q]; e.Of != "" && !other && (was.Of == "" || was.Mode == journal.Withdrawn && e.Mode == journal.Stood) {
					later[q] = e
				}
			}
			c.entries, c.head = append(c.entries, e), markOf(e)
		case 2: // what is there, again
			if len(c.entries) > 0 {
				e := rapid.SampledFrom(c.entries).Draw(t, "again")
				update(t, s, func(tx T) error {
					fresh, err := tx.Add(background, e)
					if err == nil && fresh {
						err = errors.New("an entry that is there is told to be new")
					}
					return err
				})
			}
		case 3:
			if len(c.entries) > 0 {
				e := rapid.SampledFrom(c.entries).Draw(t, "settle")
				r := receiptOf(e, rapid.SampledFrom([]journal.Verdict{journal.Applied, journal.Refused, journal.Noop, journal.Rejected}).Draw(t, "verdict"))
				update(t, s, func(tx T) error { return tx.Settle(background, r) })
				if _, have := c.receipts[e.Act.ID]; !have {
					c.receipts[e.Act.ID] = r
				}
			}
		case 4: // restored from a backup: a new epoch
			if len(c.entries) > 0 {
				c.head.Epoch += rapid.Uint64Range(1, 3).Draw(t, "epochs")
				c.head.Seq, c.head.Hash = 0, journal.Hash{}
			}
		case 6: // forked: what came last is written again in a new epoch
			if n := len(c.entries); n > 0 {
				c.head = journal.Mark{Desk: c.head.Desk, Epoch: c.head.Epoch + 1}
				tail := c.entries[n-rapid.IntRange(1, min(n, 3)).Draw(t, "written again"):]
				c.entries, c.moved = c.entries[:n-len(tail)], append(c.moved, tail...)
				for _, was := range tail {
					e, err := was.Again(c.head)
					if err != nil {
						t.Fatalf("write again: %v", err)
					}
					update(t, s, func(tx T) error { _, err := tx.Add(background, e); return err })
					c.entries, c.head = append(c.entries, e), markOf(e)
					for of, us := range undos {
						for i := range us {
							if us[i].Act.ID == e.Act.ID {
								undos[of][i] = e
							}
						}
					}
				}
			}
		}
	}
	view(t, s, func(tx T) error {
		for _, c := range chains {
			sameChain(t, tx, c, undos)
			for _, e := range c.entries {
				for _, asked := range append(chains, &chain{}) {
					want := later[question{asked.head.Desk, e.Act.ID}]
					l, named, err := tx.Later(background, asked.head.Desk, e.Act.ID)
					if err != nil || named != (want.Of != "") || l.Act.ID != want.Act.ID {
						t.Errorf("later than %q of %q: %q %v %v, want %q", e.Act.ID, asked.head.Desk, l.Act.ID, named, err, want.Act.ID)
					}
				}
			}
		}
		return nil
	})
}

func receiptOf(e journal.Entry, v journal.Verdict) journal.Receipt {
	r := journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Verdict: v}
	if v == journal.Applied {
		r.Events = e.Told
		r.Objections = []circ.Remark{{Reason: circ.HeldForOther, Who: "p", When: day}}
	}
	if v == journal.Refused {
		r.Decision.Refused = []circ.Remark{{Reason: circ.UnknownItem, Text: "31234"}}
	}
	return r
}

// sameChain compares a desk with its model.
func sameChain[T journal.Ledger](t *rapid.T, tx T, c *chain, undos map[circ.EntryID][]journal.Entry) {
	want := journal.Mark{Desk: c.head.Desk}
	if n := len(c.entries); n > 0 {
		want = markOf(c.entries[n-1])
	}
	if got, err := tx.Head(background, c.head.Desk); err != nil || got != want {
		t.Errorf("head %+v, want %+v (%v)", got, want, err)
	}
	var open []journal.Entry
	byEpoch := map[uint64][]journal.Entry{}
	for _, e := range c.moved {
		byEpoch[e.Epoch] = append(byEpoch[e.Epoch], e)
	}
	for _, e := range c.entries {
		got, ok, err := tx.Entry(background, e.Act.ID)
		if err != nil || !ok || !reflect.DeepEqual(got, e) {
			t.Errorf("entry %q: %+v %v %v", e.Act.ID, got, ok, err)
		}
		r, settled, err := tx.Receipt(background, e.Act.ID)
		if want, have := c.receipts[e.Act.ID]; err != nil || settled != have || !reflect.DeepEqual(r, want) {
			t.Errorf("receipt of %q: %+v %v %v, want %+v", e.Act.ID, r, settled, err, want)
		}
		if us, err := tx.Undos(background, e.Act.ID); err != nil || !sameEntries(byID(us), byID(undos[e.Act.ID])) {
			t.Errorf("undos of %q: %d %v, want %d", e.Act.ID, len(us), err, len(undos[e.Act.ID]))
		}
		if !settled {
			open = append(open, e)
		}
		byEpoch[e.Epoch] = append(byEpoch[e.Epoch], e)
	}
	n := rapid.IntRange(0, len(c.entries)+1).Draw(t, "n")
	if got, err := tx.Unsettled(background, c.head.Desk, n); err != nil || !sameEntries(got, open[:min(n, len(open))]) {
		t.Errorf("unsettled of %q: %d %v, want %d", c.head.Desk, len(got), err, min(n, len(open)))
	}
	heads, err := tx.Heads(background, c.head.Desk)
	if err != nil || len(heads) != len(byEpoch) {
		t.Errorf("%d heads of %d epochs of %q: %v", len(heads), len(byEpoch), c.head.Desk, err)
	}
	for i, m := range heads {
		if last := slices.MaxFunc(byEpoch[m.Epoch], func(a, b journal.Entry) int { return cmp.Compare(a.Seq, b.Seq) }); m != markOf(last) || i > 0 && heads[i-1].Epoch >= m.Epoch {
			t.Errorf("head %+v of an epoch, want %+v", m, markOf(last))
		}
	}
	for epoch, want := range byEpoch {
		slices.SortFunc(want, func(a, b journal.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
		from := rapid.IntRange(0, len(want)).Draw(t, "after")
		got, err := tx.Entries(background, journal.Mark{Desk: c.head.Desk, Epoch: epoch, Seq: uint64(from)}, n)
		want = want[from:]
		if err != nil || !sameEntries(got, want[:min(n, len(want))]) {
			t.Errorf("entries of %q after %d.%d: %d %v, want %d", c.head.Desk, epoch, from, len(got), err, min(n, len(want)))
		}
	}
}

func sameEntries(a, b []journal.Entry) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

func misfits[T journal.Ledger](t *testing.T, s journal.Store[T]) {
	begin := unique()
	desk := circ.DeskID(begin)
	one := next(t, begin+"1", journal.Mark{Desk: desk, Epoch: 2}, nil)
	two := next(t, begin+"2", markOf(one), nil)
	update(t, s, func(tx T) error {
		_, err := tx.Add(background, one)
		if err == nil {
			_, err = tx.Add(background, two)
		}
		return err
	})
	otherOne := next(t, begin+"1'", journal.Mark{Desk: desk, Epoch: 2}, nil)
	for _, row := range []struct {
		name  string
		entry journal.Entry
		want  error
	}{
		{"the same number, another entry", otherOne, journal.ErrFork},
		{"the same number and id, other words", next(t, begin+"2", markOf(one), func(e *journal.Entry) { e.Act.Operator = "eve" }), journal.ErrFork},
		{"it follows another entry", next(t, begin+"3", markOf(next(t, begin+"2'", markOf(otherOne), nil)), nil), journal.ErrFork},
		{"one is missing before it", next(t, begin+"4", journal.Mark{Desk: desk, Epoch: 2, Seq: 3}, nil), journal.ErrGap},
		{"a new epoch does not begin with one", next(t, begin+"5", journal.Mark{Desk: desk, Epoch: 3, Seq: 1}, nil), journal.ErrGap},
		{"a desk's first has not number one", next(t, begin+"6", journal.Mark{Desk: desk + "new", Epoch: 1, Seq: 1}, nil), journal.ErrGap},
		{"an older epoch does not begin with one", next(t, begin+"7", journal.Mark{Desk: desk, Epoch: 1, Seq: 1}, nil), journal.ErrGap},
		{"written again in an older epoch", next(t, begin+"1", journal.Mark{Desk: desk, Epoch: 1}, nil), journal.ErrFork},
		{"the id of another number", next(t, begin+"1", markOf(two), nil), journal.ErrFork},
		{"the id of another desk's", next(t, begin+"1", journal.Mark{Desk: desk + "new", Epoch: 1}, nil), journal.ErrFork},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := s.Update(background, func(tx T) error {
				_, err := tx.Add(background, row.entry)
				return err
			})
			if !errors.Is(err, row.want) {
				t.Errorf("got %v, want %v", err, row.want)
			}
		})
	}
	view(t, s, func(tx T) error {
		if m, err := tx.Head(background, desk); err != nil || m != markOf(two) {
			t.Errorf("the head moved: %+v %v", m, err)
		}
		if m, err := tx.Head(background, desk+"new"); err != nil || m != (journal.Mark{Desk: desk + "new"}) {
			t.Errorf("a desk without entries has a head: %+v %v", m, err)
		}
		if es, err := tx.Entries(background, journal.Mark{Desk: desk, Epoch: 2, Seq: 1<<64 - 1}, 5); err != nil || len(es) != 0 {
			t.Errorf("after the last number there is: %v %v", es, err)
		}
		if _, ok, err := tx.Entry(background, circ.EntryID(begin+"4")); err != nil || ok {
			t.Errorf("an entry that was not taken is there: %v %v", ok, err)
		}
		return nil
	})
	if err := s.Update(background, func(tx T) error {
		_, err := tx.Add(background, journal.Entry{Act: one.Act, Epoch: 2, Seq: 3})
		return err
	}); err == nil {
		t.Error("an entry that is not finished was taken")
	}
}

// longChain: a store may keep ids in another way when they are many, or when the
// desk begins a new epoch.
func longChain[T journal.Ledger](t *testing.T, s journal.Store[T]) {
	begin := unique()
	head := journal.Mark{Desk: circ.DeskID(begin), Epoch: 1}
	var all []journal.Entry
	for i := range 70 {
		if i == 41 {
			head = journal.Mark{Desk: head.Desk, Epoch: 2}
		}
		e := next(t, begin+strconv.Itoa(i), head, nil)
		update(t, s, func(tx T) error {
			_, err := tx.Add(background, e)
			return err
		})
		all, head = append(all, e), markOf(e)
		if i%7 != 0 {
			continue
		}
		again := next(t, string(all[i/2].Act.ID), head, nil)
		if err := s.Update(background, func(tx T) error {
			_, err := tx.Add(background, again)
			return err
		}); !errors.Is(err, journal.ErrFork) {
			t.Errorf("entry %d has the id of entry %d: %v", i+1, i/2, err)
		}
		view(t, s, func(tx T) error {
			for k, want := range all {
				got, ok, err := tx.Entry(background, want.Act.ID)
				if err != nil || !ok || got.Hash() != want.Hash() {
					t.Errorf("of %d entries, entry %d: %+v %v %v", i, k, got.Act, ok, err)
				}
			}
			_, ok, err := tx.Entry(background, circ.EntryID(begin))
			if ok {
				t.Error("an id that no entry has is found")
			}
			return err
		})
	}
}

// unreadable: an entry that this version cannot read, but whose place it knows,
// is kept byte for byte, so that it can be rejected and judged again later.
func unreadable[T journal.Ledger](t *testing.T, s journal.Store[T]) {
	begin := unique()
	e := next(t, begin, journal.Mark{Desk: circ.DeskID(begin), Epoch: 1}, nil)
	f := e.Frame()
	f.Private = append([]byte{0}, f.Private...) // its key does not open it
	e, err := journal.Decode(f)
	if err == nil {
		t.Fatal("it can be read")
	}
	update(t, s, func(tx T) error {
		_, err := tx.Add(background, e)
		return err
	})
	view(t, s, func(tx T) error {
		got, ok, err := tx.Entry(background, e.Act.ID)
		if err != nil || !ok || !reflect.DeepEqual(got.Frame(), f) {
			t.Errorf("got %+v %v %v", got, ok, err)
		}
		if un, err := tx.Unsettled(background, e.Act.Desk, 5); err != nil || len(un) != 1 {
			t.Errorf("unsettled: %v %v", un, err)
		}
		return nil
	})
}

func byID(es []journal.Entry) []journal.Entry {
	return slices.SortedFunc(slices.Values(es), func(a, b journal.Entry) int { return cmp.Compare(a.Act.ID, b.Act.ID) })
}

func olderGoesOn[T journal.Ledger](t *testing.T, s journal.Store[T]) {
	desk := circ.DeskID(unique())
	one := next(t, string(desk)+"1", journal.Mark{Desk: desk, Epoch: 1}, nil)
	newest := next(t, string(desk)+"2", journal.Mark{Desk: desk, Epoch: 3}, nil)
	two := next(t, string(desk)+"3", markOf(one), nil)
	between := next(t, string(desk)+"4", journal.Mark{Desk: desk, Epoch: 2}, nil)
	again, err := next(t, string(desk)+"5", markOf(two), nil).Again(markOf(newest))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []journal.Entry{one, newest, two, between, again} {
		update(t, s, func(tx T) error { _, err := tx.Add(background, e); return err })
	}
	view(t, s, func(tx T) error {
		if m, err := tx.Head(background, desk); err != nil || m != markOf(again) {
			t.Errorf("head %+v: %v", m, err)
		}
		for _, e := range []journal.Entry{one, newest, two, between, again} {
			if got, ok, err := tx.Entry(background, e.Act.ID); err != nil || !ok || got.Hash() != e.Hash() {
				t.Errorf("entry %s: %v, %v", e.Act.ID, ok, err)
			}
		}
		return nil
	})
	update(t, s, func(tx T) error { // where it was first comes late
		_, err := tx.Add(background, next(t, string(desk)+"5", markOf(two), nil))
		return err
	})
	view(t, s, func(tx T) error {
		if got, ok, err := tx.Entry(background, again.Act.ID); err != nil || !ok || got.Hash() != again.Hash() {
			t.Errorf("written again: %v, %v", ok, err)
		}
		if open, err := tx.Unsettled(background, desk, 10); err != nil || len(open) != 5 {
			t.Errorf("%d are unsettled: %v", len(open), err)
		}
		return nil
	})
}

// namedByOthers: another desk says what became of a question, before the desk that
// asked it and after. The one that asked writes its own again in a new epoch, too.
func namedByOthers[T journal.Ledger](t *testing.T, s journal.Store[T]) {
	begin := unique()
	of := circ.EntryID(begin)
	first, ours, last := circ.DeskID(begin+"first"), circ.DeskID(begin+"ours"), circ.DeskID(begin+"last")
	heads := map[circ.DeskID]journal.Mark{first: {Desk: first, Epoch: 1}, ours: {Desk: ours, Epoch: 1}, last: {Desk: last, Epoch: 1}}
	want := map[circ.DeskID]string{}
	var newest journal.Entry
	for _, step := range []struct {
		does  string
		desk  circ.DeskID
		mode  journal.Mode // none: its newest is written again
		id    string
		later map[circ.DeskID]string // since then
	}{
		{does: "another says that it stood", desk: first, mode: journal.Stood, id: "1", later: map[circ.DeskID]string{first: "1", "": "1"}},
		{does: "its desk says that it is withdrawn", desk: ours, mode: journal.Withdrawn, id: "2", later: map[circ.DeskID]string{ours: "2"}},
		{does: "its desk writes that again", desk: ours, id: "2"},
		{does: "a third says that it stood", desk: last, mode: journal.Stood, id: "3", later: map[circ.DeskID]string{last: "3"}},
		{does: "its desk says that it stood", desk: ours, mode: journal.Stood, id: "4", later: map[circ.DeskID]string{ours: "4"}},
		{does: "its desk writes that again", desk: ours, id: "4"},
		{does: "its desk says once more that it is withdrawn", desk: ours, mode: journal.Withdrawn, id: "5"},
		{does: "its desk says once more that it stood", desk: ours, mode: journal.Stood, id: "6"},
		{does: "the third says that it is withdrawn", desk: last, mode: journal.Withdrawn, id: "7"},
	} {
		after := heads[step.desk]
		e, err := newest.Again(journal.Mark{Desk: step.desk, Epoch: after.Epoch + 1})
		if step.mode != "" {
			e, err = next(t, begin+step.id, after, func(e *journal.Entry) { e.Mode, e.Of = step.mode, of }), nil
		}
		if err != nil {
			t.Fatal(err)
		}
		newest, heads[step.desk] = e, markOf(e)
		update(t, s, func(tx T) error { _, err := tx.Add(background, e); return err })
		maps.Copy(want, step.later)
		view(t, s, func(tx T) error {
			for _, desk := range []circ.DeskID{first, ours, last, "", circ.DeskID(begin)} {
				got, named, err := tx.Later(background, desk, of)
				if id, there := want[desk]; err != nil || named != there || there && string(got.Act.ID) != begin+id {
					t.Errorf("%s: of desk %q it gives %q (%v, %v), want %q", step.does, desk, got.Act.ID, named, err, id)
				}
			}
			if got, named, _ := tx.Later(background, ours, of); named && step.desk == ours && got.Act.ID == e.Act.ID && got.Epoch != e.Epoch {
				t.Errorf("%s: it is found in epoch %d, want %d", step.does, got.Epoch, e.Epoch)
			}
			if us, err := tx.Undos(background, of); err != nil || len(us) != 0 {
				t.Errorf("%s: it is undone by %v, %v", step.does, us, err)
			}
			return nil
		})
	}
}
