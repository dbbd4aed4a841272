package sipserver

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"circdesk/desk/journal"
)

func status(card, pin string) string {
	return "23001" + stamp + "AOMAIN|AA" + card + "|AC|AD" + pin + "|"
}

// CQ says something only where a PIN was sent and looked at.
func TestPIN(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	for _, row := range []struct{ name, card, pin, want string }{
		{"the right one", "2001", "17051990", "CQY"},
		{"a wrong one", "2001", "17051991", "CQN"},
		{"none", "2001", "", ""},
		{"blanks", "2001", "   ", ""},
		{"of whom nobody knows the birth date", "2002", "17051990", ""},
		{"of nobody", "2999", "17051990", ""},
	} {
		got := m.ask(status(row.card, row.pin))
		if has := strings.Contains(got, "|CQ"); has != (row.want != "") || !strings.Contains(got, row.want) {
			t.Errorf("%s: %q", row.name, got)
		}
		if row.want == "CQN" && (strings.Contains(got, "Anna") || !strings.HasPrefix(got, "24YYYY")) {
			t.Errorf("%s: %q", row.name, got)
		}
	}
	got := m.ask("11NN" + stamp + noDate + "AOMAIN|AA2001|AB3001|AC|AD1|")
	if !strings.HasPrefix(got, "120N") || !strings.Contains(got, "AFcard or PIN is wrong|") {
		t.Errorf("lent with a wrong PIN: %q", got)
	}
}

// A terminal that needs the PIN neither says nor does anything without it.
func TestPINNeeded(t *testing.T) {
	w := start(t)
	m := w.connect(t)
	if got := m.safe("9300CNcareful|COsecret|"); got != "941" {
		t.Fatal(got)
	}
	for _, say := range []string{status("2001", ""), status("2001", "1"), status("2002", ""), status("2002", "1")} {
		if got := m.safe(say); strings.Contains(got, "Anna") || strings.Contains(got, "BV") || !strings.HasPrefix(got, "24YYYY") {
			t.Errorf("%s: %q", say, got)
		}
	}
	if got := m.safe("63001" + stamp + "  Y       AOMAIN|AA2001|AD17051990|"); !strings.Contains(got, "|CQY|") || strings.Contains(got, "Händel") || strings.Contains(got, "PB") || strings.Contains(got, "BD") || !strings.Contains(got, "BEanna@example.org") {
		t.Errorf("what it may hear: %q", got)
	}
	if got := m.safe("11NN" + stamp + noDate + "AOMAIN|AA2001|AB3001|AC|"); !strings.HasPrefix(got, "120N") {
		t.Error(got)
	}
	got := m.safe("11NN" + stamp + noDate + "AOMAIN|AA2001|AB3001|AC|AD17051990|")
	if !strings.HasPrefix(got, "121N") || !strings.Contains(got, "AH2026-12-10 23:59:59|") {
		t.Error(got)
	}
}

// Whoever tries PINs is slowed down; whoever sends one wrong PIN with everything is not,
// and nobody is locked out.
func TestPINsThatAreTried(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	for range 3 * freeTries {
		if got := m.ask(status("2001", "0000")); !strings.Contains(got, "|CQN|") {
			t.Fatal(got)
		}
	}
	if got := m.ask(status("2001", "17051990")); !strings.Contains(got, "|CQY|") {
		t.Fatalf("one wrong PIN has locked the right one: %q", got)
	}
	for i := range freeTries {
		m.ask(status("2001", fmt.Sprint(1000+i)))
	}
	if got := m.ask(status("2001", "17051990")); strings.Contains(got, "|CQ") || !strings.Contains(got, "too many wrong PINs") {
		t.Errorf("it answers for ever: %q", got)
	}
	w.pass(2 * tryAgain)
	if got := m.ask(status("2001", "17051990")); !strings.Contains(got, "|CQY|") {
		t.Errorf("it is locked: %q", got)
	}
	if !strings.Contains(w.log.String(), "wrong_pin") {
		t.Error("the log does not say that somebody tries PINs")
	}
}

// A PIN that was set for a patron, and digits of a phone number.
func TestPINsOfOtherKinds(t *testing.T) {
	w := start(t, func(s string) string { return strings.Replace(s, "birth DDMMYYYY", "stored", 1) })
	if err := w.store.Update(t.Context(), func(tx journal.HubTx) error {
		return tx.SetNote(t.Context(), NotePIN("anna"), []byte(hashed("4711")))
	}); err != nil {
		t.Fatal(err)
	}
	m := w.kiosk(t)
	for pin, want := range map[string]string{"4711": "|CQY|", "4712": "|CQN|"} {
		if got := m.ask(status("2001", pin)); !strings.Contains(got, want) {
			t.Errorf("%s: %q", pin, got)
		}
	}
	if got := m.ask(status("2002", "4711")); strings.Contains(got, "|CQ") {
		t.Errorf("no PIN was set: %q", got)
	}
	m = start(t, func(s string) string { return strings.Replace(s, "birth DDMMYYYY", "phone 4", 1) }).kiosk(t)
	for pin, want := range map[string]string{"4567": "|CQY|", "1234567": "|CQN|"} {
		if got := m.ask(status("2001", pin)); !strings.Contains(got, want) {
			t.Errorf("%s: %q", pin, got)
		}
	}
}

// Many patrons' PINs tried at one terminal are slowed down, too.
func TestPINsThatAreSprayed(t *testing.T) {
	b := newBrake(freeCards, cardAgain)
	now := time.Now()
	for i := range freeCards {
		if may, _ := b.before("kiosk", fmt.Sprint(i), now); !may {
			t.Fatalf("after %d", i)
		}
		b.wrong("kiosk", fmt.Sprint(i), now)
	}
	if may, _ := b.before("kiosk", "x", now); may {
		t.Error("for ever")
	}
	if may, _ := b.before("kiosk", "x", now.Add(2*cardAgain)); !may {
		t.Error("locked")
	}
	for i := range mostBraked + 100 {
		b.wrong(fmt.Sprint(i), "x", now.Add(time.Duration(i)))
	}
	if len(b.names) > mostBraked {
		t.Errorf("%d names", len(b.names))
	}
}
