package load_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/load"
)

func hashOf(file string) string {
	sum := sha256.Sum256([]byte(file))
	return hex.EncodeToString(sum[:])
}

func TestALoadPutsRecordsAndWritesOneEntry(t *testing.T) {
	l := newLibrary(t)
	file := iso(t, emma(), mulder()) + "no record at all\x1d"
	got := l.loads(titleFile("/exports/2026/titles.mrc", file))
	want := load.Report{
		File: "titles.mrc", Kind: circ.KindTitle, Hash: hashOf(file), Entry: got.Entry,
		Counts: load.Counts{Read: 3, Titles: 2, Items: 2, Skipped: 1, Troubles: 1}, Merged: load.Merged{Added: 4},
	}
	if got != want {
		t.Errorf("it reports %+v\nwant       %+v", got, want)
	}
	if ti := l.title("30001"); ti.Title != "Emma" {
		t.Errorf("30001 is %+v", ti)
	}
	note := circ.LoadNote{File: "titles.mrc", Hash: hashOf(file), Kind: circ.KindTitle, Read: 3, Put: 2, Skipped: 1}
	if notes := l.notes(); !reflect.DeepEqual(notes, []circ.LoadNote{note}) {
		t.Errorf("entries %+v", notes)
	}

	people := "card,surname\n2001,Jones\n2002,Silva\n"
	r := l.loads(patronFile("people.csv", people))
	if r.Kind != circ.KindPatron || r.Counts.Patrons != 2 || r.Merged != (load.Merged{Added: 2}) {
		t.Errorf("it reports %+v", r)
	}
	if p := l.reader("2002"); p.Family != "Silva" || p.Card != "2002" {
		t.Errorf("2002 opens %+v", p)
	}
	if notes := l.notes(); len(notes) != 2 || notes[1] != (circ.LoadNote{File: "people.csv", Hash: hashOf(people), Kind: circ.KindPatron, Read: 2, Put: 2}) {
		t.Errorf("entries %+v", notes)
	}
	l.does(circ.CheckOut{Card: "2001", Barcode: "30001"})
}

