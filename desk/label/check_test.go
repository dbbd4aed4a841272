package label

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Numbers printed in public documents; the comment says where.
func TestCheckDigit(t *testing.T) {
	for _, row := range []struct {
		name   string
		number string
		want   bool
	}{
		{"an item worked out step by step", "30234000517861", true},        // jerseycat.org, barcode FAQ
		{"a card worked out step by step", "21112000698132", true},         // koha-devel, December 2002
		{"an item of a vendor's manual", "31234000010064", true},           // Follett manual, Code 39 mod 10
		{"a volume of Michigan", "39015008812839", true},                   // HathiTrust volume id
		{"a volume of Harvard", "32044100887389", true},                    // HathiTrust volume id
		{"a volume of New York", "33433082002258", true},                   // HathiTrust volume id
		{"a volume quoted with a slip", "32044019890820", false},           // HathiTrust volume id, does not fit
		{"a published example that does not fit", "35555000012349", false}, // a school district's handbook
		{"a card of a published example that does not fit", "22390000027896", false},
		{"one digit changed", "32234000517861", false},
		{"neighbours swapped", "30234000517681", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			digit, ok := CheckDigit(row.number[:13])
			if !ok {
				t.Fatal("not a number")
			}
			if got := row.number[13] == digit; got != row.want {
				t.Errorf("%s: the check digit is %c", row.number, digit)
			}
		})
	}
	for _, s := range []string{"", "12a", "١", " 1"} {
		if digit, ok := CheckDigit(s); ok {
			t.Errorf("%q has the check digit %c", s, digit)
		}
	}
}

// Numbers of public documents, each also with every wrong end.
func TestSchemes(t *testing.T) {
	for _, row := range []struct {
		name   string
		scheme Scheme
		number string
		ends   int // how many characters the check digit has
	}{
		{"a card", Mod10, "21112000698132", 1},                          // koha-devel, December 2002
		{"MSI", Mod10, "12345674", 1},                                   // zint, tests of MSI
		{"MSI that ends in 0", Mod10, "99999999990", 1},                 // zint
		{"a card of six digits", Mod11, "1573969", 1},                   // Spydus help of Salford's libraries, worked out
		{"seven digits in MSI", Mod11, "12345674", 1},                   // zint
		{"more digits than weights", Mod11, "99999999995", 1},           // zint
		{"a check digit of eleven", Mod11, "1234560", 1},                // zint
		{"seven digits with the weights to 9", Mod11NCR, "12345679", 1}, // zint
		{"an article", Mod43, "123XYZM", 1},                             // Worth Data 5000 manual
		{"all hexadecimal digits", PlesseyCRC, "0123456789ABCDEF90", 2}, // zint, the bars of its test read back
		{"a pen", GTIN, "4006381333931", 1},                             // Wikipedia
		{"a short EAN", GTIN, "73513537", 1},                            // Wikipedia
		{"a box of tissues", GTIN, "036000291452", 1},                   // Wikipedia
		{"a book of 1980", ISBN10, "0306406152", 1},                     // Wikipedia
		{"a book whose check digit is ten", ISBN10, "080442957X", 1},    // Wikipedia
		{"a journal whose check digit is ten", ISSN8, "2434561X", 1},    // Wikipedia
		{"a record", SierraMod, "19627919", 1},                          // alexwlchan/add_sierra_check_digit
		{"a record whose check digit is ten", SierraMod, "1026579x", 1}, // alexwlchan/add_sierra_check_digit
		{"a record of the manual", SierraMod, "10243641", 1},            // Innovative, Sierra help, worked out
	} {
		t.Run(row.name, func(t *testing.T) {
			if !row.scheme.Fits(row.number) {
				t.Errorf("%s does not fit %s", row.number, row.scheme)
			}
			body := row.number[:len(row.number)-row.ends]
			for _, end := range allEnds(row.ends) {
				same := strings.EqualFold(end, row.number[len(body):])
				if got := row.scheme.Fits(body + end); got && !same && !lost(row.scheme, body+end) {
					t.Errorf("%s fits %s too", body+end, row.scheme)
				}
			}
		})
	}
	for _, row := range []struct {
		name   string
		scheme Scheme
		number string
		want   bool
	}{
		{"Follett's +", Mod11, "2211+", true}, // zint: 2211 has the check digit 10
		{"an X in its place", Mod11, "2211X", true},
		{"ten in two digits", Mod11, "221110", false},
		{"a space that a line lost", Mod43, "1Z2", true}, // 1 + 35 + 2 is 38, the space
		{"letters in modulus 10", Mod10, "T123", false},
		{"small letters in Code 39", Mod43, "123xyzM", false},
		{"small letters in Plessey", PlesseyCRC, "0123456789abcdef90", false},
		{"a check digit alone", Mod10, "0", false},
		{"two check characters alone", PlesseyCRC, "00", false},
		{"nothing", Mod43, "", false},
		{"a scheme that nobody knows", "mod12", "1230", false},
		{"the reader's own", ByReader, "1230", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.scheme.Fits(row.number); got != row.want {
				t.Errorf("%s by %s: %v", row.number, row.scheme, got)
			}
		})
	}
}

