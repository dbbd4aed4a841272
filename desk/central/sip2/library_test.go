package sip2

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"circdesk/desk/central/sip2/sipwire"
)

// library is a small library system that speaks SIP2, with the ways of those in use:
// a check-out of what one has is a renewal, and a lost answer is lost.
type library struct {
	t    testing.TB
	form sipwire.Form

	mu      sync.Mutex
	now     func() time.Time
	patrons map[string]*member
	items   map[string]*copyOf
	trusts  bool                                   // no block is honoured, and its date
	days    int                                    // of a loan
	fault   func(code sipwire.Code, n int) trouble // of the n-th message of a code, from 1
	count   map[sipwire.Code]int
	changed []string // what was done, in order
	conns   int
	open    int
	most    int // open at one time
	down    bool
	slow    time.Duration
	all     sync.WaitGroup
}

// trouble is what happens to a message.
type trouble int

const (
	noTrouble trouble = iota
	deaf              // it never arrives, and the connection ends
	mute              // it is done, and the connection ends without an answer
	refuses           // the system says no
)

type member struct {
	name    string
	marks   sipwire.PatronStatus
	owes    string
	blocked bool
	holds   int
}

type copyOf struct {
	title  string
	lent   string // to this card
	due    time.Time
	renews int
}

func newLibrary(t testing.TB) *library {
	return &library{
		t: t, form: sipwire.Form{Charset: sipwire.UTF8}, now: time.Now, patrons: map[string]*member{}, items: map[string]*copyOf{},
		trusts: true, days: 14, count: map[sipwire.Code]int{},
	}
}

func (l *library) dial(context.Context, string, string) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return nil, errNoPeer
	}
	l.conns++
	ours, theirs := net.Pipe()
	l.all.Go(func() { l.serve(theirs) })
	return ours, nil
}

func (l *library) serve(conn net.Conn) {
	defer conn.Close()
	l.mu.Lock()
	l.open++
	l.most = max(l.most, l.open)
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.open--
		l.mu.Unlock()
	}()
	read, sys := sipwire.NewReader(conn, 0, 0), sipwire.System{Form: l.form}
	for {
		b, err := read.Next()
		if err != nil {
			return
		}
		turn := sys.Heard(b)
		if turn.Do == sipwire.Send {
			conn.Write(turn.Bytes)
		}
		if turn.Do != sipwire.Take {
			continue
		}
		if l.slow > 0 {
			time.Sleep(l.slow)
		}
		line, bad := l.answer(&turn.Message)
		if bad == deaf || bad == mute {
			return
		}
		m, err := sipwire.Parse([]byte(line+"\r"), 0)
		if err != nil {
			l.t.Error(err)
		}
		conn.Write(sys.Answer(m))
	}
}

func (l *library) answer(m *sipwire.Message) (string, trouble) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return "", deaf
	}
	l.count[m.Code]++
	bad := noTrouble
	if l.fault != nil {
		bad = l.fault(m.Code, l.count[m.Code])
	}
	if bad == deaf {
		return "", bad
	}
	patron, item := l.form.First(m, sipwire.PatronID), l.form.First(m, sipwire.ItemID)
	stamp := string(sipwire.AppendDate(nil, l.now(), time.UTC))
	switch m.Code {
	case sipwire.Login:
		return "941", bad
	case sipwire.TerminalStatus:
		return "98YYYYYN100003" + stamp + "2.00AOmain|BXYYYYYYYYYYYYYYYY|", bad
	case sipwire.ItemInformation:
		it := l.items[item]
		switch {
		case it == nil:
			return "18010001" + stamp + "AB" + item + "|AJ|AFItem not found|", bad
		case it.lent != "":
			return "18040001" + stamp + "AH" + due(it.due) + "|AB" + item + "|AJ" + it.title + "|CK001|", bad
		}
		return "18030001" + stamp + "AB" + item + "|AJ" + it.title + "|CK001|", bad
	case sipwire.PatronInformation:
		return l.info(m, patron, stamp), bad
	}
	yes, line := l.change(m, patron, item, stamp, bad == refuses)
	if yes {
		l.changed = append(l.changed, strings.Join(strings.Fields(string(m.Code)+" "+patron+" "+item), " "))
	}
	return line, bad
}

