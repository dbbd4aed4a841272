package load_test

import (
	"bytes"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/format/marc"
	"circdesk/desk/journal"
	"circdesk/desk/load"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// rec makes a record: a control number (empty: none), and fields written as
// "245 $aEmma /$cJane Austen".
func rec(control string, fields ...string) *marc.Record {
	r := &marc.Record{Leader: "00000nam a2200000 a 4500"}
	if control != "" {
		r.Control = []marc.Control{{Tag: "001", Value: control}}
	}
	for _, f := range fields {
		tag, subfields, _ := strings.Cut(f, " $")
		d := marc.Field{Tag: tag, Ind1: ' ', Ind2: ' '}
		for s := range strings.SplitSeq(subfields, "$") {
			d.Subfields = append(d.Subfields, marc.Subfield{Code: s[0], Value: s[1:]})
		}
		r.Data = append(r.Data, d)
	}
	return r
}

// emma and mulder are two plain records with an item each.
func emma() *marc.Record {
	return rec("c1", "020 $a0-13-936542-7", "100 $aAusten, Jane,$d1775-1817.", "245 $aEmma /$cJane Austen.", "260 $c1996.",
		"949 $aPR 4034$i30001$lSTACKS$mMAIN$tBOOK")
}

func mulder() *marc.Record {
	return rec("c2", "245 $aMulder.", "949 $aXF 1$i30002$lSTACKS$mEAST$tDVD")
}

// iso writes records as a file.
func iso(t testing.TB, records ...*marc.Record) string {
	t.Helper()
	var b bytes.Buffer
	for _, r := range records {
		raw, err := marc.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(raw)
	}
	return b.String()
}

// drawn is what came out of a file.
type drawn struct {
	rows     []circ.Row
	troubles []load.Trouble
	counts   load.Counts
}

func titles(t testing.TB, file string, o load.TitleOptions) (d drawn) {
	t.Helper()
	o.Trouble = func(x load.Trouble) { d.troubles = append(d.troubles, x) }
	d.take(t, load.Titles(strings.NewReader(file), o))
	return d
}

func patrons(t testing.TB, file string, o load.PatronOptions) (d drawn) {
	t.Helper()
	o.Trouble = func(x load.Trouble) { d.troubles = append(d.troubles, x) }
	d.take(t, load.Patrons(strings.NewReader(file), o))
	return d
}

func (d *drawn) take(t testing.TB, s *load.Source) {
	t.Helper()
	for row, err := range s.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		d.rows = append(d.rows, row)
	}
	d.counts = s.Counts()
}

// all gives the rows of one kind, without their ids and what they point to.
func all[R circ.Row](rows []circ.Row) (out []R) {
	for _, r := range rows {
		v, ok := r.(R)
		if !ok {
			continue
		}
		e := reflect.ValueOf(&v).Elem()
		for _, name := range []string{"ID", "Patron"} {
			if f := e.FieldByName(name); f.IsValid() {
				f.SetZero()
			}
		}
		if title := e.FieldByName("Title"); title.IsValid() && title.Type() == reflect.TypeFor[circ.TitleID]() {
			title.SetZero()
		}
		out = append(out, v)
	}
	return out
}

// library is a central server with an empty store.
type library struct {
	t      testing.TB
	store  *bolt.Hub
	server *hubserver.Server
	now    time.Time
	head   journal.Mark // of the desk that acts in the test
	last   circ.EntryID // what it did last
}

const front circ.DeskID = "front"

func newLibrary(t testing.TB) *library {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &library{t: t, store: store, now: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), head: journal.Mark{Desk: front, Epoch: 1}}
	l.server = hubserver.New(hubserver.Config{
		Store: hubserver.Watch(store), Rules: policy.Default("EUR", "Europe/Berlin"), Now: func() time.Time { return l.now },
	})
	return l
}

func (l *library) newID() circ.EntryID { return circ.EntryID(uuid.Must(uuid.NewV7()).String()) }

func (l *library) target() load.Target {
	return load.Target{Store: l.store, Server: l.server, Now: func() time.Time { return l.now }, NewID: l.newID}
}

