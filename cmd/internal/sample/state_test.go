package sample

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// person is a patron of the sample with all that belongs to them.
type person struct {
	*world
	circ.Patron
	card     string // as the table has it
	loans    []circ.Loan
	requests []circ.Request
	fees     []circ.Fee
	payments []circ.Payment
	blocks   []circ.Block
	links    []circ.Link
}

func (w *world) person(id, card string) *person {
	w.t.Helper()
	p, ok := one[circ.Patron](w, circ.KindPatron, id)
	if !ok {
		w.t.Fatalf("%s is not there", id)
	}
	return &person{
		world: w, Patron: p, card: card,
		loans: in[circ.Loan](w, circ.LoansOf, id), requests: in[circ.Request](w, circ.RequestsOf, id),
		fees: in[circ.Fee](w, circ.FeesOf, id), payments: in[circ.Payment](w, circ.PaymentsOf, id),
		blocks: in[circ.Block](w, circ.BlocksOf, id), links: in[circ.Link](w, circ.LinksOf, id),
	}
}

// borrow lets the desk decide on lending the tour's item to them.
func (p *person) borrow() circ.Decision {
	return p.ask(circ.CheckOut{Card: p.card, Barcode: TheTour().LendItem})
}

// asked reports whether the desk asks about a decision for a reason.
func asked(d circ.Decision, r circ.Reason) bool {
	return slices.ContainsFunc(d.Ask, func(m circ.Remark) bool { return m.Reason == r })
}

// onLoan reports whether one of their loans is as fn says.
func (p *person) onLoan(fn func(circ.Loan) bool) bool { return slices.ContainsFunc(p.loans, fn) }

// renewing reports whether the desk asks about renewing one of their loans.
func (p *person) renewing(r circ.Reason) bool {
	return p.onLoan(func(l circ.Loan) bool { return asked(p.ask(circ.Renew{Item: l.Item}), r) })
}

// returning gives the route of an item that comes back to the desk.
func (p *person) returning(id circ.ItemID) circ.Route {
	if d := p.ask(circ.CheckIn{Item: id}); d.Done() && d.Route != nil {
		return *d.Route
	}
	return circ.Route{}
}

// requested reports whether one of their requests is as fn says.
func (p *person) requested(fn func(circ.Request) bool) bool {
	return slices.ContainsFunc(p.requests, fn)
}

// onShelf reports whether a request waits on a hold shelf, in time or not.
func (p *person) onShelf(library string, inTime bool) bool {
	return p.requested(func(r circ.Request) bool {
		return r.Stage == circ.OnShelf && string(r.Pickup) == library && r.Until.After(p.now) == inTime
	})
}

// underway reports whether a request is on its way to a library.
func (p *person) underway(library string) bool {
	return p.requested(func(r circ.Request) bool {
		it, _ := one[circ.Item](p.world, circ.KindItem, string(r.Copy))
		return r.Stage == circ.Underway && string(r.Pickup) == library && string(it.Transit) == library
	})
}

// owed gives what a fee still needs.
func (p *person) owed(f circ.Fee) int64 {
	left := f.Amount.Minor
	for _, m := range p.payments {
		if m.Fee == f.ID {
			left -= m.Amount.Minor
		}
	}
	return left
}

func (p *person) owes() (sum int64) {
	for _, f := range p.fees {
		sum += p.owed(f)
	}
	return sum
}

func (p *person) linked(k circ.LinkKind) bool {
	return slices.ContainsFunc(p.links, func(l circ.Link) bool { return l.Kind == k })
}

