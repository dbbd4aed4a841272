package sample

import (
	"strings"
	"testing"
)

// A table with anything wrong is refused with its name and line.
func TestTablesAreStrict(t *testing.T) {
	plain := tables{
		titles:  "# a book\nid\ttitle\tauthor\tyear\tisbn\nT1\tMiddlemarch\tEliot, George\t1871\t\n",
		items:   "barcode\ttitle\thome\ttype\tlocation\tcall_number\tnote\tstaff\tparts\tcomment\nB1\tT1\tmain\tbook\t\t\t\t\t\t\n",
		patrons: strings.Join(patronColumns, "\t") + "\nP1\tC1\tSilva" + strings.Repeat("\t", len(patronColumns)-3) + "\nP2\tC2\tWu" + strings.Repeat("\t", len(patronColumns)-3) + "\n",
		fees:    "id\tday\ttime\tcard\titem\ttype\tamount\ttext\tcomment\nF1\t4\t10:00\tC1\tB1\toverdue\t2.00\t\t\n",
		history: "day\ttime\tdesk\tcommand\tcard\titem\tmore\tcomment\n\n3\t10:00\tmain-1\tcheck_out\tC1\tB1\t\t\r\n2\t10:00\tmain-1\trequest\tC2\tB1\teast\t\n",
	}
	rules := sampleRules(t)
	for _, row := range []struct {
		name     string
		in       *string
		old, new string
		want     string // in the error; empty: it is read
	}{
		{"as it should be", &plain.titles, "", "", ""},
		{"a column by another name", &plain.titles, "author", "writer", "titles.tsv, line 2: the columns are"},
		{"a field too few", &plain.titles, "\t1871\t\n", "\t1871\n", "titles.tsv, line 3: 4 fields, want 5"},
		{"a field too many", &plain.items, "\t\t\n", "\t\t\t\n", "items.tsv, line 2: 11 fields, want 10"},
		{"no rows", &plain.patrons, "\nP", "\n#", "patrons.tsv: no rows"},
		{"no columns", &plain.fees, plain.fees, "", "fees.tsv: no rows"},
		{"a title without words", &plain.titles, "Middlemarch", "", "titles.tsv, line 3: a title without"},
		{"an item without a home", &plain.items, "main", "", "items.tsv, line 2: an item without"},
		{"an item of no title", &plain.items, "T1", "T2", "item B1 is of title T2"},
		{"a patron without a name", &plain.patrons, "Wu", "", "patrons.tsv, line 3: a patron without"},
		{"a patron twice", &plain.patrons, "P2", "P1", "patron P1 is there twice"},
		{"a card twice", &plain.patrons, "C2", "C1", "card C1 is there twice"},
		{"a card that is valid for ever", &plain.patrons, "Wu" + strings.Repeat("\t", 11), "Wu" + strings.Repeat("\t", 11) + "ever", `patrons.tsv, line 3: valid: "ever"`},
		{"a fee of nobody", &plain.fees, "C1", "C9", `fees.tsv, line 2: card: nobody has "C9"`},
		{"a fee of no money", &plain.fees, "2.00", "two", "fees.tsv, line 2: amount"},
		{"a fee of today", &plain.fees, "\t4\t", "\t0\t", `fees.tsv, line 2: day: "0"`},
		{"a fee twice", &plain.fees, "F1\t4\t10:00\tC1\tB1\toverdue\t2.00\t\t\n", strings.Repeat("F1\t4\t10:00\tC1\tB1\toverdue\t2.00\t\t\n", 2), "fees.tsv, line 3: fee F1 is there twice"},
		{"no day", &plain.history, "3\t", "\t", `history.tsv, line 3: day: ""`},
		{"no time of the day", &plain.history, "3\t10:00", "3\t24:00", `history.tsv, line 3: time: "24:00"`},
		{"no desk", &plain.history, "3\t10:00\tmain-1", "3\t10:00\tmain-9", `history.tsv, line 3: desk: "main-9"`},
		{"a command of another kind", &plain.history, "check_out", "lend", `history.tsv, line 3: command: "lend"`},
		{"a card of nobody", &plain.history, "check_out\tC1", "check_out\tC9", "history.tsv, line 3: check_out is not simply done: [unknown_patron]"},
		{"a barcode of nothing", &plain.history, "C1\tB1", "C1\tB9", "[unknown_item]"},
		{"what would be asked about", &plain.history, "request\tC2\tB1\teast", "check_out\tC2\tB1\t", "history.tsv, line 4: check_out is not simply done: [on_loan_other]"},
		{"a block without a reason", &plain.history, "request\tC2\tB1\teast", "block\tC2\t\t", "[nothing_given]"},
		{"a payment of no money", &plain.history, "request\tC2\tB1\teast", "pay\tC1\t\ta lot", "history.tsv, line 4: more"},
		{"a link to nobody", &plain.history, "request\tC2\tB1\teast", "link\tC2\t\tguarantor", `card: nobody has ""`},
	} {
		t.Run(row.name, func(t *testing.T) {
			was := *row.in
			defer func() { *row.in = was }()
			*row.in = strings.ReplaceAll(was, row.old, row.new)
			if row.old == "" {
				*row.in = was
			} else if *row.in == was {
				t.Fatal("nothing was broken")
			}
			rows, err := plain.rows(rules, wednesday)
			switch {
			case row.want == "" && (err != nil || len(rows) != 9):
				t.Errorf("%d rows, %v", len(rows), err)
			case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}
