package marc

import (
	"bytes"
	"encoding/hex"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TestCodes reads testdata/codes.tsv, which the generator writes from Debian's
// tables: every code of the small sets and every fiftieth of EACC.
func TestCodes(t *testing.T) {
	rows := 0
	for _, row := range readCodes(t) {
		rows++
		b, want := row.piece()
		got, unknown := text(b, false)
		if got != want || unknown != nil {
			t.Errorf("%X: %X is %q (unknown % X), want %q", row.key, b, got, unknown, want)
		}
	}
	if rows < 900 {
		t.Errorf("%d codes read, the file holds more than 900", rows)
	}
}

func TestTableIsSorted(t *testing.T) {
	if len(marc8Table)%codeSize != 0 {
		t.Fatalf("the table has %d bytes, no multiple of %d", len(marc8Table), codeSize)
	}
	for at := codeSize; at < len(marc8Table); at += codeSize {
		if tableWord(at-codeSize) >= tableWord(at) {
			t.Fatalf("key %06X follows %06X", tableWord(at), tableWord(at-codeSize))
		}
	}
	if n := len(marc8Table) / codeSize; n != 16402 {
		t.Errorf("%d codes, the tables hold 16402", n)
	}
}

// codeRow is a line of testdata/codes.tsv.
type codeRow struct {
	key      []byte
	char     rune
	combines bool
}

// piece gives MARC-8 with the code in it and what it should read as.
func (row codeRow) piece() (b []byte, want string) {
	code := row.key[2:]
	var before, after string
	switch set := row.key[1]; {
	case row.key[0] != 0:
		before, after, code = "\x1B$1", "\x1B(B", row.key
	case set == setANSEL:
		code = []byte{code[0] | 0x80}
	case set == 'g', set == 'b', set == 'p':
		before, after = "\x1B"+string(set), "\x1Bs"
	default:
		before, after = "\x1B("+string(set), "\x1B(B"
	}
	b = []byte(before + string(code) + after + "x")
	if row.combines {
		return b, norm.NFC.String("x" + string(row.char))
	}
	return b, norm.NFC.String(string(row.char) + "x")
}

func readCodes(t testing.TB) []codeRow {
	t.Helper()
	file, err := os.ReadFile("testdata/codes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows []codeRow
	for line := range strings.Lines(string(file)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		key, err := hex.DecodeString(f[0])
		if err != nil || len(key) != 3 {
			t.Fatalf("key in %q: %v", line, err)
		}
		char, err := strconv.ParseInt(f[1], 16, 32)
		if err != nil {
			t.Fatalf("character in %q: %v", line, err)
		}
		rows = append(rows, codeRow{key: key, char: rune(char), combines: f[2] == "true"})
	}
	return rows
}

func TestMARC8(t *testing.T) {
	for _, tc := range []struct {
		name    string
		in      string
		want    string
		unknown string
	}{
		{"plain letters stay", "Friendly fire /", "Friendly fire /", ""},
		{"an accent stands before its letter", "caf\xE2e", "café", ""},
		{"a letter without marks of its own above ASCII", "\xA1\xF2od\xE2z", "Łọdź", ""},
		{"two marks on one letter", "\xE3\xF2a", "ậ", ""},
		{"a ligature over two letters", "\xEBt\xECsar", "t\u0361sar", ""},
		{"a tilde over two letters", "\xFAn\xFBg", "n\u0360g", ""},
		{"a ligature over a letter with a mark", "\xEBi\xEC\xE6u", "i\u0361ŭ", ""},
		{"the right half of a ligature by itself", "\xECs", "s\uFE21", ""},
		{"a mark at the end has no letter", "x\xE2", "x\u00A0\u0301", ""},
		{"a mark on a blank", "\xE2 x", " \u0301x", ""},
		{"Cyrillic, its extended letters in G1", "\x1B(Nw\x1B)Q\xC6JNA \xC6 MIR\x1Bs\x1B)E", "Війна і мир", ""},
		{"Greek with an accent before its vowel", "\x1B(Smam\x22rw\x1B(B", "κακός", ""},
		{"Greek with an accent from ANSEL", "\x1B(Smam\xE2rw\x1B(B", "κακός", ""},
		{"Hebrew in logical order", "\x1B(2ylem rlikm\x1Bs", "שלום עליכם", ""},
		{"Arabic", "\x1B(3GdSdGe Ydjce\x1Bs", "السلام عليكم", ""},
		{"extended Arabic", "\x1B(4\x22\x1B(B", "ٲ", ""},
		{"Chinese, three bytes a character", "\x1B$1!04K7o!BX':`\x1Bs.", "中国文学.", ""},
		{"Japanese", "\x1B$,1i$Hi$&i$-i$gi$&\x1B(B", "とうきょう", ""},
		{"Chinese from G1", "\x1B$)1\xA1\xB0\xB4\x1B)!Eo", "中o", ""},
		{"a blank between Chinese", "\x1B$1!04 K7o\x1B(B", "中 国", ""},
		{"Vietnamese: marks in their order", "Nguy\xE3\xE4en \xE2Ai Qu\xE3\xE2oc", "Nguyễn Ái Quốc", ""},
		{"subscripts", "H\x1Bb2\x1BsO", "H₂O", ""},
		{"superscripts", "10\x1Bp-3\x1Bs m", "10⁻³ m", ""},
		{"Greek symbols", "\x1Bga\x1Bs-rays", "α-rays", ""},
		{"symbols above ASCII", "\xC3 1999 \xC2 \xC8 5", "© 1999 ℗ € 5", ""},
		{"marks of text not to be sorted", "\x88The \x89end", "\u0098The \u009cend", ""},
		{"a byte that no set has", "a\xFFb", "a\uFFFDb", "FF"},
		{"an escape sequence of no set", "a\x1B(Zb", "a\uFFFD(Zb", "1B"},
		{"a code of EACC that begins with DELETE", "\x1B$1\x7F\x20\x14\x7F\x21\x22\x1B(B", "—™", ""},
		{"Chinese cut short", "\x1B$1\x21\x30", "\uFFFD", "2130"},
		{"Chinese that is in no table", "\x1B$1\x7E\x7E\x7E\x1B(Bx", "\uFFFDx", "7E7E7E"},
		{"Chinese cut short by an escape", "\x1B$1\x21\x1B(Bx", "\uFFFDx", "21"},
		{"an escape at the end", "x\x1B", "x\uFFFD", "1B"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, unknown := text([]byte(tc.in), false)
			if got != tc.want || strings.ToUpper(hex.EncodeToString(unknown)) != tc.unknown {
				t.Errorf("%q: got %q %+q unknown %X, want %q %+q unknown %s", tc.in, got, got, unknown, tc.want, tc.want, tc.unknown)
			}
		})
	}
}

func TestIsUTF8(t *testing.T) {
	for _, tc := range []struct {
		name   string
		in     string
		leader bool
		want   bool
	}{
		{"plain letters are both", "abc", false, true},
		{"UTF-8 though the leader says MARC-8", "café", false, true},
		{"MARC-8 though the leader says UTF-8", "caf\xE2e", true, false},
		{"an escape sequence though the leader says UTF-8", "H\x1Bb2\x1Bs", true, false},
		{"bytes that are both, and an escape: the leader says MARC-8", "\x1B(N\xC3\xA9\x1B(B", false, false},
		{"bytes that are both, and an escape: the leader says UTF-8", "\x1B(N\xC3\xA9\x1B(B", true, true},
		{"more that looks like UTF-8 than not, and an escape", "\x1B)S\xC4\xA1\xC4\xA2\xE1\x1B)E", false, false},
		{"an escape left over in UTF-8 with one letter spoilt", "\x1B(Bété été \xE9", true, true},
		{"UTF-8 with one letter spoilt", "été \xE9", false, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := isUTF8([]byte(tc.in), tc.leader); got != tc.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func FuzzMARC8(f *testing.F) {
	f.Add([]byte("caf\xE2e \x1B(N\x57\x4F\x1B(B"))
	f.Add([]byte("\x1B$1\x21\x30\x35\x1B$,1\x1B$)1\xA1\xB0"))
	f.Add([]byte("\xEBt\xECs\xFA\x1Bg\x1B"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, inUTF8 := range []bool{true, false} {
			s, unknown := text(b, inUTF8)
			if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
				t.Errorf("%q: %q is no normalized UTF-8", b, s)
			}
			if i := strings.IndexFunc(s, isControl); i >= 0 {
				t.Errorf("%q: %q holds a control character", b, s)
			}
			if len(unknown) > 0 && !strings.ContainsRune(s, utf8.RuneError) {
				t.Errorf("%q: % X unknown, but %q does not show it", b, unknown, s)
			}
			if bytes.IndexByte(b, 0) >= 0 && len(unknown) == 0 {
				t.Errorf("%q: a NUL was not named", b)
			}
		}
	})
}
