package names

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"circdesk/desk/text"
)

// Answer is what a search has found.
type Answer struct {
	// IDs are those whose names fit, the likeliest first: who is called as was typed
	// from the beginning, then who has the words in any order, then who has it in the
	// middle; each in the order of names.
	IDs []string
	// Near are names with one letter other than what was typed, the likeliest first.
	Near []Near
	// Whole: the index was. Otherwise there may be more.
	Whole bool
}

// Near is a word that is much like one that was typed, and who is called so.
type Near struct {
	Word   string // folded
	Query  string // what was typed, with the word in the place of the one it is like
	People int    // how many there are, about
	ID     string // of one of them
}

// Folded gives a text as names are compared.
func Folded(s string) string { return clip(text.Fold(s)) }

// Match says how a name fits what was typed.
type Match int

// The ways in which a name fits.
const (
	No    Match = iota
	Begin       // the name begins so
	Words       // each word that was typed begins another word of it
	Part        // it holds what was typed somewhere
	Like        // it would, but for one letter
)

// Fits says how a name fits what was typed; neither need be folded.
func Fits(query, name string) Match {
	query, name = Folded(query), Folded(name)
	typed := strings.Fields(query)
	switch {
	case len(typed) == 0 || name == "":
		return No
	case strings.HasPrefix(name, query):
		return Begin
	case hasWords([]byte(name), typed, -1):
		return Words
	case len(query) >= leastPart && strings.Contains(name, query):
		return Part
	}
	for i, w := range typed {
		if !mayErr(w) || !hasWords([]byte(name), typed, i) {
			continue
		}
		for _, word := range strings.Fields(name) {
			if oneOff([]byte(word), []byte(w)) {
				return Like
			}
		}
	}
	return No
}

// hasWords reports whether each of some words begins another word of a name, but for
// one of them.
func hasWords(name []byte, typed []string, but int) bool {
	var used uint64
	for i, w := range typed {
		if i == but {
			continue
		}
		n, at, found := 0, 0, false
		for at < len(name) && n < 64 {
			if used&(1<<n) == 0 && bytes.HasPrefix(name[at:], []byte(w)) {
				used |= 1 << n
				found = true
				break
			}
			next := bytes.IndexByte(name[at:], ' ')
			if next < 0 {
				break
			}
			at += next + 1
			n++
		}
		if !found {
			return false
		}
	}
	return true
}

// leastPart is how many bytes are looked for in the middle of words.
const leastPart = 2

// The bounds of a search: how many places are looked at of words that are typed
// together, and how many that hold a part.
const (
	mostPlaces = 1 << 16
	mostParts  = 1 << 10
)

// Find looks for at most n people, and at most n names that are near, by a name as it
// is typed. An empty one finds nobody.
func (x *Index) Find(query string, n int) Answer {
	s := x.look()
	a := Answer{Whole: s.whole}
	query = Folded(query)
	typed := strings.Fields(query)
	if len(typed) == 0 || n <= 0 {
		return a
	}
	f := finding{n: n, seen: map[string]bool{}}
	f.take(s.begins(query, 2*n))
	if len(f.ids) < n {
		f.take(s.words(typed, n))
	}
	if len(f.ids) < n && len(query) >= leastPart {
		f.take(s.parts(query))
	}
	a.IDs = f.ids
	a.Near = s.near(typed, n)
	return a
}

// Prefix gives at most n people whose names begin as was typed, in the order of names.
func (x *Index) Prefix(query string, n int) []string {
	query = Folded(query)
	if query == "" {
		return nil
	}
	f := finding{n: n, seen: map[string]bool{}}
	f.take(x.look().begins(query, 2*n))
	return f.ids
}

// Part gives at most n people whose names hold what was typed, in the order of names.
func (x *Index) Part(query string, n int) []string {
	query = Folded(query)
	if query == "" {
		return nil
	}
	f := finding{n: n, seen: map[string]bool{}}
	f.take(x.look().parts(query))
	return f.ids
}

// finding gathers ids, each once.
type finding struct {
	n    int
	ids  []string
	seen map[string]bool
}

func (f *finding) take(all []place) {
	for _, p := range all {
		if len(f.ids) >= f.n {
			return
		}
		id := p.id
		if p.b != nil {
			id = p.b.id(p.i)
		}
		if !f.seen[id] {
			f.seen[id] = true
			f.ids = append(f.ids, id)
		}
	}
}

// place is a person in a block, or a fresh one.
type place struct {
	name []byte
	b    *block
	i    int
	id   string
}

func sorted(all []place) []place {
	slices.SortStableFunc(all, func(a, b place) int { return bytes.Compare(a.name, b.name) })
	return all
}

