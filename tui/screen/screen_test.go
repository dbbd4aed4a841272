package screen

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/label"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

func plain() *Env {
	return &Env{
		Words: words.English(), Labels: label.Default(), Now: time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC),
		State: desk.State{Operator: "Ana K."},
	}
}

func TestAScanIsTakenOutOfAReason(t *testing.T) {
	for _, row := range []struct {
		name       string
		line       string
		rest, scan string
	}{
		{"nothing but a reason", "pays tomorrow", "pays tomorrow", ""},
		{"an item behind a reason", "pays tomorrow31234000000017", "pays tomorrow", "31234000000017"},
		{"an item behind a reason and a blank", "pays tomorrow 31234000000017", "pays tomorrow", "31234000000017"},
		{"a card alone", "21234000000010", "", "21234000000010"},
		{"a code of no pattern alone", "AB-00171", "", "AB-00171"},
		{"a reason of one word", "sick", "sick", ""},
		{"a reason with a number", "note 17", "note 17", ""},
		{"a digit before the item", "row 731234000000017", "row 7", "31234000000017"},
		{"nothing", "", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if rest, scan := plain().Split(row.line); rest != row.rest || scan != row.scan {
				t.Errorf("got %q and %q", rest, scan)
			}
		})
	}
}

func TestWhatIsNoNumberOfTheLibraryStaysInAForm(t *testing.T) {
	for _, line := range []string{"2027-12-31", "555 0142", "12345", "13.20", "5550142555", "AB-00171"} {
		if rest, scan := plain().Scanned(line); scan != "" || rest != line {
			t.Errorf("%q became %q and %q", line, rest, scan)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "ok31234000000017", "\xff31234000000017", strings.Repeat("3", 5000), "é\u0301 21234000000010 "} {
		f.Add(s)
	}
	env := plain()
	f.Fuzz(func(t *testing.T, line string) {
		rest, scan := env.Split(line)
		if scan != "" && !strings.Contains(line, scan) || !strings.HasPrefix(line, rest) {
			t.Errorf("%q became %q and %q", line, rest, scan)
		}
	})
}

func TestAListKeepsTheLatestAndTheirChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		env, lines := plain(), Lines{}
		want := map[string]string{}
		n := 0
		for range rapid.IntRange(1, 2000).Draw(rt, "lines") {
			k := n
			if n > 0 && rapid.IntRange(0, 3).Draw(rt, "again") == 0 {
				k = max(n-rapid.IntRange(1, 5).Draw(rt, "back"), 0)
			} else {
				n++
			}
			key := fmt.Sprint(k)
			want[key] = fmt.Sprintf("title %d", rapid.IntRange(0, 9).Draw(rt, "title"))
			lines.Put(env, key, desk.Outcome{N: int64(k), Final: true, Word: desk.WordOut, Title: want[key]})
		}
		if lines.Len() > kept+kept/4 || lines.Len() < min(n, kept) {
			rt.Fatalf("%d lines of %d", lines.Len(), n)
		}
		for key, o := range lines.said {
			if o.Title != want[key] {
				rt.Fatalf("line %s says %q, want %q", key, o.Title, want[key])
			}
		}
		if !lines.Has(fmt.Sprint(n - 1)) {
			rt.Fatal("the last line is gone")
		}
		view := lines.View(env, 80, 5)
		if len(view) != 5 || !strings.Contains(view[4], want[fmt.Sprint(n-1)]) {
			rt.Fatalf("shows %q", view)
		}
	})
}

func TestEachOutcomeHasALineOfItsOwn(t *testing.T) {
	o := desk.Outcome{N: 7, Then: []desk.Outcome{{N: 7, Title: "a"}, {Title: "b"}, {N: 5, Title: "c", Then: []desk.Outcome{{N: 5, Title: "d"}}}}}
	var keys []string
	Each(o, func(key string, o desk.Outcome) {
		keys = append(keys, key+o.Title)
		if len(o.Then) > 0 {
			t.Errorf("line %s still has others in it", key)
		}
	})
	if got := strings.Join(keys, " "); got != "7 7/0a 7/1b 5c 5/0d" {
		t.Error(got)
	}
}

func TestTheEndOfANumberIsShort(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.String().Draw(rt, "code")
		if n := utf8.RuneCountInString(Tail(s)); n > 5 {
			rt.Errorf("%q has %d characters", Tail(s), n)
		}
	})
	if Tail("31234000000017") != "…0017" || Tail("12345") != "12345" {
		t.Error(Tail("31234000000017"), Tail("12345"))
	}
}

