package operator

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// cheap is a hash that costs next to nothing.
func cheap(pin string) string {
	s := sealed{cost: cost{8, 1, 1}, salt: []byte("saltsalt")}
	s.sum = s.cost.hash(pin, s.salt, 16)
	return s.phc()
}

// roll lists Anna with the PIN 1234, Bo without one, and Çelik with 9876.
func roll(t *testing.T) Roll {
	t.Helper()
	r, err := Parse([]byte(written(t)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, o := range []struct {
		Operator
		phc string
	}{
		{Operator{Name: "anna", Full: "Anna Lee", Rights: []Right{"circulate", "override"}}, cheap("1234")},
		{Operator{Name: "bo", Rights: []Right{"circulate"}}, ""},
		{Operator{Name: "Çelik"}, cheap("9876")},
	} {
		rows, err := Row(o.Operator, o.phc)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(rows)
	}
	return b.String()
}

// clock is a clock that stands until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newClock() *clock { return &clock{time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)} }

func TestSignIn(t *testing.T) {
	for _, row := range []struct {
		name string
		who  string
		pin  string
		want string // the operator's name, "": refused
		err  error
	}{
		{"with the right PIN", "anna", "1234", "anna", nil},
		{"in capitals", " ANNA ", "1234", "anna", nil},
		{"without the accent", "celik", "9876", "Çelik", nil},
		{"with a wrong PIN", "anna", "1235", "", ErrWrongPIN},
		{"with another's PIN", "anna", "9876", "", ErrWrongPIN},
		{"without a PIN", "anna", "", "", ErrWrongPIN},
		{"with a PIN as long as a book", "anna", strings.Repeat("1234", 1<<18), "", ErrWrongPIN},
		{"by a name that has no PIN", "bo", "1234", "", ErrWrongPIN},
		{"by a name that has no PIN, without one", "bo", "", "", ErrWrongPIN},
		{"by a name that does not exist", "carl", "1234", "", ErrNoSuch},
		{"by no name", "", "1234", "", ErrNoSuch},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := Fixed(roll(t), newClock().now).SignIn(t.Context(), row.who, row.pin)
			if got.Name != row.want || !errors.Is(err, row.err) {
				t.Errorf("got %q, %v", got.Name, err)
			}
			if row.err != nil && (!errors.Is(err, ErrRefused) || err.Error() != ErrRefused.Error()) {
				t.Errorf("a clerk can tell: %v", err)
			}
		})
	}
}

