package pending

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// almadat is Alma's offline circulation file (Ex Libris Knowledge Center, "Offline
// Circulation"; three public generators agree on the columns): a local time of minutes,
// L or R, the barcode in 80 columns, and for a loan the patron's identifier. A renewal
// is a loan. Alma applies lines in the order of the file and reckons due dates itself;
// all is taken as done at the desk of whoever uploads it. The character set is written
// down nowhere: only ASCII is written, each line padded and ended with CR LF.
var almadat = Format{
	Name: "almadat", Ext: ".dat", clock: true,
	fits: func(_ Target, t Transaction) Why { return lends(t, 0, almadatBarcode, "") },
	says: lent,
	write: func(to Target, all []Transaction) []byte {
		var b bytes.Buffer
		for _, t := range all {
			do, card := 'L', t.Card
			if t.Kind == Return {
				do, card = 'R', ""
			}
			fmt.Fprintf(&b, "%s%c%-*s%s\r\n", t.At.In(to.Zone).Format(almadatTime), do, almadatBarcode, t.Barcode, card)
		}
		return b.Bytes()
	},
	Read: func(file []byte, from Target) (all []Transaction, problems []Problem) {
		for i, line := range lines(file) {
			bad := func(text string) { problems = append(problems, Problem{i + 1, text}) }
			if len(line) < len(almadatTime)+2 {
				bad("is too short")
				continue
			}
			at, err := time.ParseInLocation(almadatTime, line[:len(almadatTime)], from.Zone)
			rest := line[len(almadatTime)+1:]
			barcode, card := rest, ""
			if len(rest) > almadatBarcode {
				barcode, card = rest[:almadatBarcode], rest[almadatBarcode:]
			}
			t := Transaction{At: at.UTC(), Barcode: strings.TrimRight(barcode, " "), Card: card}
			switch do := line[len(almadatTime)]; {
			case err != nil:
				bad("begins with no time")
				continue
			case do == 'L' && card != "":
				t.Kind = Loan
			case do == 'R' && card == "":
				t.Kind = Return
			default:
				bad("is neither a loan with a patron nor a return")
				continue
			}
			if t.Barcode == "" {
				bad("names no item")
				continue
			}
			all = append(all, t)
		}
		return all, problems
	},
}

const (
	almadatTime    = "200601021504"
	almadatBarcode = 80
)