// states say when the engine finds somebody in a state that patrons.tsv names.
var states = map[string]func(*person) bool{
	"lends": func(p *person) bool { d := p.borrow(); return d.Done() && !d.Events[0].(circ.CheckedOut).Due.IsZero() },
	"child": func(p *person) bool { return p.Group == "child" },
	"staff": func(p *person) bool { return p.Group == "staff" },
	"expired": func(p *person) bool {
		return asked(p.borrow(), circ.CardExpired)
	},
	"expires_tomorrow": func(p *person) bool {
		act := p.desk.Act("ana", circ.CheckOut{Card: p.card, Barcode: TheTour().LendItem})
		tomorrow, then := act, act
		tomorrow.At, then.At = act.At.AddDate(0, 0, 1), act.At.AddDate(0, 0, 2)
		return !asked(p.askAs(tomorrow, nil), circ.CardExpired) && asked(p.askAs(then, nil), circ.CardExpired)
	},
	"lost_card": func(p *person) bool {
		return saidOf(p.borrow().Refused) == "[card_lost]" && p.Card != p.card &&
			p.ask(circ.CheckOut{Card: p.Card, Barcode: TheTour().LendItem}).Done()
	},
	"blocked":   func(p *person) bool { return asked(p.borrow(), circ.PatronBlocked) && p.blocks[0].Text != "" },
	"owes_much": func(p *person) bool { return asked(p.borrow(), circ.OwesTooMuch) },
	"owes_limit": func(p *person) bool {
		return p.owes() > 0 && p.owes() == p.terms().MaxOwed && p.borrow().Done()
	},
	"owes_little": func(p *person) bool {
		part := slices.ContainsFunc(p.fees, func(f circ.Fee) bool { return p.owed(f) > 0 && p.owed(f) < f.Amount.Minor })
		return part && p.borrow().Done()
	},
	"credit": func(p *person) bool {
		return p.owes() == 0 && slices.ContainsFunc(p.payments, func(m circ.Payment) bool { return m.Fee == "" })
	},
	"at_limit": func(p *person) bool {
		return asked(p.borrow(), circ.TooManyLoans) && len(p.loans) == p.terms().MaxLoans
	},
	"overdue":       func(p *person) bool { return p.onLoan(func(l circ.Loan) bool { return l.Due.Before(p.now) }) },
	"ready":         func(p *person) bool { return p.onShelf("main", true) },
	"ready_east":    func(p *person) bool { return p.onShelf("east", true) },
	"shelf_expired": func(p *person) bool { return p.onShelf("main", false) },
	"transit":       func(p *person) bool { return p.underway("east") },
	"inbound": func(p *person) bool {
		return p.underway("main") && p.requested(func(r circ.Request) bool {
			to := p.returning(r.Copy)
			return to.Kind == circ.ToHoldShelf && to.Request == r.ID
		})
	},
	"waiting": func(p *person) bool {
		return p.requested(func(r circ.Request) bool { return r.Stage == circ.Waiting })
	},
	"renewals_used": func(p *person) bool { return p.renewing(circ.RenewalsUsed) },
	"wanted_loan":   func(p *person) bool { return p.renewing(circ.RequestedBy) },
	"staff_item": func(p *person) bool {
		return p.onLoan(func(l circ.Loan) bool { return p.returning(l.Item).Kind == circ.ToStaff })
	},
	"guarantor": func(p *person) bool { return p.linked(circ.Guarantor) },
	"pickup":    func(p *person) bool { return p.linked(circ.Pickup) },
	"note":      func(p *person) bool { return p.Note != "" },
	"bare": func(p *person) bool {
		return p.Patron == circ.Patron{ID: p.ID, Card: p.Card, Family: p.Family}
	},
	"namesake": func(p *person) bool {
		return len(in[circ.Patron](p.world, circ.ByName, text.Fold(p.Family+" "+p.Given))) > 1
	},
}

// terms are those of a book that they might borrow here.
func (p *person) terms() policy.Terms {
	return p.rules.Terms(policy.Query{Group: p.Group, Type: "book", Library: Library, At: p.now})
}

// Everybody is in just those states that the table names, and every state has
// somebody.
func TestStates(t *testing.T) {
	w := newWorld(t, wednesday)
	table, err := readTable("patrons.tsv", patronsTSV, patronColumns...)
	must(t, err)
	seen := map[string]int{}
	for _, r := range table.rows {
		p := w.person(r.fields[0], r.fields[1])
		named := strings.Fields(r.fields[15])
		for _, s := range named {
			seen[s]++
			if states[s] == nil {
				t.Errorf("%s: no state is called %q", p.ID, s)
			}
		}
		for _, s := range slices.Sorted(maps.Keys(states)) {
			if is := states[s](p); is != slices.Contains(named, s) {
				t.Errorf("%s %s: %s is %v, and the table names %q", p.ID, p.Family, s, is, named)
			}
		}
	}
	for s := range states {
		if seen[s] == 0 {
			t.Errorf("nobody is %s", s)
		}
	}
	if n := len(table.rows); n < 40 {
		t.Errorf("%d people", n)
	}
}

// The states hold on any day, and before and after midnight.
func TestStatesOnOtherDays(t *testing.T) {
	berlin := sampleRules(t).Location(Library)
	for _, now := range []time.Time{
		time.Date(2026, 12, 27, 23, 59, 59, 0, berlin), // the days before were closed
		time.Date(2027, 1, 1, 0, 0, 0, 0, berlin),      // closed
		time.Date(2027, 3, 28, 3, 0, 0, 0, berlin),     // the clocks have just been put forward
		time.Date(2028, 2, 29, 12, 0, 0, 0, berlin),
	} {
		w := newWorld(t, now)
		table, err := readTable("patrons.tsv", patronsTSV, patronColumns...)
		must(t, err)
		for _, r := range table.rows {
			p := w.person(r.fields[0], r.fields[1])
			for _, s := range strings.Fields(r.fields[15]) {
				if !states[s](p) {
					t.Errorf("%s: %s is not %s", now, p.ID, s)
				}
			}
		}
	}
}