// The verdict on an entry of a load is that on every entry: its chain holds.
func TestEntriesOfLoadsAreAChain(t *testing.T) {
	l := newLibrary(t)
	for i := range 60 { // more than a page
		if i == 30 {
			l.now = l.now.AddDate(0, 0, -1) // a clock set back
		}
		l.loads(patronFile("people.csv", fmt.Sprintf("card,surname\n%d,Jones\n", i)))
	}
	if r := l.loads(patronFile("people.csv", "card,surname\n59,Jones\n")); !r.Unchanged {
		t.Error("the last one is not known")
	}
	l.loads(patronFile("others.csv", "card,surname\n100,Jones\n"))
	if r := l.loads(patronFile("people.csv", "card,surname\n59,Jones\n")); !r.Unchanged {
		t.Error("the last one of this name is not known")
	}
	if err := l.store.View(t.Context(), func(tx journal.HubTx) error {
		es, err := tx.Entries(t.Context(), journal.Mark{Desk: load.Desk, Epoch: 1}, 100)
		var before journal.Entry
		for i, e := range es {
			if e.Seq != uint64(i+1) || e.Prev != before.Hash() || e.Act.At.Before(before.Act.At) || e.Mode != journal.Fact {
				t.Errorf("entry %d does not follow: %+v", i, e)
			}
			before = e
		}
		if len(es) != 61 {
			t.Errorf("%d entries", len(es))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestTheSameFileAgain(t *testing.T) {
	one, two := iso(t, emma(), mulder()), iso(t, emma())
	mapped := load.PatronOptions{Zone: zone(t, "Europe/Berlin")}
	const people = "card,surname,expires\n2001,Jones,2030-12-31\n"
	for _, tc := range []struct {
		name      string
		first     []load.File
		again     load.File
		unchanged bool
		merged    load.Merged
	}{
		{"is not put again", []load.File{titleFile("a.mrc", one)}, titleFile("a.mrc", one), true, load.Merged{}},
		{"in another folder", []load.File{titleFile("/x/a.mrc", one)}, titleFile(`C:\y\a.mrc`, one), true, load.Merged{}},
		{"under another name", []load.File{titleFile("a.mrc", one)}, titleFile("b.mrc", one), false, load.Merged{Same: 4}},
		{"after another of that name", []load.File{titleFile("a.mrc", one), titleFile("a.mrc", two)}, titleFile("a.mrc", one), false, load.Merged{Same: 4}},
		{"after another of another name", []load.File{titleFile("a.mrc", one), titleFile("b.mrc", two)}, titleFile("a.mrc", one), true, load.Merged{}},
		{"read in another way", []load.File{patronFile("p.csv", people)}, load.PatronFile("p.csv", strings.NewReader(people), mapped), false, load.Merged{Changed: 1}},
		{"with one record more", []load.File{titleFile("a.mrc", two)}, titleFile("a.mrc", one), false, load.Merged{Added: 2, Same: 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLibrary(t)
			for _, f := range tc.first {
				l.loads(f)
			}
			before := l.loads(tc.first[len(tc.first)-1]) // itself again, which changes nothing
			entries, records := len(l.notes()), l.feed()
			got := l.loads(tc.again)
			if got.Unchanged != tc.unchanged || got.Merged != tc.merged {
				t.Errorf("it reports %+v", got)
			}
			if tc.unchanged && len(l.notes()) != entries {
				t.Error("there is another entry")
			}
			if tc.unchanged && len(tc.first) == 1 && (got.Counts != before.Counts || got.Entry != before.Entry) {
				t.Errorf("it reports %+v, of the first load %+v", got, before)
			}
			if tc.merged == (load.Merged{Same: tc.merged.Same}) && len(records) != 0 && !sameRecords(records, l.feed()) {
				t.Error("the records are others")
			}
		})
	}
}

// sameRecords compares records; the mark of the loads moves with each of them,
// those of the ones who circulate do not.
func sameRecords(a, b []circ.Row) bool {
	plain := func(rows []circ.Row) []string {
		var out []string
		for _, r := range rows {
			if _, mark := r.(circ.Mark); !mark {
				out = append(out, fmt.Sprintf("%T %s", r, journal.EncodeRow(r)))
			}
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(plain(a), plain(b))
}

// failing gives a file that cannot be read to its end, or that changes.
type failing struct {
	io.ReadSeeker
	passes int
	fails  func(pass int) error
}

func (f *failing) Seek(offset int64, whence int) (int64, error) {
	f.passes++
	return f.ReadSeeker.Seek(offset, whence)
}

func (f *failing) Read(b []byte) (int, error) {
	if err := f.fails(f.passes); err != nil {
		return 0, err
	}
	return f.ReadSeeker.Read(b)
}

func TestALoadThatCannotBeCarriedOutLeavesNothing(t *testing.T) {
	sorry := errors.New("the disk is gone")
	file := iso(t, emma(), mulder())
	other := strings.NewReader(file)
	for _, tc := range []struct {
		name string
		file load.File
		want error
	}{
		{"nothing in the file", titleFile("a.mrc", ""), load.ErrNoRecords},
		{"a file of another sort", titleFile("a.mrc", "card,surname\n2001,Jones\n"), load.ErrNoRecords},
		{"headings alone", patronFile("a.csv", "card,surname\n"), load.ErrNoRecords},
		{"a file that cannot be read", load.TitleFile("a.mrc", &failing{ReadSeeker: other, fails: func(int) error { return sorry }}, load.TitleOptions{}), sorry},
		{"a file that cannot be read twice", load.TitleFile("a.mrc", &failing{ReadSeeker: other, fails: func(pass int) error {
			if pass == 2 {
				return sorry
			}
			return nil
		}}, load.TitleOptions{}), sorry},
		{"a file that changes", load.TitleFile("a.mrc", &failing{ReadSeeker: other, fails: func(pass int) error {
			if pass == 2 && other.Len() == len(file) {
				other.Reset(iso(t, emma()))
			}
			return nil
		}}, load.TitleOptions{}), load.ErrMoved},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLibrary(t)
			other.Reset(file)
			if _, err := load.Into(t.Context(), l.target(), tc.file); !errors.Is(err, tc.want) {
				t.Errorf("it says %v", err)
			}
			if rows, notes := l.feed(), l.notes(); len(rows)+len(notes) != 0 {
				t.Errorf("it left %v and the entries %v", rows, notes)
			}
		})
	}
}

// cutting is a store that gives up a load when so many parts of it are put.
type cutting struct {
	load.Store
	updates int // which Update is the last that succeeds; 0: all do
	cut     context.CancelFunc
}

func (c *cutting) Update(ctx context.Context, fn func(journal.HubTx) error) error {
	err := c.Store.Update(ctx, fn)
	if c.updates--; c.updates == 0 {
		c.cut()
	}
	return err
}

// bulk makes a file of many patrons, with and without new facts.
func bulk(n int, street string) string {
	var b strings.Builder
	b.WriteString("card,surname,street\n")
	for i := range n {
		fmt.Fprintf(&b, "2%06d,Family%d,%s\n", i, i%77, street)
	}
	return b.String()
}

func TestALoadCutShortIsFinishedByTheNext(t *testing.T) {
	const people = 3500
	begun := func(t *testing.T) *library { // half of the people are there, with another street
		l := newLibrary(t)
		l.loads(patronFile("p.csv", bulk(people/2, "Old Street")))
		return l
	}
	whole := begun(t)
	whole.loads(patronFile("p.csv", bulk(people, "New Street")))
	want := whole.feed()
	for _, tc := range []struct {
		name    string
		updates int  // of those that bring records together, give out cards, remember
		store   bool // or when the store has put what is new
		patrons int  // in the store then
		cards   int
	}{
		{"while the file is read", 2, false, people / 2, people / 2},
		{"when the new records are put", 0, true, people, people / 2},
		{"while cards are given out", 8, false, people, people/2 + 1000},
		{"before it is remembered", 9, false, people, people},
		{"before its entry is written", 10, false, people, people},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := begun(t)
			ctx, cut := context.WithCancel(t.Context())
			defer cut()
			to := l.target()
			to.Store = &cutting{l.store, tc.updates, cut}
			f := patronFile("p.csv", bulk(people, "New Street"))
			if tc.store {
				f.Progress = func(p load.Progress) {
					if p.Part == load.Putting {
						cut()
					}
				}
			}
			entries := len(l.notes())
			if _, err := load.Into(ctx, to, f); !errors.Is(err, context.Canceled) {
				t.Fatalf("it says %v", err)
			}
			if len(l.notes()) != entries {
				t.Error("it is said to be finished")
			}
			left := l.feed()
			if n, m := len(all[circ.Patron](left)), len(all[circ.Card](left)); n != tc.patrons || m != tc.cards {
				t.Fatalf("it was cut short with %d patrons and %d cards", n, m)
			}
			if r := l.loads(patronFile("p.csv", bulk(people, "New Street"))); r.Unchanged || r.Counts.Patrons != people {
				t.Errorf("the next reports %+v", r)
			}
			if !sameRecords(l.feed(), want) {
				t.Error("the records are not those of a load that was not cut short")
			}
			if r := l.loads(patronFile("p.csv", bulk(people, "New Street"))); !r.Unchanged {
				t.Errorf("then it reports %+v", r)
			}
			if p := l.reader(fmt.Sprintf("2%06d", people-1)); p.Street != "New Street" {
				t.Errorf("the last is %+v", p)
			}
		})
	}
}

func TestAnEntryThatTheServerRejectsIsAnError(t *testing.T) {
	l := newLibrary(t)
	l.server = hubserver.New(hubserver.Config{
		Store: l.store, Rules: l.server.Rules, Now: l.server.Now,
		Rights: func(a circ.Act) ([]circ.Right, bool) { return nil, a.Operator == "ana" },
	})
	_, err := load.Into(t.Context(), l.target(), titleFile("a.mrc", iso(t, emma())))
	if err == nil || !strings.Contains(err.Error(), string(circ.NoSuchOperator)) {
		t.Errorf("it says %v", err)
	}
	to := l.target()
	to.Operator = "ana"
	for _, unchanged := range []bool{false, true} {
		r, err := load.Into(t.Context(), to, titleFile("a.mrc", iso(t, emma())))
		if err != nil || r.Unchanged != unchanged {
			t.Errorf("it reports %+v, %v", r, err)
		}
	}
}

func TestProgress(t *testing.T) {
	l := newLibrary(t)
	file := bulk(5000, "Long Street")
	f := patronFile("p.csv", file)
	var steps []load.Progress
	f.Progress = func(p load.Progress) { steps = append(steps, p) }
	l.loads(f)
	last := map[load.Part]load.Progress{}
	for _, p := range steps {
		if before := last[p.Part]; p.Done <= before.Done || p.Done > p.Total || p.Part == load.Reading && last[load.Putting].Done > 0 {
			t.Errorf("%+v after %+v", p, before)
		}
		last[p.Part] = p
	}
	if p := last[load.Reading]; p.Done != int64(len(file)) || p.Total != p.Done {
		t.Errorf("reading ended with %+v of %d bytes", p, len(file))
	}
	if p := last[load.Putting]; p.Done != 10_000 || p.Total != p.Done {
		t.Errorf("putting ended with %+v", p)
	}
}

func TestHome(t *testing.T) {
	items := func(n int, library string, from int) string {
		var fields []string
		for i := range n {
			fields = append(fields, fmt.Sprintf("949 $i%d$m%s", from+i, library))
		}
		return iso(t, rec(fmt.Sprint("c", from), append([]string{"245 $aEmma"}, fields...)...))
	}
	for _, tc := range []struct {
		name  string
		files []load.File
		want  string
	}{
		{"no file", nil, ""},
		{"a file without libraries", []load.File{titleFile("a.mrc", iso(t, rec("c1", "245 $aEmma", "949 $i31")))}, ""},
		{"most items of a file", []load.File{titleFile("a.mrc", items(2, "EAST", 10)+items(3, "MAIN", 20)+items(1, "EAST", 30)+items(1, "MAIN", 40))}, "MAIN"},
		{"most items of two files", []load.File{titleFile("a.mrc", items(3, "MAIN", 10)), titleFile("b.mrc", items(2, "EAST", 20)), titleFile("c.mrc", items(2, "EAST", 30))}, "EAST"},
		{"a later file of the name", []load.File{titleFile("a.mrc", items(3, "MAIN", 10)), titleFile("b.mrc", items(2, "EAST", 20)), titleFile("a.mrc", items(1, "MAIN", 10))}, "EAST"},
		{"a library of as many", []load.File{titleFile("a.mrc", items(2, "MAIN", 10)+items(2, "EAST", 20))}, "EAST"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLibrary(t)
			for _, f := range tc.files {
				l.loads(f)
			}
			if got, err := load.Home(t.Context(), l.store); string(got) != tc.want || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// meanwhile is a store in which something happens while a load puts records.
type meanwhile struct {
	load.Store
	before, after func()
}

func (m meanwhile) Load(ctx context.Context, rows iter.Seq2[circ.Row, error], progress func(int)) error {
	err := m.Store.Load(ctx, func(yield func(circ.Row, error) bool) {
		for r, err := range rows {
			if !yield(r, err) {
				return
			}
		}
		m.before()
	}, progress)
	m.after()
	return err
}

func TestWhatDesksDoMeanwhileStands(t *testing.T) {
	people := patronFile("p.csv", "card,surname\n2001,Jones\n2002,Silva\n")
	for _, tc := range []struct {
		name          string
		file          load.File
		before, after func(l *library)
		check         func(t *testing.T, l *library)
		told          int
	}{
		{
			name: "a card is given to somebody", file: people,
			before: func(l *library) {
				l.does(circ.Register{Patron: circ.Patron{Card: "2002", Family: "Silva", Given: "Ana"}})
			},
			told: 1,
			check: func(t *testing.T, l *library) {
				if p := l.reader("2002"); p.Given != "Ana" {
					t.Errorf("2002 opens %+v", p)
				}
				if found := l.find(circ.In(circ.ByName, "silva", 5)); len(found) != 1 {
					t.Errorf("%d people", len(found))
				}
			},
		},
		{
			name: "a card is given to somebody of another name", file: people,
			before: func(l *library) {
				l.does(circ.Register{Patron: circ.Patron{Card: "2002", Family: "Brown", Given: "Bob"}})
			},
			told: 1,
			check: func(t *testing.T, l *library) {
				if p := l.reader("2002"); p.Given != "Bob" {
					t.Errorf("2002 opens %+v", p)
				}
				if found := l.find(circ.In(circ.ByName, "silva", 5)); len(found) != 1 {
					t.Errorf("%d people", len(found))
				}
			},
		},
		{
			name: "a person who is found by name gets another card", file: people,
			after: func(l *library) {
				p := one[circ.Patron](l, circ.In(circ.ByName, "silva", 5))
				l.does(circ.ReplaceCard{Patron: p.ID, Number: "2902"})
			},
			check: func(t *testing.T, l *library) {
				if k, p := l.card("2002"), l.reader("2902"); k.State != circ.CardLost || p.Card != "2902" || p.Family != "Silva" {
					t.Errorf("the card is %+v, the person %+v", k, p)
				}
			},
		},
		{
			name: "an item is lent", file: titleFile("t.mrc", iso(t, rec("c1", "245 $aEmma", "949 $i30001$lDEPOT"), mulder())),
			before: func(l *library) { l.does(circ.CheckOut{Card: "2000", Barcode: "30001"}) },
			check: func(t *testing.T, l *library) {
				if it := l.item("30001"); it.Loan == "" || it.Location != "DEPOT" {
					t.Errorf("it is %+v", it)
				}
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLibrary(t)
			l.loads(titleFile("t.mrc", iso(t, emma())))
			l.loads(patronFile("p.csv", "card,surname\n2000,Doe\n"))
			hook := func(f func(*library)) func() {
				return func() {
					if f != nil {
						f(l)
					}
				}
			}
			to := l.target()
			to.Store = meanwhile{l.store, hook(tc.before), hook(tc.after)}
			r, err := load.Into(t.Context(), to, tc.file)
			if err != nil {
				t.Fatal(err)
			}
			tc.check(t, l)
			if r.Counts.Troubles != tc.told {
				t.Errorf("it reports %+v", r)
			}
		})
	}
}
