package sipserver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

// hashed is a hash that costs next to nothing.
func hashed(password string) string {
	salt := []byte("saltsalt")
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=8,t=1,p=1$%s$%s", argon2.Version, b64(salt), b64(argon2.IDKey([]byte(password), salt, 1, 8, 1, 16)))
}

const rulesText = `
currency = "EUR"
zone = "Europe/Berlin"
[default]
period = "14 days"
renewals = 3
loans = 4
max_owed = "10.00"
fine = "0.50"
[[library]]
id = "main"
name = "Main Library"
[[library]]
id = "branch"
name = "Branch"
[[terms]]
group = "payer"
request_fee = "1.50"
`

func settingsText() string {
	return `
pin = "birth DDMMYYYY"
magnetic = ["tape"]
security = "tattle_tape"
[media]
tape = "004"
[[institution]]
id = "MAIN"
library = "main"
[[institution]]
id = "BR"
library = "branch"
[[bin]]
bin = "1"
route = "hold_shelf"
[[bin]]
bin = "2"
route = "transit"
[[bin]]
bin = "9"
[[terminal]]
login = "sc"
password = "` + hashed("secret") + `"
desk = "kiosk"
institution = "MAIN"
name = "Entrance"
may = ["check_out", "check_in", "renew", "patron", "item", "request", "pay", "block", "enable", "update", "off_line"]
charset = "utf8"
fee_needs_yes = true
[[terminal]]
login = "sorter"
password = "` + hashed("sortit") + `"
institution = "BR"
may = ["check_in", "item"]
charset = "latin1"
[[terminal]]
login = "careful"
password = "` + hashed("secret") + `"
institution = "MAIN"
pin_needed = true
hides = ["name", "birth", "address"]
due = "iso"
ending = "CRLF"
strict = true
`
}

// world is a server on a library of a few people and items, and its clock.
type world struct {
	*Server
	addr  string
	store *bolt.Hub
	log   *logged

	mu sync.Mutex
	at time.Time
}

// logged is a log that can be read while it is written.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logged) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Reset()
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// pass moves the clock.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// noon is Thursday, 26 November 2026, at noon in Berlin.
var noon = time.Date(2026, 11, 26, 11, 0, 0, 0, time.UTC)