func due(t time.Time) string { return string(sipwire.AppendDate(nil, t, time.UTC)) }

func (l *library) info(m *sipwire.Message, patron, stamp string) string {
	p := l.patrons[patron]
	if p == nil {
		return "64YYYY          000" + stamp + "000000000000000000000000AOmain|AA" + patron + "|AE|BLN|"
	}
	var lent []string
	for code, it := range l.items {
		if it.lent == patron {
			lent = append(lent, code)
		}
	}
	slices.Sort(lent)
	line := fmt.Sprintf("64%s000%s%04d0000%04d000000000000AOmain|AA%s|AE%s|BLY|BHEUR|BV%s|", p.marks.Append(nil), stamp, p.holds, len(lent), patron, p.name, p.owes)
	if b, _ := m.Part(sipwire.WantedSummary); len(b) == 10 && b[2] == 'Y' {
		first, _ := m.NumberField(sipwire.StartItem)
		last, ok := m.NumberField(sipwire.EndItem)
		for i, code := range lent {
			if !ok || i+1 >= first && i+1 <= last {
				line += "AU" + code + "|"
			}
		}
	}
	return line
}

func (l *library) change(m *sipwire.Message, patron, item, stamp string, no bool) (bool, string) {
	p, it := l.patrons[patron], l.items[item]
	happened, _ := m.Flag(sipwire.NoBlock)
	happened = happened && l.trusts
	ids := "AOmain|AA" + patron + "|AB" + item + "|AJ"
	until := l.now().AddDate(0, 0, l.days)
	if t, err := m.Date(sipwire.NBDueDate, time.UTC); err == nil && !t.IsZero() && happened {
		until = t
	}
	switch m.Code {
	case sipwire.Checkout:
		switch {
		case no, p == nil, it == nil, p.blocked && !happened, it.lent != "" && it.lent != patron && !happened:
			return false, "120NUN" + stamp + ids + "|AH|AFnot lent|"
		case it.lent == patron:
			it.renews++
			it.due = until
			return true, "121YNY" + stamp + ids + it.title + "|AH" + due(it.due) + "|AFrenewed|"
		}
		it.lent, it.due = patron, until
		return true, "121NNY" + stamp + ids + it.title + "|AH" + due(it.due) + "|"
	case sipwire.Renew:
		if no || it == nil || it.lent != patron {
			return false, "300NUN" + stamp + ids + "|AH|AFnot renewed|"
		}
		it.renews++
		it.due = until
		return true, "301YNY" + stamp + ids + it.title + "|AH" + due(it.due) + "|"
	case sipwire.Checkin:
		if no || it == nil || it.lent == "" {
			return false, "100NUN" + stamp + "AOmain|AB" + item + "|AQmain|AFItem not checked out|"
		}
		it.lent = ""
		return true, "101YNN" + stamp + "AOmain|AB" + item + "|AQmain|AJ" + it.title + "|"
	case sipwire.Hold:
		if no || p == nil || it == nil {
			return false, "160N" + stamp + "AOmain|AA" + patron + "|AFno|"
		}
		if b, _ := m.Part(sipwire.HoldMode); string(b) == "-" {
			p.holds--
		} else {
			p.holds++
		}
		return true, "161N" + stamp + "AOmain|AA" + patron + "|AB" + item + "|"
	case sipwire.FeePaid:
		if no || p == nil {
			return false, "38N" + stamp + "AOmain|AA" + patron + "|AFno fee|"
		}
		p.owes = "0.00"
		return true, "38Y" + stamp + "AOmain|AA" + patron + "|"
	case sipwire.BlockPatron:
		p.blocked, p.marks = true, sipwire.ChargeDenied
		return true, "24" + string(p.marks.Append(nil)) + "000" + stamp + "AOmain|AA" + patron + "|AE" + p.name + "|BLY|"
	case sipwire.PatronEnable:
		p.blocked, p.marks = false, 0
		return true, "26" + string(p.marks.Append(nil)) + "000" + stamp + "AOmain|AA" + patron + "|AE" + p.name + "|BLY|"
	}
	return false, "36Y" + stamp + "AOmain|AA" + patron + "|"
}

// holds gives who has an item.
func (l *library) lentTo(item string) (card string, renewals int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.items[item].lent, l.items[item].renews
}

func (l *library) did() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.changed, ", ")
}