// lost reports whether a number in Code 39 fits because its check character would be a
// space.
func lost(s Scheme, number string) bool {
	check, _ := mod43(number)
	return s == Mod43 && check == ' '
}

// allEnds are all ends of one or two characters that a number may have.
func allEnds(n int) []string {
	one := strings.Split(code39+"abcdefghijklmnopqrstuvwxyz", "")
	if n == 1 {
		return one
	}
	var two []string
	for _, a := range one {
		for _, b := range one {
			two = append(two, a+b)
		}
	}
	return two
}

// drawn draws a number with its check digit, and says which characters it may have.
func drawn(t *rapid.T, s Scheme) (number, chars string) {
	chars = "0123456789"
	switch s {
	case Mod43:
		chars = strings.ReplaceAll(code39, " ", "")
	case PlesseyCRC:
		chars = hex
	}
	body := rapid.StringOfN(rapid.RuneFrom([]rune(chars)), 3, 13, -1).Draw(t, "body")
	switch s {
	case Mod43:
		check, _ := mod43(body)
		return body + string(check), chars
	case PlesseyCRC:
		check, _ := plessey(body)
		return body + check, chars
	}
	for _, end := range "0123456789+" {
		if s.Fits(body + string(end)) {
			return body + string(end), chars
		}
	}
	t.Fatalf("%s has no check digit by %s", body, s)
	return "", ""
}

// A single wrong character is always found, by every scheme that a library may name.
func TestAWrongCharacterIsFound(t *testing.T) {
	for _, s := range named {
		t.Run(string(s), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				number, chars := drawn(t, s)
				at := rapid.IntRange(0, len(number)-1).Draw(t, "at")
				for _, c := range []byte(chars) {
					if wrong := number[:at] + string(c) + number[at+1:]; wrong != number && s.Fits(wrong) && !lost(s, wrong) {
						t.Fatalf("%s passes as %s", number, wrong)
					}
				}
			})
		})
	}
}

// Neighbours that were swapped are found, but for 0 and 9 by modulus 10, and digits that
// differ by 5 by EANs. The sum of Code 39 asks for no places.
func TestSwappedNeighboursAreFound(t *testing.T) {
	for _, s := range []Scheme{Mod10, Mod11, Mod11NCR, PlesseyCRC, GTIN} {
		t.Run(string(s), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				number, _ := drawn(t, s)
				at := rapid.IntRange(0, len(number)-2).Draw(t, "at")
				a, b := number[at], number[at+1]
				apart := max(a, b) - min(a, b)
				if a == b || s == Mod10 && apart == 9 || s == GTIN && apart == 5 {
					return
				}
				if wrong := number[:at] + string([]byte{b, a}) + number[at+2:]; s.Fits(wrong) {
					t.Fatalf("%s passes as %s", number, wrong)
				}
			})
		})
	}
}

// All of it, for one number: each digit changed to each other.
func TestEveryChangeOfALibraryNumberIsWrong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[0-9]{13}`).Draw(t, "number")
		digit, _ := CheckDigit(number)
		number += string(digit)
		if d := Default().Decode(number, ""); d.Check != Right {
			t.Fatalf("%s is %s", number, d.Check)
		}
		for at := range number {
			for c := byte('0'); c <= '9'; c++ {
				if c == number[at] {
					continue
				}
				changed := number[:at] + string(c) + number[at+1:]
				d := Default().Decode(changed, "")
				if d.Check != Wrong || !slices.Contains(d.Tell, TellCheck) {
					t.Fatalf("%s for %s: %+v", changed, number, d)
				}
				if l := Default().Classify(changed); (l.Kind == Card || l.Kind == Item) != l.CheckWrong {
					t.Fatalf("%s for %s: %+v", changed, number, l)
				}
			}
		}
	})
}
