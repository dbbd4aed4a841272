package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one thing wrong with the text of the rules, or of other settings.
type Problem struct {
	Line int    // from 1; 0: of the text as a whole
	Row  string // "terms 3", `library "main"`, "default"; empty: outside of any
	Text string // what is wrong, for whoever wrote the text
}

func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Row != "" {
		b.WriteString(p.Row + ": ")
	}
	return b.String() + p.Text
}

// mostProblems is how many problems a report lists.
const mostProblems = 100

// Problems are all that is wrong with one text, in the order of its lines. It is
// the error of [Parse].
type Problems []Problem

// Error gives one line for each problem, of the first hundred.
func (p Problems) Error() string {
	var b strings.Builder
	b.WriteString("read rules: ")
	for i, one := range p {
		if i == mostProblems {
			fmt.Fprintf(&b, "\nand %d more", len(p)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(one.String())
	}
	return b.String()
}

func (p Problems) sorted() Problems {
	sortByLine(p, func(p Problem) Problem { return p })
	return p
}

func sortByLine[P any](all []P, of func(P) Problem) {
	slices.SortStableFunc(all, func(a, b P) int {
		return cmp.Or(cmp.Compare(of(a).Line, of(b).Line), cmp.Compare(of(a).Text, of(b).Text))
	})
}
