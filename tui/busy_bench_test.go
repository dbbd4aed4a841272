package tui_test

import (
	"fmt"
	"testing"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui"
)

// busy is a desk at which a patron is open who has a thousand loans and a thousand fees.
func busy(b *testing.B) *stage {
	s := open(b, words.English(), 80, 24)
	lend(s)
	s.say(func(st *desk.State) {
		v := *st.Visit
		p := v.Patron
		p.Loans, p.Fees = nil, nil
		for n := range 1000 {
			l := desk.Loan{Title: fmt.Sprint("Title ", n), Barcode: fmt.Sprint("3", n), Overdue: n%3 == 0}
			l.Loan = circ.Loan{ID: circ.LoanID(fmt.Sprint("l", n)), Due: day(n % 60)}
			p.Loans = append(p.Loans, l)
			f := desk.Fee{Left: eur(100)}
			f.Fee = circ.Fee{ID: circ.FeeID(fmt.Sprint("f", n)), Type: circ.FeeOverdue, Amount: eur(100), At: day(-n % 200)}
			p.Fees = append(p.Fees, f)
		}
		v.Patron = p
		st.Visit = &v
	})
	return s
}

// BenchmarkBusyPatron is a state that is heard and its frame, and a key and its
// frame, with a patron who has a thousand loans and a thousand fees. A frame at 120
// of them a second is 8.3 ms.
func BenchmarkBusyPatron(b *testing.B) {
	for _, screen := range []struct{ name, key string }{{"check out", "f2"}, {"patron", "f4"}, {"fees", "f6"}} {
		b.Run(screen.name+"/heard", func(b *testing.B) {
			s := busy(b)
			s.key(screen.key)
			s.View()
			b.ReportAllocs()
			for b.Loop() {
				s.update(tui.Heard(s.state))
				s.View()
			}
		})
		b.Run(screen.name+"/key", func(b *testing.B) {
			s := busy(b)
			s.key(screen.key)
			s.View()
			b.ReportAllocs()
			for b.Loop() {
				s.key("down")
				s.View()
			}
		})
	}
}
