package label

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestClassify(t *testing.T) {
	own, err := New(
		[]string{`P [0-9]{1,7}`, `2[0-9]{9}`, `[0-9]{6}`},
		[]string{`T [0-9]{1,7}`, `mod10:3[0-9]{13}`, `97[89][0-9]{10}`, `[0-9]{6}`, `a|b`},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name  string
		rules *Rules
		code  string
		want  Label
	}{
		{"a card", Default(), "21112000698132", Label{Kind: Card, Code: "21112000698132"}},
		{"an item", Default(), "30234000517861", Label{Kind: Item, Code: "30234000517861"}},
		{"a card whose check digit is wrong", Default(), "22390000027896", Label{Kind: Card, Code: "22390000027896", CheckWrong: true}},
		{"an item whose check digit is wrong", Default(), "39999000002034", Label{Kind: Item, Code: "39999000002034", CheckWrong: true}},
		{"an item with Codabar's start and stop", Default(), "A30234000517861B", Label{Kind: Item, Code: "30234000517861"}},
		{"a card with Codabar's other start and stop", Default(), "t21112000698132e", Label{Kind: Card, Code: "21112000698132"}},
		{"a number of another first digit", Default(), "58198000943996", Label{Code: "58198000943996"}},
		{"a number too short", Default(), "3023400051786", Label{Code: "3023400051786"}},
		{"a number too long", Default(), "302340005178611", Label{Code: "302340005178611"}},
		{"a number in other digits", Default(), "٣٠٢٣٤٠٠٠٥١٧٨٦١", Label{Code: "٣٠٢٣٤٠٠٠٥١٧٨٦١"}},
		{"two lines", Default(), "30234000517861\n", Label{Code: "30234000517861\n"}},
		{"the ISBN on the back", Default(), "9780306406157", Label{Kind: ISBN, Code: "9780306406157", ISBN: "9780306406157"}},
		{"the ISBN of an old book", Default(), "080442957X", Label{Kind: ISBN, Code: "080442957X", ISBN: "9780804429573"}},
		{"a pen", Default(), "4006381333931", Label{Code: "4006381333931"}},
		{"a word", Default(), "hello", Label{Code: "hello"}},
		{"nothing", Default(), "", Label{}},

		{"a card of the library's own form", own, "P 123", Label{Kind: Card, Code: "P 123"}},
		{"an item of the library's own form", own, "T 12345", Label{Kind: Item, Code: "T 12345"}},
		{"a form fits the whole code or not at all", own, "xT 12345", Label{Code: "xT 12345"}},
		{"either side of a choice fits the whole code", own, "ax", Label{Code: "ax"}},
		{"a choice", own, "b", Label{Kind: Item, Code: "b"}},
		{"a form without a check digit has none that is wrong", own, "2000000001", Label{Kind: Card, Code: "2000000001"}},
		{"a form with a check digit", own, "30234000517862", Label{Kind: Item, Code: "30234000517862", CheckWrong: true}},
		{"a form of cards and of items decides nothing", own, "123456", Label{Code: "123456"}},
		{"a library that uses the ISBN as its number", own, "9780306406157", Label{Kind: Item, Code: "9780306406157"}},
		{"no rules", nil, "30234000517861", Label{Code: "30234000517861"}},
		{"no rules, and an ISBN", nil, "0306406152", Label{Kind: ISBN, Code: "0306406152", ISBN: "9780306406157"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.rules.Classify(row.code); got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	for name, pattern := range map[string]string{
		"an open bracket":               `[0-9`,
		"a bracket that closes ours":    `a)(b`,
		"nothing":                       ``,
		"nothing behind the check":      Checked,
		"a pattern as long as a book":   strings.Repeat("1", maxPattern+1),
		"a repetition that never stops": `((1{1000}){1000})`,
	} {
		if _, err := New([]string{pattern}, nil); err == nil {
			t.Errorf("%s: cards take it", name)
		}
		if _, err := New(nil, []string{`3[0-9]{13}`, pattern}); err == nil || !strings.Contains(err.Error(), "pattern 2") {
			t.Errorf("%s: items say %v", name, err)
		}
	}
}

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

// A single wrong digit is always found.
func TestCheckDigitFindsAWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := []byte(rapid.StringMatching(`[23][0-9]{12}`).Draw(t, "number"))
		digit, _ := CheckDigit(string(number))
		number = append(number, digit)
		at := rapid.IntRange(1, 13).Draw(t, "at")
		number[at] = '0' + (number[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if !Default().Classify(string(number)).CheckWrong {
			t.Fatalf("%s passes", number)
		}
	})
}

func TestISBN13(t *testing.T) {
	for _, row := range []struct {
		name string
		text string
		want string // "": none
	}{
		{"thirteen digits", "9780306406157", "9780306406157"},
		{"with hyphens", "978-0-306-40615-7", "9780306406157"},
		{"with printed hyphens", "978‐0‐306‐40615‐7", "9780306406157"},
		{"with spaces", "978 0 306 40615 7", "9780306406157"},
		{"with its name", "ISBN 978-0-306-40615-7", "9780306406157"},
		{"with its name and a colon", "isbn: 0-306-40615-2", "9780306406157"},
		{"with the price behind it", "978030640615751299", "9780306406157"},
		{"with the price after a space", "9780306406157 51299", "9780306406157"},
		{"ten digits", "0306406152", "9780306406157"},
		{"ten digits, the last an X", "080442957X", "9780804429573"},
		{"ten digits, the last a small x", "080442957x", "9780804429573"},
		{"of the newer prefix", "9791032305690", "9791032305690"},

		{"a wrong check digit", "9780143007233", ""},
		{"a wrong check digit of ten", "0306406153", ""},
		{"an X that is not last", "0X06406152", ""},
		{"printed music", "9790260000438", ""},
		{"a magazine", "9770378595002", ""},
		{"a pen", "4006381333931", ""},
		{"twelve digits", "978030640615", ""},
		{"an add-on of letters", "9780306406157abcde", ""},
		{"its name alone", "ISBN", ""},
		{"nothing", "", ""},
		{"a book", strings.Repeat("9780306406157", 1000), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got, ok := ISBN13(row.text); got != row.want || ok != (row.want != "") {
				t.Errorf("got %q, %v, want %q", got, ok, row.want)
			}
		})
	}
}

func FuzzClassify(f *testing.F) {
	for _, s := range []string{"21112000698132", "A30234000517861B", "978-0-306-40615-7", "9780306406157 51299", "ISBN", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, code string) {
		l := Default().Classify(code)
		if (l.ISBN != "") != (l.Kind == ISBN) || !strings.Contains(code, l.Code) || l.CheckWrong && l.Kind != Card && l.Kind != Item {
			t.Errorf("%q is %+v", code, l)
		}
		if isbn, ok := ISBN13(l.ISBN); l.Kind == ISBN && (!ok || isbn != l.ISBN) {
			t.Errorf("%q: its ISBN %q is none", code, l.ISBN)
		}
	})
}
