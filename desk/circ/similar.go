package circ

import (
	"cmp"
	"slices"

	"circdesk/desk/text"
)

// namesLike is how many letters of a family name two people share who may be one.
const namesLike = 3

// similarTo wants those who may be the person that is registered: who are called the same,
// and, as far as they are not too many, of whom the family name, or the given name in its
// place, begins alike. Without a day of birth nobody is.
func (l *lacking) similarTo(p Patron) {
	if p.Birth == "" {
		return
	}
	for _, n := range [][2]string{{p.Family, p.Given}, {p.Given, p.Family}} {
		name := n[0] + " " + n[1]
		if whole := text.Fold(name); whole != "" { // of many who begin alike they are not the first
			l.want(In(ByName, whole, listSize))
		}
		for _, begins := range []string{beginning(name), beginning(n[0])} { // the second of a short name is also that of longer ones
			if begins != "" {
				l.want(In(ByName, begins, listSize))
			}
		}
	}
}

func beginning(name string) string {
	letters := []rune(text.Fold(name))
	return string(letters[:min(len(letters), namesLike)])
}

// similar gives who may be the person that is registered: born on the same day, with much
// the same name.
func (c *Case) similar(p Patron) (Patron, bool) {
	if p.Birth == "" {
		return Patron{}, false
	}
	return first(c, func(o Patron) bool {
		return o.ID != p.ID && o.Merged == "" && !o.Void && c.bornAlike(o, p) && alikeNames(p, o)
	}, func(a, b Patron) int { return cmp.Compare(a.ID, b.ID) })
}

// bornAlike reports whether somebody who is known was born on the day that is told of a
// newcomer, also where there is only a mark of that day.
func (c *Case) bornAlike(known, newcomer Patron) bool {
	is, _ := known.BornOn(c.BirthKey, newcomer.Birth)
	return is
}

// alikeNames reports whether two names differ by at most two letters, also where family
// and given name stand in each other's place.
func alikeNames(a, b Patron) bool {
	whole := func(x, y string) []rune { return []rune(text.Fold(x + " " + y)) }
	mine := whole(a.Family, a.Given)
	return within(mine, whole(b.Family, b.Given), 2) || within(mine, whole(b.Given, b.Family), 2)
}

// within reports whether one text becomes the other by at most so many letters put in,
// left out, changed, or swapped with their neighbour.
func within(a, b []rune, most int) bool {
	if max(len(a)-len(b), len(b)-len(a)) > most {
		return false
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		now, last, before := rows[2], rows[1], rows[0]
		now[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		if slices.Min(now) > most {
			return false
		}
		rows = [3][]int{last, now, before}
	}
	return rows[1][len(b)] <= most
}