// loads loads a file that must load.
func (l *library) loads(f load.File) load.Report {
	l.t.Helper()
	r, err := load.Into(l.t.Context(), l.target(), f)
	if err != nil {
		l.t.Fatal(err)
	}
	return r
}

func titleFile(name, file string) load.File {
	return load.TitleFile(name, strings.NewReader(file), load.TitleOptions{})
}

func patronFile(name, file string) load.File {
	return load.PatronFile(name, strings.NewReader(file), load.PatronOptions{})
}

// does lets the desk ask for something that must be done, a minute after the last.
func (l *library) does(c circ.Command) {
	l.t.Helper()
	l.now = l.now.Add(time.Minute)
	e, err := journal.Entry{
		Act:   circ.Act{ID: l.newID(), Desk: front, Library: "MAIN", Operator: "clerk", At: l.now, Zone: "Europe/Berlin", Command: c},
		Epoch: 1, Seq: l.head.Seq + 1, Prev: l.head.Hash, Mode: journal.Asked,
	}.Finish()
	if err != nil {
		l.t.Fatal(err)
	}
	receipts, err := l.server.Deliver(l.t.Context(), []journal.Entry{e})
	if err != nil || receipts[0].Verdict != journal.Applied {
		l.t.Fatalf("%s: %v %+v", c.Name(), err, receipts)
	}
	l.head.Seq, l.head.Hash, l.last = e.Seq, e.Hash(), e.Act.ID
}

// put puts records that came from somewhere else.
func (l *library) put(rows ...circ.Row) {
	l.t.Helper()
	if err := l.store.Update(l.t.Context(), func(tx journal.HubTx) error { return tx.Put(l.t.Context(), rows) }); err != nil {
		l.t.Fatal(err)
	}
}

// find gives the rows of one lookup.
func (l *library) find(w circ.Want) []circ.Row {
	l.t.Helper()
	var rows [][]circ.Row
	if err := l.store.View(l.t.Context(), func(tx journal.HubTx) (err error) {
		rows, err = tx.Read(l.t.Context(), []circ.Want{w})
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	return rows[0]
}

func one[R circ.Row](l *library, w circ.Want) (r R) {
	l.t.Helper()
	rows := l.find(w)
	if len(rows) != 1 {
		l.t.Fatalf("%+v gives %+v", w, rows)
	}
	r, ok := rows[0].(R)
	if !ok {
		l.t.Fatalf("%+v gives %+v", w, rows[0])
	}
	return r
}

// item gives the item with a barcode, reader who a card opens.
func (l *library) item(barcode string) circ.Item {
	l.t.Helper()
	return one[circ.Item](l, circ.In(circ.ByBarcode, barcode, 2))
}

func (l *library) title(barcode string) circ.Title {
	l.t.Helper()
	return one[circ.Title](l, circ.ByKey(circ.KindTitle, string(l.item(barcode).Title)))
}

func (l *library) card(number string) circ.Card {
	l.t.Helper()
	return one[circ.Card](l, circ.ByKey(circ.KindCard, number))
}

func (l *library) reader(card string) circ.Patron {
	l.t.Helper()
	return one[circ.Patron](l, circ.ByKey(circ.KindPatron, string(l.card(card).Patron)))
}

// notes gives the entries of all loads.
func (l *library) notes() (notes []circ.LoadNote) {
	l.t.Helper()
	if err := l.store.View(l.t.Context(), func(tx journal.HubTx) error {
		es, err := tx.Entries(l.t.Context(), journal.Mark{Desk: load.Desk, Epoch: 1}, 100)
		notes = nil
		for _, e := range es {
			notes = append(notes, e.Act.Command.(circ.LoadNote))
		}
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	return notes
}

// feed gives all records of the store.
func (l *library) feed() []circ.Row {
	l.t.Helper()
	var rows []circ.Row
	cursor, complete := "", false
	for !complete {
		if err := l.store.View(l.t.Context(), func(tx journal.HubTx) error {
			page, next, end, err := tx.Since(l.t.Context(), cursor, 1000)
			rows, cursor, complete = append(rows, page...), next, end
			return err
		}); err != nil {
			l.t.Fatal(err)
		}
	}
	return rows
}