func TestABookdropDay(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Skip("no zones on this system")
	}
	env := plain()
	env.Zone = zone
	for _, row := range []struct {
		name, typed string
		want        time.Time
		wrong       words.Key
	}{
		{"a day and a time are the library's", "21.11. 18:00", time.Date(2026, 11, 21, 23, 0, 0, 0, time.UTC), ""},
		{"a day alone is its end", "21.11.", time.Date(2026, 11, 22, 4, 59, 0, 0, time.UTC), ""},
		{"today is now", "today", env.Now, ""},
		{"yesterday, counted", "-1", time.Date(2026, 11, 23, 4, 59, 0, 0, time.UTC), ""},
		{"no time of day", "21.11. 25:00", time.Time{}, words.FormBadDate},
		{"no day", "31.2.", time.Time{}, words.FormNoSuchDay},
		{"no date", "soon", time.Time{}, words.FormBadDate},
	} {
		t.Run(row.name, func(t *testing.T) {
			at, wrong := Moment(env, row.typed)
			if row.wrong != "" {
				if wrong != env.Words.Text(row.wrong) {
					t.Errorf("wrong: %q", wrong)
				}
				return
			}
			if wrong != "" || !at.Equal(row.want) {
				t.Errorf("got %v %q, want %v", at, wrong, row.want)
			}
		})
	}
}

func TestACardIsValidOnTheDayThatWasTyped(t *testing.T) {
	env := plain()
	until, wrong := UntilEndOf(env, "2027-12-31")
	if wrong != "" || env.LastDay(until) != env.Date(time.Date(2027, 12, 31, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("%v %q shows %s", until, wrong, env.LastDay(until))
	}
}

func TestEveryWordHasItsLook(t *testing.T) {
	for _, row := range []struct {
		word  desk.Word
		role  kit.Role
		sound kit.Sound
	}{
		{desk.WordOut, kit.Good, kit.SoundGood},
		{desk.WordIn, kit.Good, kit.SoundGood},
		{desk.WordHold, kit.Held, kit.SoundHeld},
		{desk.WordTransit, kit.Transit, kit.SoundTransit},
		{desk.WordRenewed, kit.Renewed, kit.SoundGood},
		{desk.WordStop, kit.Stop, kit.SoundStop},
		{desk.WordAsk, kit.Ask, kit.SoundAsk},
		{desk.WordAgain, kit.Info, kit.SoundDouble},
		{desk.WordCard, kit.Info, kit.SoundHeld},
	} {
		o := desk.Outcome{Final: true, Word: row.word}
		if Role(o) != row.role || Sound(o) != row.sound {
			t.Errorf("%s: %v %v", row.word, Role(o), Sound(o))
		}
		o.Differs = true
		if Sound(o) != kit.SoundStop {
			t.Errorf("%s that differs does not sound as a stop", row.word)
		}
		if o.Final = false; Role(o) != kit.Pending {
			t.Errorf("%s that is not final does not look so", row.word)
		}
	}
}

func TestAPatronWithoutAnythingFitsThePanel(t *testing.T) {
	env := plain()
	env.State.Visit = &desk.Visit{Patron: desk.Patron{Patron: circ.Patron{ID: "p1"}}}
	if got := Panel(env, 80); len(got) != panelHeight || !strings.Contains(got[1], "0 out") {
		t.Errorf("%q", got)
	}
}

func TestEveryWordCanBeReadFromAfar(t *testing.T) {
	for _, w := range []desk.Word{
		desk.WordPatron, desk.WordOut, desk.WordIn, desk.WordHold, desk.WordTransit, desk.WordStaff, desk.WordRenewed, desk.WordStop, desk.WordCard,
		desk.WordItem, desk.WordDone, desk.WordPaid, desk.WordUndone, desk.WordAgain,
	} {
		for _, final := range []bool{true, false} {
			word := plain().SayWord(desk.Outcome{Word: w, Final: final})
			lines, ok := Banner(word)
			if !ok || len(lines) != BannerHeight {
				t.Errorf("%s: %d lines, %v", word, len(lines), ok)
				continue
			}
			for _, l := range lines {
				if n := utf8.RuneCountInString(l); n != utf8.RuneCountInString(lines[0]) || n > 60 {
					t.Errorf("%s: a line of %d", word, n)
				}
			}
		}
	}
	if _, ok := Banner("貸出"); ok {
		t.Error("letters that are not drawn were drawn")
	}
}

func TestLettersDiffer(t *testing.T) {
	seen := map[string]rune{}
	for r, g := range glyphs {
		if other, twice := seen[g]; twice {
			t.Errorf("%c looks like %c", r, other)
		}
		seen[g] = r
		for _, row := range strings.Fields(g) {
			if len(strings.Fields(g)) != 5 || len(row) != len(strings.Fields(g)[0]) {
				t.Errorf("%c is crooked", r)
			}
		}
	}
}

func TestAnInstantOfTheLastDaysIsShort(t *testing.T) {
	env := plain() // Monday 23 November, 14:05
	for _, row := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"today", env.Now.Add(-time.Hour), "13:05"},
		{"yesterday", env.Now.AddDate(0, 0, -1), "Sun 14:05"},
		{"a week ago it could be taken for today", env.Now.AddDate(0, 0, -7), "Mon 16 Nov 14:05"},
		{"tomorrow, by a clock that was ahead", env.Now.AddDate(0, 0, 1), "Tue 24 Nov 14:05"},
		{"never", time.Time{}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := env.Lately(row.at); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}
