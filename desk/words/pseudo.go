package words

import (
	"strings"
	"sync"
)

var pseudo = sync.OnceValue(func() *Book {
	en := English()
	b := &Book{tag: "x-pseudo", rows: make(map[Key]row, len(en.rows)), plural: en.plural}
	for key, r := range en.rows {
		around := !strings.HasPrefix(string(key), "calendar.")
		b.rows[key] = row{one: foreign(r.one, around), other: foreign(r.other, around)}
	}
	return b
})

// Pseudo gives English in disguise, for tests that look for texts which do not
// come from here: every text stands in ⟦ ⟧ and its vowels carry marks. Values
// stay as they are. The names of days and months have the marks only, so that a
// date is one text.
func Pseudo() *Book { return pseudo() }

// foreign puts marks on the vowels of a text, and brackets around it.
func foreign(t template, around bool) template {
	if t == nil {
		return nil
	}
	marked := make(template, 0, len(t)+2)
	if around {
		marked = append(marked, piece{literal: "⟦"})
	}
	for _, p := range t {
		p.literal = marks.Replace(p.literal)
		if p.optional != nil {
			p.optional = foreign(p.optional, false)
		}
		marked = append(marked, p)
	}
	if around {
		marked = append(marked, piece{literal: "⟧"})
	}
	return marked
}

// marks puts a mark on each vowel.
var marks = strings.NewReplacer(
	"a", "ä", "e", "ë", "i", "ï", "o", "ö", "u", "ü", "y", "ÿ",
	"A", "Ä", "E", "Ë", "I", "Ï", "O", "Ö", "U", "Ü", "Y", "Ÿ",
)
