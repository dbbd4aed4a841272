// Command gentable writes the table of MARC-8 characters that package marc
// embeds, and the vectors that its tests read.
//
// The facts are the code tables of the Library of Congress
// (https://www.loc.gov/marc/specifications/specchartables.html) as Debian's
// libmarc-charset-perl 1.35 holds them; perl and that package must be
// installed (apt-get install libmarc-charset-perl). Run it by go generate in
// desk/format/marc.
//
// It knows where the facts are and how the table is laid out. It does not know
// what an escape sequence is or how text is decoded.
package main

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// dump makes perl print one line a code: set, code, character, combining.
const dump = `
use MARC::Charset::Table; use Storable qw(thaw);
my $db = MARC::Charset::Table->new->db;
while (my ($k, $v) = each %$db) {
	next unless $k =~ /:/;
	my $c = thaw($v);
	print join("\t", $c->charset, $c->marc, $c->ucs, $c->is_combining ? 1 : 0), "\n";
}`

// code is one row of the Library of Congress tables.
type code struct {
	key       [3]byte // three bytes of EACC, or 0, the set's final byte, the code
	char      rune
	combining bool
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gentable:", err)
		os.Exit(1)
	}
}

func run() error {
	out, err := exec.Command("perl", "-e", dump).Output()
	if err != nil {
		return fmt.Errorf("read the tables of MARC::Charset: %w", err)
	}
	codes, err := parse(string(out))
	if err != nil {
		return err
	}
	if err := os.WriteFile("marc8.tbl", table(codes), 0o644); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	if err := os.WriteFile("testdata/codes.tsv", sample(codes), 0o644); err != nil {
		return fmt.Errorf("write the vectors: %w", err)
	}
	return nil
}

// parse gives the codes in the order of their keys, each once. The codes of
// the C0 set (escape, the terminators) are left out: they are no characters.
func parse(out string) ([]code, error) {
	const eacc = "31"
	var codes []code
	for line := range strings.Lines(out) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 4 {
			return nil, fmt.Errorf("read line %q: %d columns", line, len(f))
		}
		b, err := hex.DecodeString(f[1])
		if err != nil {
			return nil, fmt.Errorf("read code of %q: %w", line, err)
		}
		char, err := strconv.ParseUint(f[2], 16, 21)
		if err != nil {
			return nil, fmt.Errorf("read character of %q: %w", line, err)
		}
		c := code{char: rune(char), combining: f[3] == "1"}
		switch {
		case f[0] == eacc && len(b) == 3:
			copy(c.key[:], b)
		case f[0] != eacc && len(b) == 1:
			set, err := hex.DecodeString(f[0])
			if err != nil || len(set) != 1 {
				return nil, fmt.Errorf("read set of %q", line)
			}
			c.key = [3]byte{0, set[0], b[0]}
		default:
			return nil, fmt.Errorf("read line %q: a code of %d bytes in set %s", line, len(b), f[0])
		}
		if c.key[0] == 0 && c.key[2] < 0x20 {
			continue
		}
		codes = append(codes, c)
	}
	slices.SortFunc(codes, func(a, b code) int {
		return cmp.Or(bytes.Compare(a.key[:], b.key[:]), cmp.Compare(a.char, b.char))
	})
	return slices.CompactFunc(codes, func(a, b code) bool { return a.key == b.key }), nil
}

// table lays the codes out: six bytes each, three of the key, three of the
// character, its top bit set where it combines.
func table(codes []code) []byte {
	var out []byte
	for _, c := range codes {
		top := byte(c.char >> 16)
		if c.combining {
			top |= 0x80
		}
		out = append(out, c.key[0], c.key[1], c.key[2], top, byte(c.char>>8), byte(c.char))
	}
	return out
}

// sample is every code of the small sets and every fiftieth of EACC.
func sample(codes []code) []byte {
	var out bytes.Buffer
	out.WriteString("# key\tcharacter\tcombining; written by internal/gentable\n")
	for i, c := range codes {
		if c.key[0] != 0 && i%50 != 0 {
			continue
		}
		fmt.Fprintf(&out, "%X\t%04X\t%t\n", c.key, c.char, c.combining)
	}
	return out.Bytes()
}
