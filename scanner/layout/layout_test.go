package layout

import (
	"slices"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// must returns a layout that is there.
func must(name string) *Layout {
	l, ok := Find(name)
	if !ok {
		panic(name)
	}
	return l
}

func TestRune(t *testing.T) {
	for _, row := range []struct {
		layout string
		level  Level
		from   Key
		want   string // of the keys from there on; a blank: nothing
	}{
		{"us", Plain, 0x04, "abcdefghijklmnopqrstuvwxyz1234567890"},
		{"us", Shift, 0x04, "ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()"},
		{"us", Plain, 0x2D, "-=[]\\\\;'`,./"},
		{"us", Shift, 0x2D, "_+{}||:\"~<>?"},
		{"us", Plain, 0x64, "\\"},
		{"us", AltGr, 0x04, "                                    "},
		{"uk", Shift, 0x1E, "!\"£$%^&*()"},
		{"uk", Shift, 0x2D, "_+{}~~:@¬<>?"},
		{"uk", AltGr, 0x21, "€"},
		{"de", Plain, 0x1C, "zy1234567890"},
		{"de", Shift, 0x1C, "ZY!\"§$%&/()="},
		{"de", Plain, 0x2D, "ß\u0301ü+##öä\u0302,.-"},
		{"de", Shift, 0x2D, "?\u0300Ü*''ÖÄ°;:_"},
		{"de", Plain, 0x64, "<"},
		{"de", AltGr, 0x14, "@"},
		{"de", AltGr, 0x24, "{[]}"},
		{"de", AltGr, 0x2D, "\\  ~"},
		{"de", AltGr, 0x64, "|"},
		{"fr", Plain, 0x04, "q"},
		{"fr", Plain, 0x10, ","},
		{"fr", Shift, 0x10, "?"},
		{"fr", Plain, 0x14, "a"},
		{"fr", Plain, 0x1A, "zxyw&é\"'(-è_çà"},
		{"fr", Shift, 0x1A, "ZXYW1234567890"},
		{"fr", AltGr, 0x1F, "~#{[|`\\^@"},
		{"fr", Plain, 0x2D, ")=\u0302$**mù²;:!"},
		{"fr", Shift, 0x2D, "°+\u0308£µµM% ./§"},
		{"fr", AltGr, 0x2D, "]} ¤"},
		{"fr", Shift, 0x64, ">"},
	} {
		l := must(row.layout)
		for i, want := range []rune(row.want) {
			if want == ' ' {
				want = 0
			}
			if got := l.Rune(row.from+Key(i), row.level); got != want {
				t.Errorf("%s, key %x, level %d: %q, want %q", row.layout, row.from+Key(i), row.level, got, want)
			}
		}
	}
	for _, l := range all() {
		if l.Rune(Space, Plain) != ' ' || l.Rune(Space, levels) != 0 || l.Rune(0, Plain) != 0 || l.Rune(Enter, Plain) != 0 {
			t.Errorf("%s: blank, Enter, no key or no level", l.name)
		}
	}
}

func TestFind(t *testing.T) {
	for _, name := range Names() {
		if l, ok := Find(name); !ok || l.Name() != name {
			t.Errorf("%s is not found", name)
		}
	}
	if l, ok := Find(""); !ok || l.Name() != "us" {
		t.Error("no name is not us")
	}
	if _, ok := Find("US"); ok {
		t.Error("US is found")
	}
}

func TestCompose(t *testing.T) {
	for _, row := range []struct {
		dead, r rune
		want    string
	}{
		{'\u0302', 'a', "â"},
		{'\u0301', 'E', "É"},
		{'\u0308', 'u', "ü"},
		{'\u0302', ' ', "^"},
		{'\u0300', ' ', "`"},
		{'\u0301', 0, "´"},
		{'\u0302', '1', "^1"},
		{'\u0303', 'n', "ñ"},
	} {
		if got := Compose(row.dead, row.r); got != row.want || !Dead(row.dead) || Dead(row.r) {
			t.Errorf("%q and %q: %q, want %q", row.dead, row.r, got, row.want)
		}
	}
}

func TestRetype(t *testing.T) {
	for _, row := range []struct {
		name     string
		text     string
		from, to string
		want     string // "": not ok
	}{
		{"digits on a French keyboard", "à&é\"'(-è_ç", "fr", "us", "0123456789"},
		{"Code 39 on a French keyboard", "LIB)àààé", "fr", "us", "LIB-0002"},
		{"Code 39 on a German keyboard", "LIBß00042", "de", "us", "LIB-00042"},
		{"Z and Y change places", "ZY zy", "de", "us", "YZ yz"},
		{"a French scanner on an American keyboard", "!@#", "us", "fr", "123"},
		{"the same keyboard", "A-1/b", "us", "us", "A-1/b"},
		{"a blank and controls stay", " 1\t\r", "us", "de", " 1\t\r"},
		{"a character that is on no key", "Ω", "de", "us", ""},
		{"a key that gives nothing there", "~", "us", "fr", ""},
		{"a dead key", "[", "us", "fr", ""},
		{"nothing", "", "us", "fr", ""},
	} {
		got, ok := Retype(row.text, must(row.from), must(row.to))
		if got != row.want || ok != (row.want != "" || row.text == "") {
			t.Errorf("%s: %q, %v", row.name, got, ok)
		}
	}
}

// What one keyboard made of the keys of another is mended by typing it back.
func TestRetypeGoesBack(t *testing.T) {
	names := Names()
	rapid.Check(t, func(t *rapid.T) {
		from, to := must(rapid.SampledFrom(names).Draw(t, "from")), must(rapid.SampledFrom(names).Draw(t, "to"))
		text := rapid.StringOf(rapid.RuneFrom([]rune("0123456789ABCXYZ-./ abcxyz"))).Draw(t, "text")
		there, ok := Retype(text, from, to)
		if !ok {
			return
		}
		if back, ok := Retype(there, to, from); !ok || back != text {
			t.Fatalf("%s to %s: %q, %q, %q, %v", from.name, to.name, text, there, back, ok)
		}
	})
}

// No character of a layout is a surprise to the eye, and every table is full.
func TestTables(t *testing.T) {
	for _, l := range all() {
		for _, k := range order {
			plain, shift := l.Rune(k, Plain), l.Rune(k, Shift)
			if plain == 0 || shift == 0 && plain != '²' {
				t.Errorf("%s: key %x gives %q, %q", l.name, k, plain, shift)
			}
			if unicode.IsLower(plain) && unicode.IsUpper(shift) && unicode.ToUpper(plain) != shift {
				t.Errorf("%s: key %x gives %q and %q", l.name, k, plain, shift)
			}
		}
		for r := 'a'; r <= 'z'; r++ {
			for _, r := range []rune{r, unicode.ToUpper(r)} {
				if p, ok := l.keys[r]; !ok || l.Rune(p.key, p.level) != r {
					t.Errorf("%s has no %q", l.name, r)
				}
			}
		}
		for r := '0'; r <= '9'; r++ {
			if _, ok := l.keys[r]; !ok {
				t.Errorf("%s has no %q", l.name, r)
			}
		}
	}
	if !slices.Equal(Names(), []string{"us", "uk", "de", "fr"}) {
		t.Errorf("names %q", Names())
	}
}