// TestWhoHasLeft: from that instant on nobody signs in by the name, and what is said of
// it is what is said of one that does not exist.
func TestWhoHasLeft(t *testing.T) {
	rows, err := Row(Operator{Name: "dora", Rights: []Right{"circulate"}, Left: newClock().at}, cheap("1234"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Parse([]byte(rows))
	if err != nil {
		t.Fatal(err)
	}
	c := newClock()
	source := Fixed(r, c.now)
	if _, err := source.SignIn(t.Context(), "dora", "1234"); !errors.Is(err, ErrNoSuch) {
		t.Errorf("who has left signs in: %v", err)
	}
	if o, err := source.Lookup(t.Context(), "dora"); err != nil || !o.Left.Equal(c.at) {
		t.Errorf("looked up: %+v, %v", o, err)
	}
	c.at = c.at.Add(-time.Second)
	if _, err := source.SignIn(t.Context(), "dora", "1234"); err != nil {
		t.Errorf("who has not left yet: %v", err)
	}
}

func TestErrorsAreTold(t *testing.T) {
	if errors.Is(ErrNoSuch, ErrWrongPIN) || errors.Is(ErrWrongPIN, ErrNoSuch) {
		t.Error("the log cannot tell a wrong name from a wrong PIN")
	}
}

func TestSignInEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := Fixed(roll(t), newClock().now)
	if _, err := f.SignIn(ctx, "anna", "1234"); !errors.Is(err, context.Canceled) {
		t.Errorf("sign in: %v", err)
	}
	if _, err := f.Lookup(ctx, "anna"); !errors.Is(err, context.Canceled) {
		t.Errorf("lookup: %v", err)
	}
	if _, err := f.Names(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("names: %v", err)
	}
}

func TestHas(t *testing.T) {
	anna, err := Fixed(roll(t), newClock().now).Lookup(t.Context(), "Anna")
	if err != nil {
		t.Fatal(err)
	}
	if !anna.Has("override") || anna.Has("override.money") || anna.Has("") || (Operator{}).Has("circulate") {
		t.Errorf("rights of %+v", anna)
	}
	if anna.Display() != "Anna Lee" || (Operator{Name: "bo"}).Display() != "bo" {
		t.Errorf("shown as %q", anna.Display())
	}
}

func TestLookup(t *testing.T) {
	f := Fixed(roll(t), newClock().now)
	if o, err := f.Lookup(t.Context(), "bo"); err != nil || !o.Has("circulate") {
		t.Errorf("got %+v, %v", o, err)
	}
	if _, err := f.Lookup(t.Context(), "carl"); !errors.Is(err, ErrNoSuch) {
		t.Errorf("got %v", err)
	}
	names, err := f.Names(t.Context())
	if err != nil || !slices.Equal(names, []string{"anna", "Çelik"}) {
		t.Errorf("names %q, %v", names, err)
	}
}

// What one caller does with the rights he was given changes nobody else's.
func TestRightsAreACopy(t *testing.T) {
	f := Fixed(roll(t), newClock().now)
	anna, _ := f.Lookup(t.Context(), "anna")
	anna.Rights[0] = "everything"
	if again, _ := f.Lookup(t.Context(), "anna"); again.Has("everything") {
		t.Error("the list was changed")
	}
}

func TestWrongPINsSlowAName(t *testing.T) {
	for _, who := range []string{"anna", "bo", "carl"} { // with a PIN, without, and nobody
		t.Run(who, func(t *testing.T) {
			c := newClock()
			f := Fixed(roll(t), c.now)
			try := func(pin string) error {
				_, err := f.SignIn(t.Context(), who, pin)
				return err
			}
			for i := range freeTries {
				if err := try("0000"); !errors.Is(err, ErrRefused) {
					t.Fatalf("wrong PIN %d: %v", i+1, err)
				}
			}
			for _, want := range []time.Duration{5, 10, 20, 40, 80, 160, 300, 300} {
				wait, ok := errors.AsType[*Wait](try("1234"))
				if !ok || wait.For != want*time.Second {
					t.Fatalf("wait %v, want %d s", wait, want)
				}
				c.at = c.at.Add(wait.For - 1)
				if wait, ok = errors.AsType[*Wait](try("1234")); !ok || wait.For != 1 {
					t.Fatalf("just before the end: %v", wait)
				}
				c.at = c.at.Add(1)
				if err := try("0000"); !errors.Is(err, ErrRefused) {
					t.Fatalf("after the wait: %v", err)
				}
			}
			if _, err := f.SignIn(t.Context(), "Çelik", "9876"); err != nil {
				t.Errorf("another name waits too: %v", err)
			}
			c.at = c.at.Add(forget + 1)
			if _, waits := errors.AsType[*Wait](try("0000")); waits {
				t.Error("still waits after an hour")
			}
		})
	}
}

func TestWrongPINsAtTheSameTimeDoNotSlipThrough(t *testing.T) {
	f := Fixed(roll(t), newClock().now)
	var looked atomic.Int32
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if _, err := f.SignIn(t.Context(), "anna", "0000"); errors.Is(err, ErrWrongPIN) {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if n := looked.Load(); n != freeTries {
		t.Errorf("%d PINs were looked at, want %d", n, freeTries)
	}
}

func TestTheRightPINStartsAnew(t *testing.T) {
	f := Fixed(roll(t), newClock().now)
	for range 3 {
		for range freeTries - 1 {
			if _, err := f.SignIn(t.Context(), "anna", "0000"); !errors.Is(err, ErrWrongPIN) {
				t.Fatal(err)
			}
		}
		if _, err := f.SignIn(t.Context(), "anna", "1234"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAClockThatGoesBackDoesNotLockOut(t *testing.T) {
	c := newClock()
	f := Fixed(roll(t), c.now)
	for range freeTries {
		_, _ = f.SignIn(t.Context(), "anna", "0000")
	}
	c.at = c.at.AddDate(-1, 0, 0)
	_, err := f.SignIn(t.Context(), "anna", "1234")
	if wait, ok := errors.AsType[*Wait](err); !ok || wait.For > firstWait {
		t.Errorf("got %v", err)
	}
}

func TestTheBrakeForgetsTheOldestName(t *testing.T) {
	var b brake
	c := newClock()
	for i := range maxNames + 10 {
		c.at = c.at.Add(time.Millisecond)
		b.try(fmt.Sprint("name", i), c.now())
	}
	_, first := b.names["name0"]
	_, last := b.names[fmt.Sprint("name", maxNames+9)]
	if len(b.names) != maxNames || first || !last {
		t.Errorf("%d names; the first %v, the last %v", len(b.names), first, last)
	}
}

// Whatever is tried and however the clock moves: never more than five wrong PINs
// without a wait between.
func TestTheBrakeHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b brake
		c := newClock()
		free, last := 0, c.at
		for range rapid.IntRange(1, 40).Draw(t, "tries") {
			c.at = c.at.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "seconds")) * time.Second)
			wait := b.try("anna", c.at)
			if wait < 0 || wait > longest {
				t.Fatalf("wait %v", wait)
			}
			if wait > 0 {
				continue
			}
			if c.at.Sub(last) >= firstWait {
				free = 0
			}
			if free++; free > freeTries {
				t.Fatalf("%d tries within %v of each other", free, firstWait)
			}
			last = c.at
		}
	})
}

