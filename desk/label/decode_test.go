package label

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// published are the numbers of public documents: the rows of testdata/barcodes.tsv.
func published(t testing.TB) []Decoded {
	t.Helper()
	data, err := os.ReadFile("testdata/barcodes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []Decoded
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if f[0] == "code" || strings.HasPrefix(line, "#") {
			continue
		}
		if len(f) != 8 {
			t.Fatalf("%q has %d columns", line, len(f))
		}
		d := Decoded{Code: f[0], Kind: Kind(f[1]), Symbology: Symbology(f[2]), Check: Check(f[3]), Scheme: Scheme(f[4]), Canonical: f[5], Tell: []Tell{}}
		for _, tell := range strings.Fields(f[6]) {
			d.Tell = append(d.Tell, Tell(tell))
		}
		all = append(all, d)
	}
	if len(all) != 63 {
		t.Fatalf("%d numbers", len(all))
	}
	return all
}

func TestPublishedNumbers(t *testing.T) {
	for _, want := range published(t) {
		t.Run(want.Code, func(t *testing.T) {
			if got := Default().Decode(want.Code, ""); !same(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func same(a, b Decoded) bool {
	tell := slices.Equal(a.Tell, b.Tell) && a.Tell != nil
	a.Tell, b.Tell = nil, nil
	return tell && fmt.Sprint(a) == fmt.Sprint(b)
}

func TestDecode(t *testing.T) {
	own, err := New(
		[]string{`P [0-9]{1,7}`, `mod10!:2[0-9]{13}`, `[0-9]{6}`},
		[]string{`T [0-9]{1,7}`, `mod43:L[0-9A-Z]{5,6}`, `97[89][0-9]{10}`, `[0-9]{6}`},
	)
	if err != nil {
		t.Fatal(err)
	}
	const none = Unknown
	for _, row := range []struct {
		name      string
		rules     *Rules
		code      string
		aim       string
		kind      Kind
		bars      Symbology
		check     Check
		canonical string // empty: as it is
		tell      string
		scheme    Scheme
		addOn     string
	}{
		{name: "a card in Codabar", code: "21112000698132", aim: "]F0", kind: Card, bars: Codabar, check: Right, scheme: Mod10},
		{name: "a card in Codabar with start and stop", code: "A21112000698132B", aim: "]F0", kind: Card, bars: Codabar, check: Right, scheme: Mod10, canonical: "21112000698132", tell: "ends"},
		{name: "a card with start and stop by their other names", code: "t21112000698132e", kind: Card, bars: Codabar, check: Right, scheme: Mod10, canonical: "21112000698132", tell: "ends"},
		{name: "an item in Code 39 with its asterisks", code: "*31234000010064*", kind: Item, bars: Code39, check: Right, scheme: Mod10, canonical: "31234000010064", tell: "ends"},
		{name: "an item between a letter and an asterisk is in Codabar", code: "A31234000010064*", kind: Item, bars: Codabar, check: Right, scheme: Mod10, canonical: "31234000010064", tell: "ends"},
		{name: "an item whose start is missing", code: "31234000010064B", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "an item in Code 128", code: "30234000517861", aim: "]C0", kind: Item, bars: "code128", check: Right, scheme: Mod10},
		{name: "an item of another first digit", code: "58198000943996", kind: none, check: Right, scheme: Mod10, tell: "no_pattern"}, // NC Cardinal
		{name: "an item of another first digit whose check digit is wrong", code: "58198000943997", kind: none, check: Wrong, scheme: Mod10, tell: "check_digit no_pattern"},
		{name: "an item of another first digit in Codabar with start and stop", code: "A58198000943996D", kind: none, bars: Codabar, check: Right, scheme: Mod10, canonical: "58198000943996", tell: "no_pattern ends"},
		{name: "14 digits in bars that libraries seldom use", code: "58198000943997", aim: "]I0", kind: none, bars: "itf", check: NoCheck, tell: "no_pattern"},
		{name: "14 digits of which the reader says that it checked them", code: "58198000943997", aim: "]I1", kind: none, bars: "itf", check: Right, scheme: ByReader, tell: "no_pattern"},
		{name: "what the reader checked in another way is wrong by the library's", code: "22390000027896", aim: "]F2", kind: Card, bars: Codabar, check: Wrong, scheme: Mod10, tell: "check_digit"},
		{name: "thirteen digits too few for us, in Codabar with start and stop", code: "A2111200069813B", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "any number in Codabar with start and stop, when the reader says Codabar", code: "A301-12/4B", aim: "]F0", kind: none, bars: Codabar, check: NoCheck, canonical: "301-12/4", tell: "no_pattern ends"},
		{name: "letters within start and stop are no Codabar", code: "A21X2B", aim: "]F0", kind: none, bars: Codabar, check: NoCheck, tell: "no_pattern"},

		{name: "an ISBN on the back of a book", code: "9780306406157", aim: "]E0", kind: ISBN, bars: EAN13, check: Right, scheme: GTIN, tell: "isbn"},
		{name: "an ISBN and its price", code: "978030640615751299", aim: "]E3", kind: ISBN, bars: EAN13, check: Right, scheme: GTIN, canonical: "9780306406157", addOn: "51299", tell: "isbn"},
		{name: "an ISBN and its price, of which the reader says nothing", code: "978030640615751299", kind: ISBN, bars: EAN13, check: Right, scheme: GTIN, canonical: "9780306406157", addOn: "51299", tell: "isbn"},
		{name: "an ISBN and its price after a space", code: "9780306406157 51299", kind: ISBN, bars: EAN13, check: Right, scheme: GTIN, canonical: "9780306406157", addOn: "51299", tell: "isbn"},
		{name: "a wrong ISBN and its price after a space", code: "9780306406158 51299", kind: ISBN, bars: EAN13, check: Wrong, scheme: GTIN, canonical: "9780306406158", addOn: "51299", tell: "check_digit isbn"},
		{name: "18 digits that do not begin with an EAN are anything", code: "978030640615851299", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "a price alone", code: "51299", aim: "]E2", kind: AddOn, bars: "ean", check: NoCheck, addOn: "51299", tell: "add_on"},
		{name: "an issue alone", code: "12", aim: "]E1", kind: AddOn, bars: "ean", check: NoCheck, addOn: "12", tell: "add_on"},
		{name: "five digits that nobody calls a price", code: "51299", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "an ISBN in a QR code", code: "9780306406157", aim: "]Q1", kind: ISBN, bars: "qr", check: Right, scheme: GTIN, tell: "isbn"},
		{name: "thirteen digits in Code 128 that are no ISBN may be a library's", code: "4006381333931", aim: "]C0", kind: none, bars: "code128", check: NoCheck, tell: "no_pattern"},
		{name: "a wrong ISBN in Code 128 may be a library's number", code: "9780306406158", aim: "]C0", kind: none, bars: "code128", check: NoCheck, tell: "no_pattern"},
		{name: "thirteen digits in Codabar are no ISBN", code: "9780306406157", aim: "]F0", kind: none, bars: Codabar, check: NoCheck, tell: "no_pattern"},
		{name: "an ISBN as Zebra's readers call it", code: "9780306406157", aim: "]X0", kind: ISBN, bars: EAN13, check: Right, scheme: GTIN, tell: "isbn"},
		{name: "an ISBN of ten digits as Zebra's readers send it", code: "0306406152", aim: "]X0", kind: ISBN, bars: OtherBars, check: Right, scheme: ISBN10, canonical: "9780306406157", tell: "isbn"},
		{name: "an ISBN as it is printed", code: "978-0-306-40615-7", kind: ISBN, check: Right, scheme: GTIN, canonical: "9780306406157", tell: "isbn"},
		{name: "an ISBN as it is printed, and its price", code: "978-0-306-40615-7 51299", kind: ISBN, check: Right, scheme: GTIN, canonical: "9780306406157", addOn: "51299", tell: "isbn"},
		{name: "an ISBN as it is printed, with a slip", code: "978-0-306-40615-8", kind: ISBN, check: Wrong, scheme: GTIN, tell: "check_digit isbn"},
		{name: "an ISBN as it is said", code: "isbn 0-306-40615-2", kind: ISBN, check: Right, scheme: ISBN10, canonical: "9780306406157", tell: "isbn"},
		{name: "an ISBN as it is said, with a slip", code: "ISBN 0306406153", kind: ISBN, check: Wrong, scheme: ISBN10, tell: "check_digit isbn"},
		{name: "an ISBN of ten digits with hyphens and a slip", code: "0-306-40615-3", kind: ISBN, check: Wrong, scheme: ISBN10, tell: "check_digit isbn"},
		{name: "nine digits and an X with a slip", code: "080442958X", kind: ISBN, check: Wrong, scheme: ISBN10, tell: "check_digit isbn"},
		{name: "ten digits that are no ISBN may be a library's", code: "0306406153", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "a phone number is no ISBN", code: "030-6406153", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "printed music", code: "9790260000438", kind: ISMN, bars: EAN13, check: Right, scheme: GTIN, tell: "ismn"},
		{name: "a magazine and its issue", code: "977037859500212", aim: "]E3", kind: ISSN, bars: EAN13, check: Right, scheme: GTIN, canonical: "0378-5955", addOn: "12", tell: "issn"},
		{name: "a magazine whose ISSN ends in X", code: "9772434561006", kind: ISSN, bars: EAN13, check: Right, scheme: GTIN, canonical: "2434-561X", tell: "issn"},
		{name: "a magazine with a slip", code: "9770378595003", kind: ISSN, bars: EAN13, check: Wrong, scheme: GTIN, tell: "check_digit issn"},
		{name: "an ISSN as it is said", code: "ISSN 2434-561x", kind: ISSN, check: Right, scheme: ISSN8, canonical: "2434-561X", tell: "issn"},
		{name: "an ISSN without its hyphen", code: "2434561X", kind: ISSN, check: Right, scheme: ISSN8, canonical: "2434-561X", tell: "issn"},
		{name: "an ISSN with a slip", code: "2434-5611", kind: ISSN, check: Wrong, scheme: ISSN8, tell: "check_digit issn"},
		{name: "a pen with a slip", code: "4006381333932", aim: "]E0", kind: EAN, bars: EAN13, check: Wrong, scheme: GTIN, tell: "check_digit product"},
		{name: "a short EAN", code: "73513537", aim: "]E4", kind: EAN, bars: EAN8, check: Right, scheme: GTIN, tell: "product"},
		{name: "a short EAN with a slip", code: "73513538", aim: "]E4", kind: EAN, bars: EAN8, check: Wrong, scheme: GTIN, tell: "check_digit product"},
		{name: "eight digits that fit nothing are anything", code: "73513538", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "a UPC", code: "036000291452", aim: "]E0", kind: UPC, bars: UPCA, check: Right, scheme: GTIN, tell: "product"},
		{name: "a UPC with a slip", code: "036000291453", kind: UPC, bars: UPCA, check: Wrong, scheme: GTIN, tell: "check_digit product"},
		{name: "a UPC sent as an EAN", code: "0036000291452", kind: UPC, bars: UPCA, check: Right, scheme: GTIN, canonical: "036000291452", tell: "product"},
		{name: "a UPC sent as an EAN with a slip", code: "0036000291453", kind: UPC, bars: UPCA, check: Wrong, scheme: GTIN, tell: "check_digit product"},
		{name: "a UPC and its price", code: "03600029145251299", kind: UPC, bars: UPCA, check: Right, scheme: GTIN, canonical: "036000291452", addOn: "51299", tell: "product"},
		{name: "a UPC and its issue", code: "03600029145212", aim: "]E3", kind: UPC, bars: UPCA, check: Right, scheme: GTIN, canonical: "036000291452", addOn: "12", tell: "product"},
		{name: "a UPC and its issue of which the reader says nothing has the length of a library number", code: "03600029145212", kind: none, check: Wrong, scheme: Mod10, tell: "check_digit no_pattern"},
		{name: "a short UPC", code: "01234565", kind: UPC, bars: UPCE, check: Right, scheme: GTIN, canonical: "012345000065", tell: "product"}, // Worth Data manual
		{name: "a short UPC without its first digit", code: "1234565", aim: "]E0", kind: UPC, bars: UPCE, check: Right, scheme: GTIN, canonical: "012345000065", tell: "product"},
		{name: "a short UPC without its check digit", code: "0123456", aim: "]E0", kind: UPC, bars: UPCE, check: NoCheck, canonical: "012345000065", tell: "product"},
		{name: "a short UPC without both", code: "123456", aim: "]E0", kind: UPC, bars: UPCE, check: NoCheck, canonical: "012345000065", tell: "product"},
		{name: "a short UPC that begins with 1", code: "11234562", aim: "]E0", kind: UPC, bars: UPCE, check: Right, scheme: GTIN, canonical: "112345000062", tell: "product"},
		{name: "a short UPC with a slip", code: "01234566", aim: "]E0", kind: UPC, bars: UPCE, check: Wrong, scheme: GTIN, tell: "check_digit product"},
		{name: "a short UPC and its price", code: "0123456550799", aim: "]E3", kind: UPC, bars: UPCE, check: Right, scheme: GTIN, canonical: "012345000065", addOn: "50799", tell: "product"},
		{name: "six digits of which the reader says nothing", code: "123456", kind: none, check: NoCheck, tell: "no_pattern"},

		{name: "an item of Follett's", code: "T 12345", kind: Item, check: NoCheck, tell: "no_pattern"},
		{name: "an item of Follett's without its space, by Caps Lock", code: "t12345", kind: Item, check: NoCheck, canonical: "T 12345", tell: "no_pattern"},
		{name: "a patron of Follett's", code: "P123", aim: "]A0", kind: Card, bars: Code39, check: NoCheck, canonical: "P 123", tell: "no_pattern"},
		{name: "a textbook of Follett's", code: "X 1", kind: Item, check: NoCheck, tell: "no_pattern"},
		{name: "zeros are digits of Follett's", code: "T00012", kind: Item, check: NoCheck, canonical: "T 00012", tell: "no_pattern"},
		{name: "eight digits are too many for Follett's", code: "X12345678", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "another letter is not Follett's", code: "Q 12345", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "two spaces are not Follett's", code: "T  12345", kind: none, check: NoCheck, tell: "no_pattern"},

		{name: "an article in Code 39", code: "123XYZM", aim: "]A0", kind: none, bars: Code39, check: Right, scheme: Mod43, tell: "no_pattern"},
		{name: "an article in Code 39 with a slip", code: "123XYZN", aim: "]A0", kind: none, bars: Code39, check: NoCheck, tell: "no_pattern"},
		{name: "an article in Code 39 that the reader checked", code: "123XYZN", aim: "]A1", kind: none, bars: Code39, check: Right, scheme: ByReader, tell: "no_pattern"},
		{name: "an article in Code 39 whose check character the reader checked and kept", code: "123XYZ", aim: "]A3", kind: none, bars: Code39, check: Right, scheme: ByReader, tell: "no_pattern"},
		{name: "a word is no Code 39", code: "WORDO", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "what other bars hold has no check character of Code 39", code: "123XYZM", aim: "]C0", kind: none, bars: "code128", check: NoCheck, tell: "no_pattern"},
		{name: "modulus 11 with its +", code: "3123400001003+", kind: none, check: Right, scheme: Mod11, tell: "no_pattern"},
		{name: "a + that does not fit", code: "3123400001004+", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "MSI by modulus 10", code: "12345674", aim: "]M0", kind: none, bars: MSI, check: Right, scheme: Mod10, tell: "no_pattern"},
		{name: "MSI by modulus 11", code: "1573969", aim: "]M0", kind: none, bars: MSI, check: Right, scheme: Mod11, tell: "no_pattern"},
		{name: "MSI by nothing we know", code: "12345675", aim: "]M0", kind: none, bars: MSI, check: NoCheck, tell: "no_pattern"},
		{name: "MSI whose check digit the reader checked and kept", code: "1234567", aim: "]M1", kind: none, bars: MSI, check: Right, scheme: ByReader, tell: "no_pattern"},
		{name: "Plessey with its check characters", code: "0123456789ABCDEF90", aim: "]P0", kind: none, bars: Plessey, check: Right, scheme: PlesseyCRC, tell: "no_pattern"},
		{name: "Plessey without", code: "0123456789ABCDEF", aim: "]P0", kind: none, bars: Plessey, check: NoCheck, tell: "no_pattern"},

		{name: "a record", code: ".i19627919", kind: Sierra, check: Right, scheme: SierraMod, canonical: "i19627919", tell: "record"},
		{name: "a record of eight digits", code: ".b102436447", kind: Sierra, check: Right, scheme: SierraMod, canonical: "b102436447", tell: "record"},
		{name: "a record without its full stop", code: "p1026579x", kind: Sierra, check: Right, scheme: SierraMod, tell: "record"},
		{name: "a record with a slip", code: ".i19627918", kind: Sierra, check: Wrong, scheme: SierraMod, canonical: "i19627918", tell: "check_digit record"},
		{name: "a record without its full stop and with a slip may be something else", code: "i19627918", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "a record whose check digit is not known", code: ".i1962791a", kind: Sierra, check: NoCheck, canonical: "i1962791a", tell: "record"},
		{name: "a record without its check digit", code: ".i1962791", kind: Sierra, check: NoCheck, tell: "record"},
		{name: "a record of no type", code: ".z19627919", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "a full stop before digits is no record", code: ".19627919", kind: none, check: NoCheck, tell: "no_pattern"},

		{name: "a pattern beats Follett's form", rules: own, code: "T12345", kind: Item, check: NoCheck, canonical: "T 12345"},
		{name: "Caps Lock", rules: own, code: "t 12345", kind: Item, check: NoCheck, canonical: "T 12345", tell: "letters"},
		{name: "a library that takes no wrong card", rules: own, code: "22390000027896", kind: Card, check: Wrong, scheme: Mod10, tell: "check_refused"},
		{name: "a library that uses the ISBN as its number", rules: own, code: "978-0-306-40615-7", kind: Item, check: NoCheck, canonical: "9780306406157"},
		{name: "a library that uses Code 39 with modulus 43", rules: own, code: "L1234T", aim: "]A0", kind: Item, bars: Code39, check: Wrong, scheme: Mod43, tell: "check_digit"},
		{name: "a number of cards and of items", rules: own, code: "123456", kind: none, check: NoCheck, tell: "both"},
		{name: "a library without patterns", rules: nil, code: "30234000517861", kind: none, check: Right, scheme: Mod10, tell: "no_pattern"},

		{name: "nothing", code: "", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "an identifier of nothing we know", code: "30234000517861", aim: "]?0", kind: Item, check: Right, scheme: Mod10},
		{name: "digits of another script", code: "٣٠٢٣٤٠٠٠٥١٧٨٦١", kind: none, check: NoCheck, tell: "no_pattern"},
		{name: "bytes that are no text", code: "3023\xff", kind: none, check: NoCheck, tell: "no_pattern"},
	} {
		t.Run(row.name, func(t *testing.T) {
			rules := row.rules
			if rules == nil && row.name != "a library without patterns" {
				rules = Default()
			}
			want := Decoded{Code: row.code, Kind: row.kind, Symbology: row.bars, Check: row.check, Canonical: row.canonical, Scheme: row.scheme, AddOn: row.addOn, Tell: []Tell{}}
			if want.Canonical == "" {
				want.Canonical = row.code
			}
			for _, tell := range strings.Fields(row.tell) {
				want.Tell = append(want.Tell, Tell(tell))
			}
			if got := rules.Decode(row.code, row.aim); !same(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestDecodedIsJSON(t *testing.T) {
	for code, want := range map[string]string{
		"080442957X":     `{"code":"080442957X","kind":"isbn","symbology":"","check":"right","canonical":"9780804429573","tell":["isbn"]}`,
		"30234000517861": `{"code":"30234000517861","kind":"item","symbology":"","check":"right","canonical":"30234000517861","tell":[]}`,
	} {
		got, err := json.Marshal(Default().Decode(code, ""))
		if err != nil || string(got) != want {
			t.Errorf("got  %s, %v\nwant %s", got, err, want)
		}
	}
}

// codes draws codes of all forms, right and wrong, and some that have none.
func codes() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[0-9]{1,20}`),
		rapid.StringMatching(`[23][0-9]{13}`),
		rapid.StringMatching(`(978|979|9790|977|0)[0-9]{9,10}( ?[0-9]{2}| ?[0-9]{5})?`),
		rapid.StringMatching(`[A-Dat-tNn*Ee][0-9]{5,15}[A-DtTN*Ee]`),
		rapid.StringMatching(`[TPXtpxQ] ?[0-9]{1,8}`),
		rapid.StringMatching(`\.?[a-zB]?[0-9]{6,9}[0-9xXa]?`),
		rapid.StringMatching(`(ISBN:? ?|ISSN ?)?[0-9]{1,4}-?[0-9]{3,5}-?[0-9]{3,5}-?[0-9Xx]`),
		rapid.StringMatching(`[0-9A-Z\-. $/+%*]{1,15}`),
		rapid.Map(rapid.StringMatching(`[0-9]{13}`), func(s string) string {
			d, _ := CheckDigit(s)
			return s + string(d)
		}),
		rapid.Map(rapid.StringMatching(`(978|979|977|0|4)[0-9]{11}`), func(s string) string { return s[:12] + string(gtin(s[:12])) }),
		rapid.String(),
	)
}

// identifiers draws what a reader says of the bars.
func identifiers() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.Just(""),
		rapid.SampledFrom([]string{"]E0", "]E1", "]E2", "]E3", "]E4", "]F0", "]F2", "]F4", "]A0", "]A1", "]C0", "]M0", "]P0", "]X0", "]Q1"}),
		rapid.StringMatching(`\][A-Za-z][0-9]`),
	)
}

func TestCanonicalOfCanonicalIsItself(t *testing.T) {
	own, err := New(
		[]string{`P [0-9]{1,7}`, `mod10!:2[0-9]{13}`, `[0-9]{6}`, `I[0-9]{8}`},
		[]string{`T[0-9]{1,7}`, `mod43:[0-9A-Z]{8}`, `97[89][0-9]{10}`, `gtin:[0-9]{12}`, `[0-9]{4}-[0-9]{3}[0-9X]`},
	)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		code, aim := codes().Draw(t, "code"), identifiers().Draw(t, "identifier")
		for _, r := range []*Rules{nil, Default(), own} {
			once := r.Decode(code, aim)
			if again := r.Decode(once.Canonical, aim); again.Canonical != once.Canonical {
				t.Fatalf("%+v, then %+v", once, again)
			}
			if l := r.Classify(code); r.Classify(l.Code).Code != l.Code {
				t.Fatalf("%+v, then %+v", l, r.Classify(l.Code))
			}
		}
	})
}

// What the session and what whoever sets a reader up are told is the same.
func TestClassifyAgreesWithDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { agree(t, Default(), codes().Draw(t, "code")) })
}

func agree(t interface{ Fatalf(string, ...any) }, r *Rules, code string) {
	l, d := r.Classify(code), r.Decode(code, "")
	isbn, ok := ISBN13(code)
	switch {
	case l.Kind != Unknown && l.Kind != d.Kind,
		l.CheckWrong && (d.Check != Wrong || l.Kind != Card && l.Kind != Item),
		l.Refuse != slices.Contains(d.Tell, TellRefused),
		l.Kind == ISBN != (l.ISBN != ""), l.ISBN != "" && l.ISBN != d.Canonical,
		ok && l.Kind == ISBN && l.ISBN != isbn, ok && l.Kind != ISBN && l.Kind != Item && l.Kind != Card:
		t.Fatalf("%q is %+v, and %+v, ISBN %q", code, l, d, isbn)
	}
}

func FuzzDecode(f *testing.F) {
	for _, d := range published(f) {
		f.Add(d.Code, "")
	}
	for _, s := range []string{"A30234000517861B", "*123XYZM*", "T12345", ".i1962791a", "3123400001003+", "978-0-306-40615-7", "ISSN 2434-561x", "\xff"} {
		f.Add(s, "")
	}
	for code, aim := range map[string]string{
		"978030640615751299": "]E3", "51299": "]E2", "0123456": "]E0", "73513537": "]E4", "A301-12/4B": "]F0", "123XYZ": "]A3",
		"12345674": "]M0", "0123456789ABCDEF90": "]P0", "0306406152": "]X0", "9780306406157": "]Q1",
	} {
		f.Add(code, aim)
	}
	own, err := New([]string{`P [0-9]{1,7}`, `mod10!:2[0-9]{13}`, `mod11:A5/(?<number>[0-9]{7})A`}, []string{`T[0-9]{1,7}`, `mod43:[0-9A-Z]{8}`, `plessey:[0-9A-F]{10}`, `I[0-9]{8}`})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, code, aim string) {
		for _, r := range []*Rules{nil, Default(), own} {
			d := r.Decode(code, aim)
			if d.Code != code || !slices.Contains([]Check{Right, Wrong, NoCheck}, d.Check) || d.Tell == nil {
				t.Fatalf("%+v", d)
			}
			if d.Check == Wrong != (slices.Contains(d.Tell, TellCheck) || slices.Contains(d.Tell, TellRefused)) {
				t.Fatalf("nothing is told of the check digit, or too much: %+v", d)
			}
			if (d.Check == NoCheck) != (d.Scheme == "") {
				t.Fatalf("a check digit by nothing, or none by something: %+v", d)
			}
			for i, tell := range d.Tell {
				if slices.Contains(d.Tell[:i], tell) {
					t.Fatalf("told twice: %+v", d)
				}
			}
			if again := r.Decode(d.Canonical, aim); again.Canonical != d.Canonical {
				t.Fatalf("%+v, then %+v", d, again)
			}
			agree(t, r, code)
		}
	})
}

func FuzzNew(f *testing.F) {
	for _, s := range []string{`mod10!:2[0-9]{13}`, `mod11:A5/(?<number>[0-9]{7})A`, `mod12:1`, `a)(b`, `((1{1000}){1000})`, `plessey!:[0-9A-F]+`, ``} {
		f.Add(s, "21112000698132")
	}
	f.Fuzz(func(t *testing.T, pattern, code string) {
		r, err := New([]string{pattern}, []string{pattern})
		if (r == nil) == (err == nil) {
			t.Fatalf("%v and %v", r, err)
		}
		if err != nil {
			return
		}
		if l := r.Classify(code); r.Classify(l.Code).Code != l.Code {
			t.Fatalf("%q: %+v, then %+v", pattern, l, r.Classify(l.Code))
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	r := Default()
	for _, code := range []string{"30234000517861", "9780306406157", "nothing that anybody knows 12"} {
		b.Run(code, func(b *testing.B) {
			for b.Loop() {
				r.Classify(code)
			}
		})
	}
}
