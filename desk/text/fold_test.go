package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for _, row := range []struct {
		name string
		text string
		want string
	}{
		{"a plain name", "Smith", "smith"},
		{"a folded name stays", "smith john", "smith john"},
		{"umlauts", "Müller", "muller"},
		{"umlauts of two code points", "Mu\u0308ller", "muller"},
		{"sharp s", "Weiß", "weiss"},
		{"capital sharp s", "WEIẞ", "weiss"},
		{"Polish l", "Łukasz Wałęsa", "lukasz walesa"},
		{"Danish o and a", "Søren Ægidius Ångström", "soren aegidius angstrom"},
		{"Croatian d", "Đorđe", "dorde"},
		{"Icelandic", "Þórður", "thordur"},
		{"Turkish", "İpek Işık", "ipek isik"},
		{"a ligature", "ﬁction", "fiction"},
		{"full width", "ＡＢＣ　１２", "abc 12"},
		{"an apostrophe", "O'Brien", "o brien"},
		{"another apostrophe", "O’Brien", "o brien"},
		{"a hyphen", "Garcia-Lorca,  F.", "garcia lorca f"},
		{"a transcription", "Qurʼān", "qur an"},
		{"an address", "Ann.Lee@example.org", "ann lee example org"},
		{"a language", "C++", "c++"},
		{"Greek", "Όμηρος", "ομηροσ"},
		{"Russian", "Ёлка", "елка"},
		{"Hebrew points", "שָׁלוֹם", "שלום"},
		{"Arabic vowels", "مُحَمَّد", "محمد"},
		{"Devanagari stays", "हिन्दी", "हिन्दी"},
		{"Japanese voicing stays", "が", "が"},
		{"half-width Japanese", "ｶﾞ", "ガ"},
		{"Korean stays", "한국", "한국"},
		{"Chinese stays", "紅樓夢", "紅樓夢"},
		{"what nobody sees", "An\u200bn\u00ada\x00", "anna"},
		{"only punctuation", "...", ""},
		{"nothing", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := Fold(row.text); got != row.want {
				t.Errorf("got %+q, want %+q", got, row.want)
			}
		})
	}
}

func checkFold(t interface{ Fatalf(string, ...any) }, s string) {
	got := Fold(s)
	switch {
	case !utf8.ValidString(got):
		t.Fatalf("%+q: %+q is not UTF-8", s, got)
	case strings.Join(strings.Fields(got), " ") != got:
		t.Fatalf("%+q: %+q has white space to spare", s, got)
	case Fold(got) != got:
		t.Fatalf("%+q: %+q folds to %+q", s, got, Fold(got))
	}
}

func TestFoldHoldsForAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkFold(t, hostile().Draw(t, "text")) })
}

// Every character alone, since that is where the tables of Unicode surprise.
func TestFoldHoldsForAnyCharacter(t *testing.T) {
	for r := range rune(0x20000) {
		if s := string(r); Fold(Fold(s)) != Fold(s) {
			t.Errorf("%U folds to %+q, which folds to %+q", r, Fold(s), Fold(Fold(s)))
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Müller", "O'Brien", "Weiß", "한국", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFold(t, s) })
}
