package relay_test

import (
	"net"
	"sync"
	"testing"
	"time"
)

// wire is a line of real sockets that can be cut, hang, and swallow what is sent.
type wire struct {
	t  testing.TB
	to string
	l  net.Listener

	mu    sync.Mutex
	how   string // "": it carries; "cut": refused and reset; "stalls": nothing moves; "swallows": sent and never there
	turn  chan struct{}
	conns []net.Conn
}

func newWire(t testing.TB, to string) *wire {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fine(t, err)
	w := &wire{t: t, to: to, l: l, turn: make(chan struct{})}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	t.Cleanup(func() { _ = l.Close(); w.be("cut") })
	return w
}

// be makes it another line.
func (w *wire) be(how string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.how = how
	close(w.turn)
	w.turn = make(chan struct{})
	if how == "cut" {
		for _, c := range w.conns {
			if tcp, ok := c.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // a reset, not an end
			}
			_ = c.Close()
		}
		w.conns = nil
	}
}

func (w *wire) now() (string, chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.how, w.turn
}

func (w *wire) carry(near net.Conn) {
	if how, _ := w.now(); how == "cut" {
		_ = near.Close()
		return
	}
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		_ = near.Close()
		return
	}
	w.mu.Lock()
	w.conns = append(w.conns, near, far)
	w.mu.Unlock()
	go w.pipe(near, far)
	w.pipe(far, near)
}

func (w *wire) pipe(from, to net.Conn) {
	defer to.Close()
	b := make([]byte, 16<<10)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		for {
			how, turn := w.now()
			if how == "swallows" {
				break
			}
			if how == "stalls" {
				<-turn
				continue
			}
			if _, err := to.Write(b[:n]); err != nil {
				return
			}
			break
		}
	}
}

// TestALineOfRealSockets: the line is reset, stalls, goes on without the other end
// knowing, and comes and goes all the time; each is noticed, and all comes home once.
func TestALineOfRealSockets(t *testing.T) {
	y := newYard(t)
	w := newWire(t, y.at)
	a := y.enrols("a", "main", false)
	a.central, a.patience = "http://"+w.l.Addr().String(), 150*time.Millisecond
	a.begin(nil)
	y.until("the line", is(func() bool { return a.up.Status().Up && !a.up.Status().Copy.IsZero() }))
	n := 0
	for _, how := range []string{"cut", "stalls", "swallows"} {
		w.be(how)
		a.lend(n%people, n)
		y.until("it is noticed that the line "+how, is(func() bool { return !a.up.Status().Up }))
		a.lend((n+1)%people, n+1)
		n += 2
		w.be("cut") // what hung is never answered
		w.be("")
		y.until("it is back", is(func() bool { return a.up.Status().Up }))
	}
	for range 20 { // it flaps
		w.be("cut")
		a.lend(n%people, n)
		n++
		time.Sleep(4 * time.Millisecond)
		w.be("")
		time.Sleep(8 * time.Millisecond)
	}
	y.home(a)
	for i := range n {
		if who := y.has(i); who != patron(i%people) {
			t.Errorf("book %d is with %q", i, who)
		}
	}
}
