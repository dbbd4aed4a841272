// Package kohadb reads borrowers.db, the SQLite file that Koha writes for its
// desktop tool for work without a line: who has a card, what they owe, and what
// they have.
//
// Its columns stand in any order and differ between versions, so they are read by
// name, and those that nobody here knows are handed on. An item's barcode, the end
// of a card and blocks are in none of them.
//
// It knows tables and columns. It does not know what a column means for a patron,
// or what a desk does with what is owed.
//
// Source: Koha, misc/cronjobs/create_koc_db.pl; the desktop tool's own files.
package kohadb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the database driver
)

// Magic is how every SQLite file begins.
const Magic = "SQLite format 3\x00"

// Borrower is one row of the file.
type Borrower struct {
	Values []string // as [File.Columns] has them
	Fines  string   // what is owed in all, as it is written; empty: nothing is said
	Loans  []Loan   // at most [MostLoans]
}

// Loan is what a borrower has. The file has no barcode of it.
type Loan struct{ Title, Due string }

// MostLoans is how many loans of a borrower are read.
const MostLoans = 500

// ErrNoBorrowers: the file is a database, and not one of borrowers.
var ErrNoBorrowers = errors.New("it has no table of borrowers with their cards (borrowers.cardnumber)")

// File is a file of borrowers.
type File struct {
	db      *sql.DB
	dir     string
	columns []string
	fines   bool // there is a column for it
	loans   bool
}

// Open takes a copy of src, which may change meanwhile, and opens that. The copy
// lies in the folder for temporary files, for this user alone, until Close.
func Open(ctx context.Context, src io.Reader) (*File, error) {
	dir, err := os.MkdirTemp("", "borrowers-")
	if err != nil {
		return nil, fmt.Errorf("make room for a copy of the borrowers: %w", err)
	}
	f := &File{dir: dir}
	if err := f.open(ctx, src); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *File) open(ctx context.Context, src io.Reader) (err error) {
	path := filepath.Join(f.dir, "borrowers.db")
	if err := spool(path, src); err != nil {
		return fmt.Errorf("copy the borrowers: %w", err)
	}
	at := url.URL{Scheme: "file", Opaque: filepath.ToSlash(path), RawQuery: "mode=ro&immutable=1"}
	if f.db, err = sql.Open("sqlite", at.String()); err != nil {
		return fmt.Errorf("open the borrowers: %w", err)
	}
	if err := f.layout(ctx); err != nil {
		return fmt.Errorf("read the tables of the borrowers: %w", err)
	}
	return nil
}

func spool(path string, src io.Reader) (err error) {
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	_, err = io.Copy(to, src)
	return err
}

// Close removes the copy.
func (f *File) Close() error {
	var err error
	if f.db != nil {
		err = f.db.Close()
	}
	return errors.Join(err, os.RemoveAll(f.dir))
}

// Columns gives the names of the columns, in the order of [Borrower.Values].
func (f *File) Columns() []string { return slices.Clone(f.columns) }

// layout finds out which columns there are.
func (f *File) layout(ctx context.Context) error {
	all, err := f.of(ctx, "borrowers")
	if err != nil {
		return err
	}
	if !slices.Contains(all, "cardnumber") {
		return ErrNoBorrowers
	}
	for _, c := range all {
		switch c {
		case "total_fines":
			f.fines = true
		case "borrowernumber", "password":
		default:
			f.columns = append(f.columns, c)
		}
	}
	slices.Sort(f.columns)
	issues, err := f.of(ctx, "issues")
	f.loans = slices.Contains(all, "borrowernumber") && slices.Contains(issues, "borrowernumber") &&
		slices.Contains(issues, "title") && slices.Contains(issues, "date_due")
	return err
}

// of gives the columns of a table; none: there is no such table.
func (f *File) of(ctx context.Context, table string) (names []string, err error) {
	rows, err := f.db.QueryContext(ctx, "select name from pragma_table_info(?)", table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// All hands on every borrower, in the file's order, until take gives false.
func (f *File) All(ctx context.Context, take func(Borrower) bool) error {
	lent, err := f.lent(ctx)
	if err != nil {
		return fmt.Errorf("read what the borrowers have: %w", err)
	}
	query := "select " + strings.Join(f.selected(), ", ") + " from borrowers"
	rows, err := f.db.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("read the borrowers: %w", err)
	}
	defer rows.Close()
	cells := make([]sql.NullString, len(f.columns)+2)
	into := make([]any, len(cells))
	for i := range cells {
		into[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read a borrower: %w", err)
		}
		b := Borrower{Values: make([]string, len(f.columns))}
		for i := range f.columns {
			b.Values[i] = cells[i].String
		}
		b.Fines = cells[len(f.columns)].String
		if number := cells[len(f.columns)+1]; number.Valid {
			b.Loans = lent[number.String]
		}
		if !take(b) {
			return nil
		}
	}
	return rows.Err()
}

// selected gives what is asked of each borrower: the columns as text, what is owed,
// and the number to look for loans with.
func (f *File) selected() []string {
	var all []string
	for _, c := range f.columns {
		all = append(all, "cast("+quoted(c)+" as text)")
	}
	owed, number := "null", "null"
	if f.fines {
		owed = "cast(total_fines as text)"
	}
	if f.loans {
		number = "cast(borrowernumber as text)"
	}
	return append(all, owed, number)
}

// quoted gives a column's name as SQL takes it, whatever is in it.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// lent gives the loans of all borrowers by their numbers. The table has no index:
// it is read once.
func (f *File) lent(ctx context.Context) (map[string][]Loan, error) {
	all := map[string][]Loan{}
	if !f.loans {
		return all, nil
	}
	rows, err := f.db.QueryContext(ctx, "select cast(borrowernumber as text), cast(title as text), cast(date_due as text) from issues order by date_due")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var number, title, due sql.NullString
		if err := rows.Scan(&number, &title, &due); err != nil {
			return nil, err
		}
		if len(all[number.String]) < MostLoans {
			all[number.String] = append(all[number.String], Loan{title.String, due.String})
		}
	}
	return all, rows.Err()
}