// begins gives the first n people whose names begin with something.
func (s sight) begins(with string, n int) []place {
	var fresh []place
	for _, p := range s.fresh {
		if strings.HasPrefix(p.name, with) {
			fresh = append(fresh, place{name: []byte(p.name), id: p.id})
		}
	}
	sorted(fresh)
	type head struct {
		next place
		of   int // people of the block
	}
	var heads []head
	for _, b := range s.blocks {
		if i := b.begins(with); i < len(b.at) {
			if name := b.name(i); bytes.HasPrefix(name, []byte(with)) {
				heads = append(heads, head{place{name: name, b: b, i: i}, len(b.at)})
			}
		}
	}
	out := make([]place, 0, n)
	for len(out) < n && len(heads)+len(fresh) > 0 {
		least := -1
		for i := range heads {
			if least < 0 || bytes.Compare(heads[i].next.name, heads[least].next.name) < 0 {
				least = i
			}
		}
		if len(fresh) > 0 && (least < 0 || bytes.Compare(fresh[0].name, heads[least].next.name) < 0) {
			out, fresh = append(out, fresh[0]), fresh[1:]
			continue
		}
		h := &heads[least]
		out = append(out, h.next)
		if h.next.i++; h.next.i < h.of {
			h.next.name = h.next.b.name(h.next.i)
		}
		if h.next.i == h.of || !bytes.HasPrefix(h.next.name, []byte(with)) {
			heads = slices.Delete(heads, least, least+1)
		}
	}
	return out
}

// words gives people who have all words that were typed, in any order.
func (s sight) words(typed []string, n int) (out []place) {
	rarest := slices.MaxFunc(typed, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	looked := 0
	for _, b := range s.blocks {
		from, to := b.wordsThat(rarest)
		found := 0
		for _, at := range b.words[from:to] {
			if looked++; looked > mostPlaces || found >= 4*n {
				break
			}
			i := b.person(at)
			if name := b.name(i); len(typed) == 1 || hasWords(name, typed, -1) {
				out = append(out, place{name: name, b: b, i: i})
				found++
			}
		}
	}
	for _, p := range s.fresh {
		if hasWords([]byte(p.name), typed, -1) {
			out = append(out, place{name: []byte(p.name), id: p.id})
		}
	}
	return sorted(out)
}

// parts gives people whose names hold something.
func (s sight) parts(query string) (out []place) {
	part := []byte(query)
	for _, b := range s.blocks {
		for from := 0; len(out) < mostParts; {
			at := bytes.Index(b.text[from:], part)
			if at < 0 {
				break
			}
			i := b.person(uint32(from + at))
			name := b.name(i)
			out = append(out, place{name: name, b: b, i: i})
			from = int(b.at[i]) + len(name)
		}
	}
	for _, p := range s.fresh {
		if strings.Contains(p.name, query) {
			out = append(out, place{name: []byte(p.name), id: p.id})
		}
	}
	return sorted(out)
}

// near gives the n likeliest words that one of those that were typed is like, where the
// others fit as they are.
func (s sight) near(typed []string, n int) []Near {
	type like struct {
		Near
		first int // how many have it as the first word of their names
		same  bool
	}
	likes := map[string]*like{}
	add := func(i int, word []byte, id func() string, first bool) {
		l := likes[string(word)]
		if l == nil {
			others := slices.Clone(typed)
			others[i] = string(word)
			l = &like{Near: Near{Word: string(word), Query: strings.Join(others, " "), ID: id()}, same: word[0] == typed[i][0]}
			likes[string(word)] = l
		}
		l.People++
		if first {
			l.first++
		}
	}
	for i, w := range typed {
		if !mayErr(w) {
			continue
		}
		want := []byte(w)
		for _, b := range s.blocks {
			for first, k := range b.firsts {
				word := b.word(b.words[k])
				if !oneOff(word, want) || bytes.HasPrefix(word, want) {
					continue
				}
				for _, at := range b.words[k:b.last(first)] {
					who := b.person(at)
					if len(typed) > 1 && !hasWords(b.name(who), typed, i) {
						continue
					}
					add(i, word, func() string { return b.id(who) }, b.at[who] == at)
				}
			}
		}
		for _, p := range s.fresh {
			for at, word := range strings.Fields(p.name) {
				if oneOff([]byte(word), want) && !strings.HasPrefix(word, w) && hasWords([]byte(p.name), typed, i) {
					add(i, []byte(word), func() string { return p.id }, at == 0)
				}
			}
		}
	}
	all := make([]*like, 0, len(likes))
	for _, l := range likes {
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b *like) int {
		return cmp.Or(cmp.Compare(b.first, a.first), cmp.Compare(b.People, a.People), cmp.Compare(a.Word, b.Word))
	})
	out := make([]Near, 0, min(n, len(all)))
	for _, l := range all[:min(n, len(all))] {
		out = append(out, l.Near)
	}
	return out
}
