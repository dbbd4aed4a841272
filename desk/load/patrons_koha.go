package load

import (
	"context"
	"fmt"
	"io"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/format/kohadb"
	"circdesk/desk/format/patroncsv"
	"circdesk/desk/text"
)

// readKoha reads Koha's borrowers.db. What somebody owes there, and has, is no fee
// and no loan of ours: no item of it is known, and what was paid here since would
// be owed twice. It is an alert at the desk, which the next file changes or ends.
func (p *patrons) readKoha(src io.Reader, out *draft) (err error) {
	ctx := context.Background() // reading src ends with the load's own
	file, err := kohadb.Open(ctx, src)
	if err != nil {
		return err
	}
	defer func() {
		if e := file.Close(); err == nil {
			err = e
		}
	}()
	table, err := patroncsv.NewTable(file.Columns(), p.Headings)
	if err != nil {
		return err
	}
	table.Slashes = p.Slashes
	for _, column := range table.Unused() {
		out.lack(text.Clean(column, maxShown), "no column of a patron's: it is not read")
	}
	line, failed := 0, error(nil)
	err = file.All(ctx, func(b kohadb.Borrower) bool {
		line++
		fields := make([][]byte, len(b.Values))
		for i, v := range b.Values {
			fields[i] = []byte(v)
		}
		row, err := table.Patron(line, fields)
		if p.bad(err, out) {
			return !out.over
		}
		if err != nil {
			failed = err
			return false
		}
		if who, ok := p.row(row, out); ok {
			out.hand(drawn{number: line, card: who.Card, row: p.elsewhere(who, b)})
		}
		return !out.over
	})
	if failed != nil {
		return failed
	}
	return err
}

// elsewhere is what a borrower owes and has at Koha: an alert, which is over where
// there is nothing.
func (p *patrons) elsewhere(who circ.Patron, b kohadb.Borrower) circ.Alert {
	at := p.At.UTC()
	alert := circ.Alert{ID: circ.AlertID(newID(circ.KindAlert, "koha", who.Card)), Patron: who.ID, Shown: circ.AtLoan, At: at}
	var says []string
	if owed, some := owedText(b.Fines); some {
		says = append(says, "owes "+owed)
	}
	if n := len(b.Loans); n > 0 {
		has := fmt.Sprintf("has %d, first due %s: %s", n, day(b.Loans[0].Due), text.Clean(b.Loans[0].Title, maxShown))
		says = append(says, has)
	}
	if len(says) == 0 {
		alert.Ended = at
		return alert
	}
	alert.Text = text.Clean("in Koha: "+strings.Join(says, "; "), maxLine)
	return alert
}

// owedText gives an amount with two decimals or more, and reports whether it is
// something.
func owedText(fines string) (string, bool) {
	fines = text.Clean(strings.TrimSpace(fines), maxShown)
	if !strings.ContainsAny(fines, "123456789") || strings.HasPrefix(fines, "-") {
		return "", false
	}
	whole, part, _ := strings.Cut(fines, ".")
	part = strings.TrimRight(part, "0")
	return whole + "." + part + strings.Repeat("0", max(2-len(part), 0)), true
}

// day gives the day of a date with a time.
func day(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	return text.Clean(s, maxShown)
}
