package secret_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"circdesk/store/secret"
)

func vault(dir, pass string) *secret.Vault {
	return &secret.Vault{Dir: dir, Passphrase: func() (string, error) { return pass, nil }, Work: 2}
}

// mocked is a keyring in memory, through the library's own door.
func mocked(t *testing.T) secret.Keeper {
	keyring.MockInit()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	return secret.Keyring{}
}

func TestEveryKeeperKeeps(t *testing.T) {
	for name, open := range map[string]func(*testing.T) secret.Keeper{
		"memory":  func(*testing.T) secret.Keeper { return new(secret.Memory) },
		"vault":   func(t *testing.T) secret.Keeper { return vault(filepath.Join(t.TempDir(), "keys"), "open sesame") },
		"keyring": mocked,
	} {
		t.Run(name, func(t *testing.T) {
			k := open(t)
			if _, err := k.Get("a"); !errors.Is(err, secret.ErrNone) {
				t.Errorf("what nobody has set: %v", err)
			}
			if err := k.Drop("a"); err != nil {
				t.Errorf("dropping what is not there: %v", err)
			}
			long := bytes.Repeat([]byte{0, 0xff}, 512)
			for _, v := range [][]byte{[]byte("one"), {}, long, []byte("two")} {
				if err := k.Set("a", v); err != nil {
					t.Fatal(err)
				}
				if got, err := k.Get("a"); err != nil || !bytes.Equal(got, v) {
					t.Errorf("set to %d bytes, got %d: %v", len(v), len(got), err)
				}
			}
			if err := k.Set("b", append(long, 1)); err == nil {
				t.Error("a value that some keyrings do not take is taken")
			}
			if err := k.Set("b", []byte("other")); err != nil {
				t.Error(err)
			}
			got, err := k.Get("a")
			if err != nil || string(got) != "two" {
				t.Errorf("another name is another value: %q %v", got, err)
			}
			got[0] = 'T'
			if again, _ := k.Get("a"); string(again) != "two" {
				t.Error("who gets a value can change it")
			}
			if err := k.Drop("a"); err != nil {
				t.Error(err)
			}
			if _, err := k.Get("a"); !errors.Is(err, secret.ErrNone) {
				t.Errorf("what was dropped: %v", err)
			}
		})
	}
}

func TestAVaultIsOpenedByItsPassphraseAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if err := vault(dir, "open sesame").Set("desk", []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	if got, err := vault(dir, "open sesame").Get("desk"); err != nil || string(got) != "0123456789" {
		t.Errorf("at the next start: %q %v", got, err)
	}
	for name, k := range map[string]secret.Keeper{
		"another passphrase": vault(dir, "open barley"),
		"no passphrase":      vault(dir, ""),
	} {
		if _, err := k.Get("desk"); err == nil || errors.Is(err, secret.ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := k.Get("what nobody has set"); err == nil || errors.Is(err, secret.ErrNone) {
			t.Errorf("%s, a key that is not there: %v", name, err)
		}
		if err := k.Set("desk", []byte("x")); err == nil {
			t.Errorf("%s: it sets a key", name)
		}
	}
	if _, err := vault(dir, "open barley").Get("desk"); !errors.Is(err, secret.ErrPassphrase) {
		t.Errorf("another passphrase: %v", err)
	}
	all, err := os.ReadDir(dir)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d files: %v", len(all), err)
	}
	for _, f := range all {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", f.Name(), info.Mode())
		}
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil || bytes.Contains(b, []byte("0123456789")) || bytes.Contains(b, []byte("MDEyMzQ1Njc4OQ")) {
			t.Errorf("%s shows the key: %v", f.Name(), err)
		}
	}
}

func TestAVaultWithoutItsOwnKeyIsNotBegunAnew(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if err := vault(dir, "p").Set("desk", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "vault.age")); err != nil {
		t.Fatal(err)
	}
	if err := vault(dir, "p").Set("other", []byte("x")); err == nil || !strings.Contains(err.Error(), "put it back") {
		t.Errorf("%v", err)
	}
}

func TestDamageInAVaultIsFound(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if err := vault(dir, "p").Set("desk", []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.age"))
	for _, path := range files {
		was, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(was); at += 7 {
			b := bytes.Clone(was)
			b[at] ^= 1
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			if v, err := vault(dir, "p").Get("desk"); err == nil && string(v) != "0123456789" {
				t.Errorf("byte %d of %s: %q", at, filepath.Base(path), v)
			} else if errors.Is(err, secret.ErrNone) {
				t.Errorf("byte %d of %s: it seems not to be there", at, filepath.Base(path))
			}
		}
		if err := os.WriteFile(path, was, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAKeyringThatDoesNotAnswerSaysSo(t *testing.T) {
	keyring.MockInitWithError(errors.New("the prompt was dismissed"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	k := secret.Keyring{}
	for name, err := range map[string]error{
		"get": second(k.Get("a")), "set": k.Set("a", nil), "drop": k.Drop("a"),
	} {
		if !errors.Is(err, secret.ErrNoKeyring) || errors.Is(err, secret.ErrNone) || !strings.Contains(err.Error(), "dismissed") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestThePassphraseIsTheFirstLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pass")
	for text, want := range map[string]string{
		"open sesame\n": "open sesame", "open sesame": "open sesame", "open sesame\r\nand more": "open sesame", " spaces stay \n": " spaces stay ",
		"": "", "\nsecond": "", strings.Repeat("x", 5000): "",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := secret.FromFile(path)()
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%.20q: %q %v", text, got, err)
		}
	}
	if _, err := secret.FromFile(path + ".none")(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestARecoveryKeyOpensWhatWasWrappedForIt(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	made := func() string {
		s, err := secret.NewRecovery(now)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	read := func(s string) secret.Recovery {
		r, err := secret.ReadRecovery(s)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first, next := made(), made()
	old, both, other := read(first), read(first+next), read(made())
	wrapped, err := secret.WrapFor(old.Public(), []byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]secret.Recovery{"its own": old, "a file with a newer one, too": both} {
		if got, err := r.Open(wrapped); err != nil || string(got) != "key" {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	for name, r := range map[string]secret.Recovery{"another": other, "none": {}} {
		if _, err := r.Open(wrapped); err == nil {
			t.Errorf("%s opens it", name)
		}
	}
	if both.Public() == old.Public() || both.Public() != read(next).Public() {
		t.Error("the last key of a file is not the one that desks are given")
	}
	if !both.Has(old.Public()) || other.Has(old.Public()) {
		t.Error("which keys there are")
	}
	for _, bad := range []string{"", "# nothing\n", "AGE-SECRET-KEY-1QQQ", first[:len(first)-4]} {
		if _, err := secret.ReadRecovery(bad); err == nil || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	if _, err := secret.WrapFor("age1nobody", []byte("key")); err == nil {
		t.Error("it is wrapped for nobody")
	}
}
