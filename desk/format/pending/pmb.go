package pending

import "bytes"

// pmb is PMB's "prêt secouru" (A.-M. Cubat, "PMB: le prêt secouru"): PRET SECOURU, the
// patron's card, then a barcode a line; or RETOUR SECOURU and barcodes. It has no
// times: all counts as done when it is read in. A code that is one of the headings
// cannot be told from it.
var pmb = Format{
	Name: "pmb", Ext: ".txt",
	fits: func(_ Target, t Transaction) Why {
		if why := lends(t, 0, 0, ""); why != "" {
			return why
		}
		if heading(t.Barcode) || t.Kind != Return && heading(t.Card) {
			return BadCharacter
		}
		return ""
	},
	says: lent,
	write: func(_ Target, all []Transaction) []byte {
		var b bytes.Buffer
		line := func(s string) { b.WriteString(s + "\n") }
		begun, card := false, ""
		for _, t := range all {
			of := ""
			if t.Kind != Return {
				of = t.Card
			}
			if !begun || of != card {
				begun, card = true, of
				if of == "" {
					line(pmbReturns)
				} else {
					line(pmbLoans)
					line(of)
				}
			}
			line(t.Barcode)
		}
		return b.Bytes()
	},
	Read: func(file []byte, _ Target) (all []Transaction, problems []Problem) {
		var t Transaction
		wantsCard := false
		for i, line := range lines(file) {
			switch {
			case line == "":
			case line == pmbReturns:
				t, wantsCard = Transaction{Kind: Return}, false
			case line == pmbLoans:
				t, wantsCard = Transaction{Kind: Loan}, true
			case wantsCard:
				t.Card, wantsCard = line, false
			case t.Kind == "":
				problems = append(problems, Problem{i + 1, "stands under no heading"})
			default:
				t.Barcode = line
				all = append(all, t)
			}
		}
		return all, problems
	},
}

const (
	pmbLoans   = "PRET SECOURU"
	pmbReturns = "RETOUR SECOURU"
)

func heading(s string) bool { return s == pmbLoans || s == pmbReturns }