func TestPIN(t *testing.T) {
	phc, err := HashPIN("12é4")
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", phc, err)
	}
	if err := VerifyPIN(phc, "12e\u03014"); err != nil {
		t.Errorf("the same PIN of another keyboard: %v", err)
	}
	if err := VerifyPIN(phc, "12e4"); !errors.Is(err, ErrWrongPIN) {
		t.Errorf("another PIN: %v", err)
	}
	again, err := HashPIN("12é4")
	if err != nil || again == phc {
		t.Errorf("two hashes of one PIN are alike, %v", err)
	}
	for pin, want := range map[string]error{
		"": ErrShortPIN, "123": ErrShortPIN, "äöü": ErrShortPIN, strings.Repeat("1", MaxPIN+1): ErrLongPIN, "12\xff4": ErrLongPIN,
	} {
		if _, err := HashPIN(pin); !errors.Is(err, want) {
			t.Errorf("%.10q: %v, want %v", pin, err, want)
		}
	}
}

// The reference implementation of Argon2 prints this hash: its test.c, version
// 0x13, Argon2id, "password", "somesalt", t=2, m=2^8, p=1.
func TestAHashOfAnotherProgram(t *testing.T) {
	const phc = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
	if err := VerifyPIN(phc, "password"); err != nil {
		t.Error(err)
	}
	if err := VerifyPIN(phc, "passw0rd"); !errors.Is(err, ErrWrongPIN) {
		t.Error(err)
	}
}

