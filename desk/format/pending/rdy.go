package pending

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"
)

// rdy is Sierra's and Millennium's file of offline circulation (Innovative,
// "rd file formatting"): o for a check-out or a renewal, i for a check-in, then fields
// between colons: a local time of minutes, the item, the patron, when it is due, and
// the statistics group. The file's name must begin with rdy. What ends a line is
// written down nowhere; "no extra spaces, lines, or characters" is, so it is LF.
var rdy = Format{
	Name: "rdy", Ext: ".txt", Prefix: "rdy", clock: true, due: true,
	fits: func(_ Target, t Transaction) Why {
		switch {
		case !t.Kind.anyOf(Loan, Renewal, Return):
			return NoSuchThing
		case t.Kind == Renewal && t.Card == "":
			return NoCard
		case t.Kind != Return && t.Due.IsZero():
			return NoDueDate
		}
		return codes(t, 0, 0, ":")
	},
	says: lent,
	write: func(to Target, all []Transaction) []byte {
		var b bytes.Buffer
		group := cmp.Or(to.StatGroup, "0")
		clock := func(t time.Time) string { return t.In(to.Zone).Format(rdyTime) }
		for _, t := range all {
			if t.Kind == Return {
				fmt.Fprintf(&b, "i:%s:b%s:::%s\n", clock(t.At), t.Barcode, group)
				continue
			}
			fmt.Fprintf(&b, "o:%s:b%s:b%s:%s:%s\n", clock(t.At), t.Barcode, t.Card, clock(t.Due), group)
		}
		return b.Bytes()
	},
	Read: func(file []byte, from Target) (all []Transaction, problems []Problem) {
		for i, line := range lines(file) {
			t, why := readRDY(line, from.Zone)
			if why != "" {
				problems = append(problems, Problem{i + 1, why})
				continue
			}
			all = append(all, t)
		}
		return all, problems
	},
}

const rdyTime = "0601021504"

func readRDY(line string, zone *time.Location) (t Transaction, why string) {
	fields := strings.Split(line, ":")
	if len(fields) != 6 {
		return t, "has not six fields"
	}
	at, err := time.ParseInLocation(rdyTime, fields[1], zone)
	if err != nil {
		return t, fmt.Sprintf("%q is no time", cut(fields[1]))
	}
	item, named := strings.CutPrefix(fields[2], "b")
	if !named || item == "" {
		return t, "names no item"
	}
	t = Transaction{Kind: Return, At: at.UTC(), Barcode: item}
	if fields[0] == "i" {
		return t, ""
	}
	card, named := strings.CutPrefix(fields[3], "b")
	due, err := time.ParseInLocation(rdyTime, fields[4], zone)
	if fields[0] != "o" || !named || card == "" || err != nil {
		return t, "is neither a check-in nor a check-out with a patron and a due date"
	}
	t.Kind, t.Card, t.Due = Loan, card, due.UTC()
	return t, ""
}
