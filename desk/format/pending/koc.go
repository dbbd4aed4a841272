package pending

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"circdesk/desk/money"
)

// koc is Koha's offline circulation file 1.0 (wiki.koha-community.org, "Koha offline
// circulation file format"; process_koc.pl, enqueue_koc.pl): a header, then a line for
// each issue, return and payment, fields between tabs. A renewal is an issue to the
// same patron. Koha dies on a blank line and on an action that it does not know, and
// cuts a barcode of more than 20 characters and a card of more than 16: none is
// written. Times are local, with colons and milliseconds, each later than the last,
// since Koha queues by them.
var koc = Format{
	Name: "koc", Ext: ".koc", clock: true,
	fits: func(_ Target, t Transaction) Why {
		if t.Kind == Payment {
			return codes(t, kocCard, kocBarcode, "")
		}
		return lends(t, kocCard, kocBarcode, "")
	},
	says: func(t Transaction) Transaction {
		if t.Kind == Payment {
			return Transaction{Kind: Payment, Card: t.Card, Amount: t.Amount}
		}
		return lent(t)
	},
	write: writeKOC,
	Read:  readKOC,
}

// The longest codes that Koha keeps whole.
const (
	kocCard    = 16
	kocBarcode = 20
)

const kocHeader = "Version=1.0\tGenerator=circdesk\tGeneratorVersion=1\n"

func writeKOC(to Target, all []Transaction) []byte {
	var b bytes.Buffer
	b.WriteString(kocHeader)
	last := ""
	for _, t := range all {
		at := kocClock(t.At.In(to.Zone))
		if at <= last { // as when a clock is set back in autumn
			at = kocNext(last)
		}
		last = at
		switch t.Kind {
		case Loan, Renewal:
			fmt.Fprintf(&b, "%s\tissue\t%s\t%s\n", at, t.Card, t.Barcode)
		case Return:
			fmt.Fprintf(&b, "%s\treturn\t%s\n", at, t.Barcode)
		case Payment:
			fmt.Fprintf(&b, "%s\tpayment\t%s\t%s\n", at, t.Card, t.Amount.Decimal())
		}
	}
	return b.Bytes()
}

// kocClock writes a local time; Go writes no fraction after a space.
func kocClock(at time.Time) string {
	return fmt.Sprintf("%s %03d", at.Format(time.DateTime), at.Nanosecond()/int(time.Millisecond))
}

// kocNext gives the time a millisecond after one that was written.
func kocNext(at string) string {
	t, _ := time.Parse(time.DateTime, at[:19]) // of our own making
	ms := 0
	_, _ = fmt.Sscanf(at[20:], "%d", &ms)
	return kocClock(t.Add(time.Duration(ms+1) * time.Millisecond))
}

// readKOC takes what Koha's own parser takes, and the ways of the other writers:
// kocDesktop writes local times with hyphens, KOCT times of UTC without milliseconds.
func readKOC(file []byte, from Target) (all []Transaction, problems []Problem) {
	zone := from.Zone
	for i, line := range lines(file) {
		bad := func(format string, a ...any) { problems = append(problems, Problem{i + 1, fmt.Sprintf(format, a...)}) }
		if i == 0 {
			if !strings.HasPrefix(line, "Version=1.0") {
				bad("is no offline circulation file of version 1.0")
				return nil, problems
			}
			if strings.Contains(line, "Generator=koct-firefox") {
				zone = time.UTC
			}
			continue
		}
		if line == "" {
			continue
		}
		fields := strings.Split(strings.TrimSuffix(line, "\t"), "\t")
		at, ok := kocRead(fields[0], zone)
		if !ok {
			bad("%q is no time", cut(fields[0]))
			continue
		}
		t := Transaction{Line: i + 1, At: at}
		switch rest := fields[1:]; {
		case len(rest) == 3 && rest[0] == "issue":
			t.Kind, t.Card, t.Barcode = Loan, rest[1], rest[2]
		case len(rest) == 2 && rest[0] == "return":
			t.Kind, t.Barcode = Return, rest[1]
		case len(rest) == 3 && rest[0] == "payment":
			t.Kind, t.Card = Payment, rest[1]
			if t.Amount, ok = amountOf(rest[2], from.Currency); !ok {
				bad("%q is no amount", cut(rest[2]))
				continue
			}
		default:
			bad("is none of issue, return and payment with what they need")
			continue
		}
		all = append(all, t)
	}
	return all, problems
}

// kocRead reads a time as one of the writers writes it.
func kocRead(s string, zone *time.Location) (time.Time, bool) {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 3 {
		return time.Time{}, false
	}
	at, err := time.ParseInLocation(time.DateTime, words[0]+" "+strings.ReplaceAll(words[1], "-", ":"), zone)
	if err != nil {
		return time.Time{}, false
	}
	if len(words) == 3 {
		ms := 0
		if n, err := fmt.Sscanf(words[2], "%3d", &ms); n != 1 || err != nil || len(words[2]) > 3 || ms < 0 {
			return time.Time{}, false
		}
		at = at.Add(time.Duration(ms) * time.Millisecond)
	}
	return at.UTC(), true
}

// lines gives the lines of a file, without their ends; an empty last one is none.
func lines(file []byte) []string {
	all := strings.Split(strings.ReplaceAll(string(file), "\r", ""), "\n")
	if n := len(all); all[n-1] == "" {
		all = all[:n-1]
	}
	return all
}

// amountOf reads an amount above zero.
func amountOf(s, currency string) (money.Amount, bool) {
	a, err := money.Parse(s, currency)
	return a, err == nil && a.Sign() > 0
}

// cut gives the beginning of a text, as it can be shown.
func cut(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