func euros(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func people() (rows []circ.Row) {
	person := func(p circ.Patron, card string) {
		p.Card, p.Home = card, "main"
		rows = append(rows, p, circ.Card{Number: card, Patron: p.ID, State: circ.CardValid})
	}
	person(circ.Patron{ID: "anna", Given: "Anna", Family: "Händel", Group: "adult", Birth: "1990-05-17", Street: "Gasse 1", Postcode: "10115", City: "Berlin", Email: "anna@example.org", Phone: "030 1234567", Expires: noon.AddDate(1, 0, 0)}, "2001")
	person(circ.Patron{ID: "ben", Given: "Ben", Family: "Ong", Group: "adult"}, "2002")
	person(circ.Patron{ID: "cleo", Given: "Cleo", Family: "Rot", Group: "adult"}, "2003")
	person(circ.Patron{ID: "dora", Given: "Dora", Family: "Li", Group: "payer"}, "2004")
	rows = append(rows, circ.Block{ID: "b1", Patron: "cleo", Text: "address not known", At: noon.Add(-time.Hour)},
		circ.Card{Number: "1999", Patron: "anna", State: circ.CardLost})
	for i := 1; i <= 12; i++ {
		id := circ.TitleID(fmt.Sprintf("t%d", i))
		it := circ.Item{ID: circ.ItemID(fmt.Sprintf("i%d", i)), Barcode: fmt.Sprint(3000 + i), Title: id, Type: "book", Home: "main", Location: "stacks", CallNumber: fmt.Sprintf("R %d", i)}
		rows = append(rows, circ.Title{ID: id, Title: fmt.Sprintf("Bücher | %d", i)}, it)
	}
	rows = append(rows, circ.Item{ID: "tape", Barcode: "3100", Title: "t12", Type: "tape", Home: "branch"},
		circ.Item{ID: "box", Barcode: "3101", Title: "t11", Type: "book", Home: "main", Parts: []string{"map", "dice"}})
	return rows
}

// change is what is other than usual in a test: of the settings' text (a func(string)
// string), of the limits (a func(*Limits)), or the clock, which goes on by itself (ticks).
type change any

type ticks struct{}

// start starts a server.
func start(t testing.TB, more ...change) *world {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return startOn(t, store, people(), more...)
}

func startOn(t testing.TB, store *bolt.Hub, rows []circ.Row, more ...change) *world {
	t.Helper()
	_, bench := t.(*testing.B)
	source := settingsText()
	for _, c := range more {
		if f, ok := c.(func(string) string); ok {
			source = f(source)
		}
	}
	settings, err := Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	going := bench
	for _, c := range more {
		if f, ok := c.(func(*Limits)); ok {
			f(&settings.Limits)
		}
		if _, ok := c.(ticks); ok {
			going = true
		}
	}
	w := &world{store: store, at: noon, log: &logged{}}
	w.Server = &Server{
		Settings: func() *Settings { return settings }, Words: words.English(), Now: w.now,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if bench {
		w.Log = nil
	}
	if going {
		w.Now = time.Now
	}
	w.prepare()
	set, err := policy.Parse([]byte(rulesText))
	if err != nil {
		t.Fatal(err)
	}
	w.Hub = hubserver.New(hubserver.Config{Store: store, Rules: set, Now: w.Now})
	if rows != nil {
		w.put(t, rows...)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.addr = l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) put(t testing.TB, rows ...circ.Row) {
	t.Helper()
	if err := w.store.Update(context.Background(), func(tx journal.HubTx) error { return tx.Put(context.Background(), rows) }); err != nil {
		t.Fatal(err)
	}
}

// record reads one record.
func record[R circ.Row](t testing.TB, w *world, k circ.Kind, id string) (r R) {
	t.Helper()
	err := w.store.View(context.Background(), func(tx journal.HubTx) error {
		rows, err := tx.Read(context.Background(), []circ.Want{circ.ByKey(k, id)})
		for _, one := range rows[0] {
			r, _ = one.(R)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// entries gives the entries of a terminal's chain.
func (w *world) entries(t testing.TB, desk circ.DeskID) (all []journal.Entry) {
	t.Helper()
	err := w.store.View(context.Background(), func(tx journal.HubTx) (err error) {
		all, err = tx.Entries(context.Background(), journal.Mark{Desk: desk, Epoch: 1}, 1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (w *world) loanOf(t testing.TB, item string) circ.Loan {
	t.Helper()
	return record[circ.Loan](t, w, circ.KindLoan, string(record[circ.Item](t, w, circ.KindItem, item).Loan))
}

// machine is a terminal that knows bytes, and nothing of this server's own code.
type machine struct {
	t testing.TB
	net.Conn
	r   *bufio.Reader
	seq int
}

func (w *world) connect(t testing.TB) *machine {
	t.Helper()
	c, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return &machine{t: t, Conn: c, r: bufio.NewReader(c)}
}

// logIn connects and logs in.
func (w *world) logIn(t testing.TB, login, password string) *machine {
	t.Helper()
	m := w.connect(t)
	if got := m.ask("9300CN" + login + "|CO" + password + "|CPx|"); got != "941" {
		t.Fatalf("login: %q", got)
	}
	return m
}

func (w *world) kiosk(t testing.TB) *machine { t.Helper(); return w.logIn(t, "sc", "secret") }

// ask sends a message as it is, and gives the answer without its terminator.
func (m *machine) ask(line string) string {
	m.t.Helper()
	m.say(line)
	return m.hear()
}

func (m *machine) say(line string) {
	m.t.Helper()
	if _, err := m.Write([]byte(line + "\r")); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) hear() string {
	m.t.Helper()
	s, err := m.next()
	if err != nil {
		m.t.Fatalf("no answer: %v", err)
	}
	return s
}

func (m *machine) next() (string, error) {
	if err := m.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return "", err
	}
	s, err := m.r.ReadString('\r')
	return strings.Trim(s, "\r\n"), err
}

// gone reports that the server has closed the connection.
func (m *machine) gone() bool {
	_, err := m.next()
	ne, timeout := err.(net.Error)
	return err != nil && (!timeout || !ne.Timeout())
}

// sealed gives a message with a number and its checksum.
func sealed(line string, seq int) string {
	line += fmt.Sprintf("AY%dAZ", seq%10)
	n := 0
	for _, c := range []byte(line) {
		n += int(c)
	}
	return fmt.Sprintf("%s%04X", line, (-n)&0xffff)
}

// safe sends a message with the next number, and gives the answer without number and
// checksum, both of which are checked.
func (m *machine) safe(line string) string {
	m.t.Helper()
	seq := m.seq
	m.seq++
	return m.opened(m.ask(sealed(line, seq)), seq)
}

func (m *machine) opened(answer string, seq int) string {
	m.t.Helper()
	n := len(answer) - len("AY0AZ0000")
	if n < 0 || sealed(answer[:n], seq) != answer {
		m.t.Fatalf("not sealed with %d: %q", seq, answer)
	}
	return answer[:n]
}

// stamp is the date of noon.
const stamp = "20261126    120000"
