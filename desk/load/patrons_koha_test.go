package load_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/format/kohadb"
	"circdesk/desk/load"
)

// borrowersDB makes a file as Koha would, of statements.
func borrowersDB(t *testing.T, statements ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "borrowers.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

const (
	borrowers = "create table borrowers (city mediumtext, cardnumber varchar(16), total_fines decimal(28,6), borrowernumber int(11), surname mediumtext, firstname text, dateofbirth date, phone text, address mediumtext)"
	issues    = "create table issues (title mediumtext, date_due date, itemtype varchar(10), borrowernumber int(11), itemcallnumber varchar(30))"
	ana       = "insert into borrowers values ('Ljubljana', '23529001000463', 5.5, 7, 'Kos', 'Ana', '1984-02-01', '555', 'Elm 1')"
	tom       = "insert into borrowers values (null, '23529001000464', 0, 8, 'Wu', 'Tom', 'long ago', null, null)"
	nobody    = "insert into borrowers values (null, null, 0, 9, 'Nobody', null, null, null, null)"
	out       = "insert into issues values ('Emma', '2026-12-10 23:59:00', 'BK', 7, 'PR'), ('Atlas', '2026-11-30', 'BK', 7, 'G')"
)

func borrowersFile(file []byte) load.File {
	return load.PatronFile("borrowers.db", bytes.NewReader(file), load.PatronOptions{At: listed})
}

// alerts gives the texts of the alerts about whoever has the card.
func (l *library) alerts(card string) (texts []string) {
	l.t.Helper()
	k := one[circ.Card](l, circ.ByKey(circ.KindCard, card))
	for _, row := range l.find(circ.In(circ.AlertsOf, string(k.Patron), 20)) {
		if a := row.(circ.Alert); a.Ended.IsZero() {
			texts = append(texts, a.Text)
		}
	}
	return texts
}

func TestBorrowersOfKoha(t *testing.T) {
	l := newLibrary(t)
	r := l.loads(borrowersFile(borrowersDB(t, borrowers, issues, ana, tom, nobody, out)))
	if want := (load.Counts{Read: 3, Patrons: 2, Skipped: 1, Troubles: 2}); r.Counts != want {
		t.Errorf("it reports %+v", r.Counts)
	}
	p := l.reader("23529001000463")
	if p.Family != "Kos" || p.Given != "Ana" || p.Birth != "1984-02-01" || p.City != "Ljubljana" || p.Street != "Elm 1" || p.Phone != "555" {
		t.Errorf("the patron is %+v", p)
	}
	if got := strings.Join(l.alerts("23529001000463"), ""); got != "in Koha: owes 5.50; has 2, first due 2026-11-30: Atlas" {
		t.Errorf("the alert is %q", got)
	}
	if p := l.reader("23529001000464"); p.Birth != "" || len(l.alerts("23529001000464")) != 0 {
		t.Errorf("the patron is %+v, with %q", p, l.alerts("23529001000464"))
	}

	l.loads(borrowersFile(borrowersDB(t, borrowers, issues, strings.Replace(ana, "5.5", "0", 1), tom)))
	if got := l.alerts("23529001000463"); len(got) != 0 {
		t.Errorf("after it was paid and brought back the alert is %q", got)
	}
}

func TestWhatIsNoFileOfBorrowers(t *testing.T) {
	good := borrowersDB(t, borrowers, ana)
	for _, row := range []struct {
		name string
		file []byte
		want error // nil: any
	}{
		{"another database", borrowersDB(t, "create table items (barcode text)"), kohadb.ErrNoBorrowers},
		{"a file cut short", good[:len(good)/2], nil},
		{"a name and then nothing", []byte(kohadb.Magic), nil},
		{"a name and then noise", append([]byte(kohadb.Magic), bytes.Repeat([]byte{0xa5}, 9000)...), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := newLibrary(t)
			_, err := load.Into(t.Context(), l.target(), borrowersFile(row.file))
			if err == nil || row.want != nil && !errors.Is(err, row.want) {
				t.Errorf("the error is %v", err)
			}
			if len(l.feed()) != 0 || len(l.notes()) != 0 {
				t.Error("something was put")
			}
		})
	}
}

// Dumps of every column of Koha name columns as they like.
func TestColumnsOfAnyName(t *testing.T) {
	l := newLibrary(t)
	l.loads(borrowersFile(borrowersDB(t,
		`create table borrowers (cardnumber text, surname text, "drop table; --" text, "a""b" text, dateexpiry text)`,
		`insert into borrowers values ('1', 'Kos', 'x', 'y', '2030-12-31')`)))
	if p := l.reader("1"); p.Family != "Kos" || p.Expires.IsZero() {
		t.Errorf("the patron is %+v", p)
	}
}
