package label

import (
	"strings"
	"testing"
)

func TestClassify(t *testing.T) {
	own, err := New(
		[]string{`P [0-9]{1,7}`, `2[0-9]{9}`, `[0-9]{6}`},
		[]string{`T [0-9]{1,7}`, `mod10:3[0-9]{13}`, `97[89][0-9]{10}`, `[0-9]{6}`, `a|b`},
	)
	if err != nil {
		t.Fatal(err)
	}
	mixed, err := New(
		[]string{`mod10!:2[0-9]{13}`, `mod11:A5/(?<number>[0-9]{7})A`},
		[]string{`3[0-9]{13}`, `mod10:[34][0-9]{13}`, `mod11!:5[0-9]{7}`, `mod11-9:5[0-9]{7}`},
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
		{"a number of another first digit", Default(), "58198000943996", Label{Kind: Unknown, Code: "58198000943996"}},
		{"a number too short", Default(), "3023400051786", Label{Kind: Unknown, Code: "3023400051786"}},
		{"a number too long", Default(), "302340005178611", Label{Kind: Unknown, Code: "302340005178611"}},
		{"a number in other digits", Default(), "٣٠٢٣٤٠٠٠٥١٧٨٦١", Label{Kind: Unknown, Code: "٣٠٢٣٤٠٠٠٥١٧٨٦١"}},
		{"two lines", Default(), "30234000517861\n", Label{Kind: Unknown, Code: "30234000517861\n"}},
		{"the ISBN on the back", Default(), "9780306406157", Label{Kind: ISBN, Code: "9780306406157", ISBN: "9780306406157"}},
		{"the ISBN of an old book", Default(), "080442957X", Label{Kind: ISBN, Code: "080442957X", ISBN: "9780804429573"}},
		{"a pen", Default(), "4006381333931", Label{Kind: EAN, Code: "4006381333931"}},
		{"a word", Default(), "hello", Label{Kind: Unknown, Code: "hello"}},
		{"nothing", Default(), "", Label{Kind: Unknown}},
		{"a number of another first digit with Codabar's start and stop", Default(), "a58198000943996d", Label{Kind: Unknown, Code: "58198000943996"}},
		{"a number of another first digit whose check digit is wrong is none of ours", Default(), "58198000943997", Label{Kind: Unknown, Code: "58198000943997"}},
		{"the ISBN and the issue", Default(), "978030640615712", Label{Kind: ISBN, Code: "978030640615712", ISBN: "9780306406157"}},
		{"a magazine", Default(), "9770378595002", Label{Kind: ISSN, Code: "9770378595002"}},
		{"printed music", Default(), "9790260000438", Label{Kind: ISMN, Code: "9790260000438"}},
		{"a film", Default(), "036000291452", Label{Kind: UPC, Code: "036000291452"}},
		{"a film whose check digit is wrong", Default(), "036000291453", Label{Kind: Unknown, Code: "036000291453"}},
		{"the number of a record", Default(), ".i19627919", Label{Kind: Sierra, Code: ".i19627919"}},
		{"a short number of Follett's is no library's own without a pattern", Default(), "T 12345", Label{Kind: Unknown, Code: "T 12345"}},

		{"a card of the library's own form", own, "P 123", Label{Kind: Card, Code: "P 123"}},
		{"an item of the library's own form", own, "T 12345", Label{Kind: Item, Code: "T 12345"}},
		{"a form fits the whole code or not at all", own, "xT 12345", Label{Kind: Unknown, Code: "xT 12345"}},
		{"either side of a choice fits the whole code", own, "ax", Label{Kind: Unknown, Code: "ax"}},
		{"a choice", own, "b", Label{Kind: Item, Code: "b"}},
		{"a form without a check digit has none that is wrong", own, "2000000001", Label{Kind: Card, Code: "2000000001"}},
		{"a card whose space the reader dropped", own, "P123", Label{Kind: Card, Code: "P 123"}},
		{"a number of another letter keeps its form", own, "X123", Label{Kind: Unknown, Code: "X123"}},
		{"Caps Lock finds the card, and does not decide", own, "p 123", Label{Kind: Unknown, Code: "P 123"}},
		{"Caps Lock and a dropped space", own, "p123", Label{Kind: Unknown, Code: "P 123"}},
		{"a card of ten digits with start and stop", own, "B2000000001D", Label{Kind: Card, Code: "2000000001"}},
		{"a few digits between two letters are no start and stop", own, "A2C", Label{Kind: Unknown, Code: "A2C"}},
		{"a number that two patterns of items fit needs one check digit", mixed, "30234000517862", Label{Kind: Item, Code: "30234000517862"}},
		{"a number without a check digit, of a library that has others", mixed, "40234000517862", Label{Kind: Item, Code: "40234000517862", CheckWrong: true}},
		{"a wrong check digit that the library does not take", mixed, "22390000027896", Label{Kind: Card, Code: "22390000027896", CheckWrong: true, Refuse: true}},
		{"a right one", mixed, "21112000698132", Label{Kind: Card, Code: "21112000698132"}},
		{"a check digit of a part of the number", mixed, "A5/1573969A", Label{Kind: Card, Code: "A5/1573969A"}},
		{"a wrong check digit of a part", mixed, "A5/1573968A", Label{Kind: Card, Code: "A5/1573968A", CheckWrong: true}},
		{"a wrong check digit that one of two patterns only warns of", mixed, "51234565", Label{Kind: Item, Code: "51234565", CheckWrong: true}},
		{"a number that the first of two patterns fits", mixed, "51234561", Label{Kind: Item, Code: "51234561"}},
		{"a number that the second of two patterns fits", mixed, "51234564", Label{Kind: Item, Code: "51234564"}},
		{"a form with a check digit", own, "30234000517862", Label{Kind: Item, Code: "30234000517862", CheckWrong: true}},
		{"a form of cards and of items decides nothing", own, "123456", Label{Kind: Unknown, Code: "123456"}},
		{"a library that uses the ISBN as its number", own, "9780306406157", Label{Kind: Item, Code: "9780306406157"}},
		{"a library that uses the ISBN as its number, of an old book", own, "0306406152", Label{Kind: Item, Code: "9780306406157"}},
		{"no rules", nil, "30234000517861", Label{Kind: Unknown, Code: "30234000517861"}},
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
		"nothing behind the check":      "mod10:",
		"a check that nobody knows":     "mod12:[0-9]{7}",
		"a check of other letters":      "mod10x!:[0-9]{7}",
		"a check that no label has":     "mod:[0-9]{7}",
		"a part without a check":        "A(?<number>[0-9]{7})",
		"a pattern as long as a book":   strings.Repeat("1", maxPattern+1),
		"a repetition that never stops": `((1{1000}){1000})`,
		"repetitions that take minutes": strings.Repeat(`(1?){1000}`, 9),
	} {
		if _, err := New([]string{pattern}, nil); err == nil {
			t.Errorf("%s: cards take it", name)
		}
		if _, err := New(nil, []string{`3[0-9]{13}`, pattern}); err == nil || !strings.Contains(err.Error(), "pattern 2") {
			t.Errorf("%s: items say %v", name, err)
		}
	}
}
