package main

import (
	"circdesk/cmd/internal/sample"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// tour is what a newcomer may try. Empty: there is none.
type tour struct {
	library policy.LibraryID // where the desk stands
	sample.Tour
}

// lines say what to try, a line each.
func (t tour) lines(w *words.Book, plain bool) []string {
	say := func(key words.Key, args ...string) string {
		for i := 1; i < len(args); i += 2 {
			if args[i] == "" {
				return ""
			}
		}
		return w.Text(key, args...)
	}
	back, pull := words.DemoTryBack, words.DemoTryPull
	if plain {
		back, pull = words.DemoTryBackPlain, words.DemoTryPullPlain
	}
	all := []string{
		say(words.DemoTryLend, "card", t.Lend, "item", t.LendItem),
		say(words.DemoTryOwes, "card", t.Owes),
		say(words.DemoTryExpired, "card", t.Expired),
		say(words.DemoTryLost, "card", t.Lost),
		say(words.DemoTryHeld, "item", t.HeldItem),
		say(back, "item", t.BackItem),
		say(pull),
	}
	lines := []string{w.Text(words.DemoTryLead)}
	for _, l := range all {
		if l != "" {
			lines = append(lines, "  "+l)
		}
	}
	return lines
}