func TestHashesThatAreNotAccepted(t *testing.T) {
	good := cheap("1234")
	if _, err := readPHC(good); err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]string{
		"another function":            {"argon2id", "argon2i"},
		"another version":             {"v=19", "v=16"},
		"all the memory there is":     {"m=8,", "m=999999999,"},
		"more than all":               {"m=8,", "m=99999999999999999999,"},
		"no memory":                   {"m=8,", "m=0,"},
		"less memory than it needs":   {"p=1", "p=2"},
		"passes without an end":       {"t=1,", "t=1000,"},
		"much of both":                {"m=8,t=1,", "m=262144,t=16,"},
		"a number with a sign":        {"m=8,", "m=+8,"},
		"a number with a zero":        {"m=8,", "m=08,"},
		"parameters in another order": {"m=8,t=1,", "t=1,m=8,"},
		"a salt that is too short":    {"c2FsdHNhbHQ", "c2FsdA"},
		"a salt that is no base64":    {"c2FsdHNhbHQ", "c2FsdHNhbH!"},
		"a line end in the salt":      {"c2FsdHNhbHQ", "c2FsdH\nNhbHQ"},
		"a return behind the hash":    {good, good + "\r"},
		"nothing behind it":           {good, "$argon2id$"},
		"a PIN in clear":              {good, "1234"},
		"nothing":                     {good, ""},
	} {
		bad := strings.Replace(good, pair[0], pair[1], 1)
		if bad == good {
			t.Fatalf("%s: the sample is as good as before", name)
		}
		if err := VerifyPIN(bad, "1234"); !errors.Is(err, ErrHash) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadPHC(f *testing.F) {
	f.Add(cheap("1234"))
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$")
	f.Fuzz(func(t *testing.T, phc string) {
		s, err := readPHC(phc)
		if err == nil && s.phc() != phc {
			t.Errorf("%q reads as %q", phc, s.phc())
		}
		if err == nil && uint64(s.cost.memory)*uint64(s.cost.passes) > maxWork {
			t.Errorf("%q costs too much", phc)
		}
	})
}

// A name that does not exist costs what one that exists costs.
func TestTheDecoyCostsTheSame(t *testing.T) {
	if got := roll(t).decoy("carl").cost; got != (cost{8, 1, 1}) {
		t.Errorf("costs %+v", got)
	}
	if got := (Roll{}).decoy("carl").cost; got != usual {
		t.Errorf("with nobody listed it costs %+v", got)
	}
}

func TestParseRefuses(t *testing.T) {
	secret := "8531" // a PIN in clear, by mistake
	for _, row := range []struct {
		name string
		text string
		want string // part of the error
	}{
		{"no TOML", "operators = [", "line 1"},
		{"a key that is misspelt", "[[operators]]\nname = \"anna\"\nright = []\n", "line 3"},
		{"another table", "[[operator]]\nname = \"anna\"\n", "line 1"},
		{"rights as one word", "[[operators]]\nname = \"anna\"\nrights = \"circulate\"\n", "line 3"},
		{"no name", "[[operators]]\nfull = \"Anna\"\n", "operator 1"},
		{"a name of punctuation", "[[operators]]\nname = \"...\"\n", "operator 1"},
		{"a name that moves the cursor", "[[operators]]\nname = \"anna\\u001b[2J\"\n", "operator 1"},
		{"a name that is too long", "[[operators]]\nname = \"" + strings.Repeat("a", maxName+1) + "\"\n", "operator 1"},
		{"a full name that rings", "[[operators]]\nname = \"anna\"\nfull = \"Anna\\u0007\"\n", "operator 1"},
		{"one name twice", "[[operators]]\nname = \"anna\"\n[[operators]]\nname = \"Änna\"\n", "operator 2"},
		{"a right of two words", "[[operators]]\nname = \"anna\"\nrights = [\"circulate\", \"over ride\"]\n", "right 2"},
		{"a PIN in clear", "[[operators]]\nname = \"anna\"\npin = \"" + secret + "\"\n", "pin"},
		{"a PIN in clear as a number", "[[operators]]\nname = \"anna\"\npin = " + secret + "\n", "line 3"},
		{"a PIN in clear without quotes' end", "[[operators]]\nname = \"anna\"\npin = \"" + secret + "\n", "line"},
		{"a file without an end", strings.Repeat("#", maxFile+1), "bytes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := Parse([]byte(row.text))
			if err == nil || !strings.Contains(err.Error(), row.want) || len(r.rows) != 0 {
				t.Fatalf("got %v, %v", r, err)
			}
			if strings.Contains(err.Error(), secret) || strings.ContainsRune(err.Error(), 0x1b) {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

func TestNobodyIsAList(t *testing.T) {
	r, err := Parse(nil)
	if err != nil || r.String() != "0 operators" {
		t.Errorf("got %v, %v", r, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[[operators]]\nname = \"anna\"\nrights = [\"circulate\"]\n")
	f.Add("operators = [{name = \"a\"}, {name = \"b\"}]")
	f.Add("[[operators]]\nname = \"\\u202e\"\npin = \"$\"")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := Parse([]byte(s))
		if err != nil {
			return
		}
		for _, row := range r.rows {
			if found, ok := r.find(row.Name); !ok || found.Name != row.Name {
				t.Errorf("%q is listed and not found", row.Name)
			}
		}
	})
}

func TestRowIsReadBack(t *testing.T) {
	want := Operator{Name: `o'"\`, Full: "Ann \"Lee\"", Rights: []Right{"circulate"}, Left: newClock().at.Add(time.Hour)}
	rows, err := Row(want, cheap("1234"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Parse([]byte(written(t) + rows))
	if err != nil {
		t.Fatal(err)
	}
	got, ok := r.find(want.Name)
	if !ok || got.Name != want.Name || got.Full != want.Full || !slices.Equal(got.Rights, want.Rights) || !got.Left.Equal(want.Left) || got.pin == nil {
		t.Errorf("got %+v", got.Operator)
	}
	for name, bad := range map[string]Operator{"no name": {}, "a right of two words": {Name: "a", Rights: []Right{"a b"}}} {
		if _, err := Row(bad, ""); err == nil {
			t.Errorf("%s is listed", name)
		}
	}
	if _, err := Row(want, "1234"); !errors.Is(err, ErrHash) || strings.Contains(err.Error(), "1234") {
		t.Errorf("a PIN in clear: %v", err)
	}
}

func TestNothingPrintsAHash(t *testing.T) {
	r := roll(t)
	f := Fixed(r, newClock().now)
	anna, err := f.SignIn(t.Context(), "anna", "1234")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, v := range []any{r, &r, f, anna} {
			if s := fmt.Sprintf(verb, v); strings.Contains(s, "argon2") || strings.Contains(s, "salt") || strings.Contains(s, "115 97 108 116") {
				t.Errorf("%s of %T: %s", verb, v, s)
			}
		}
	}
}

func TestFileIsReadAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "operators.toml")
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(path, newClock().now); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Fatalf("a file that is not there: %v", err)
	}
	write("operators = [")
	if _, err := Open(path, newClock().now); err == nil || !strings.Contains(err.Error(), path) {
		t.Fatalf("a file that is damaged: %v", err)
	}

	old, changed := cheap("1234"), cheap("4321")
	first := "[[operators]]\nname = \"anna\"\npin = \"" + old + "\"\n"
	write(first)
	f, err := Open(path, newClock().now)
	if err != nil {
		t.Fatal(err)
	}
	signIn := func(pin string) error {
		_, err := f.SignIn(t.Context(), "anna", pin)
		return err
	}
	if err := signIn("1234"); err != nil {
		t.Errorf("as written: %v", err)
	}

	write("operators = [")
	if err := signIn("1234"); err != nil {
		t.Errorf("with a damaged file the last list counts: %v", err)
	}
	if f.Trouble() == nil {
		t.Error("nobody is told that the file is damaged")
	}
	write(first)
	if err := f.Trouble(); err != nil {
		t.Errorf("mended, and still: %v", err)
	}

	second := strings.Replace(first, old, changed, 1)
	if len(second) != len(first) {
		t.Fatal("the change should not show in the size")
	}
	write(second)
	if err := signIn("1234"); !errors.Is(err, ErrWrongPIN) {
		t.Errorf("with the old PIN: %v", err)
	}
	if err := signIn("4321"); err != nil {
		t.Errorf("with the new PIN: %v", err)
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := signIn("4321"); err != nil {
		t.Errorf("with the file gone the last list counts: %v", err)
	}
	if err := f.Trouble(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nobody is told that the file is gone: %v", err)
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "operators.toml")
	if err := os.WriteFile(path, []byte(written(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Load(path)
	if err != nil || r.String() != "3 operators" {
		t.Errorf("got %v, %v", r, err)
	}
}

var _ Source = (*File)(nil)
