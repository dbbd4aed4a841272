package load_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/load"
)

// listed is when the list was made.
var listed = time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)

func blockFile(file string) load.File {
	return load.BlockFile("list.txt", strings.NewReader(file), load.BlockOptions{At: listed})
}

// standing gives the texts of the blocks of whoever has the card.
func (l *library) standing(card string) (texts []string) {
	l.t.Helper()
	k := one[circ.Card](l, circ.ByKey(circ.KindCard, card))
	for _, row := range l.find(circ.In(circ.BlocksOf, string(k.Patron), 20)) {
		texts = append(texts, row.(circ.Block).Text)
	}
	slices.Sort(texts)
	return texts
}

func TestBlockList(t *testing.T) {
	const (
		barred = "block list: barred"
		gone   = "block list: the card was reported lost"
	)
	l := newLibrary(t)
	l.loads(patronFile("p.csv", "card,surname\n2001,Jones\n2002,Silva\n"))
	k := one[circ.Card](l, circ.ByKey(circ.KindCard, "2002"))
	l.put(circ.Block{ID: "by hand", Patron: k.Patron, Text: "ask for the keys", At: listed})
	for _, step := range []struct {
		name, file string
		counts     load.Counts
		stand      map[string][]string
	}{
		{
			"two cards, one of nobody", "2001 B\n2001 L\n7777 B\nnonsense\n2001 B\n",
			load.Counts{Read: 5, Blocks: 3, Skipped: 2, Troubles: 2},
			map[string][]string{"2001": {barred, gone}, "2002": {"ask for the keys"}, "7777": {barred}},
		},
		{
			"the next list lifts what it does not have", "2001 B\n", load.Counts{Read: 1, Blocks: 1},
			map[string][]string{"2001": {barred}, "2002": {"ask for the keys"}, "7777": nil},
		},
		{
			"what was lifted stands again", "2001 L\n7777 B\n", load.Counts{Read: 2, Blocks: 2},
			map[string][]string{"2001": {gone}, "2002": {"ask for the keys"}, "7777": {barred}},
		},
	} {
		if r := l.loads(blockFile(step.file)); r.Counts != step.counts || r.Kind != circ.KindBlock {
			t.Errorf("%s: it reports %+v", step.name, r)
		}
		for card, want := range step.stand {
			if got := l.standing(card); !slices.Equal(got, want) {
				t.Errorf("%s: against %s stands %q, not %q", step.name, card, got, want)
			}
		}
	}
	if r := l.loads(blockFile("2001 L\n7777 B\n")); !r.Unchanged {
		t.Errorf("the same list again: %+v", r)
	}
}

// A card that a desk has given to somebody is blocked, whoever made the record.
func TestABlockListSpeaksOfTheOwnerOfACard(t *testing.T) {
	l := newLibrary(t)
	l.does(circ.Register{Patron: circ.Patron{Card: "2001", Family: "Okafor", Given: "Lee"}})
	owner := one[circ.Card](l, circ.ByKey(circ.KindCard, "2001")).Patron
	r := l.loads(blockFile("2001 E\n"))
	if k := one[circ.Card](l, circ.ByKey(circ.KindCard, "2001")); k.Patron != owner || r.Counts.Skipped != 0 {
		t.Errorf("the card is that of %s, and was that of %s; %+v", k.Patron, owner, r)
	}
	if got := l.standing("2001"); !slices.Equal(got, []string{"block list: the card has expired"}) {
		t.Errorf("against it stands %q", got)
	}
	if p := one[circ.Patron](l, circ.ByKey(circ.KindPatron, string(owner))); p.Family != "Okafor" {
		t.Errorf("the owner is %+v", p)
	}
}
