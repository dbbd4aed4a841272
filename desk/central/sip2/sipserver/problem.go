package sipserver

import (
	"fmt"
	"strings"
)

// Problem is one mistake in the settings.
type Problem struct {
	Line int    // from 1; 0: of the text as a whole
	Row  string // "terminal 2"; empty: outside of any
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

// Problems are all that is wrong with the settings, in the order of their lines. It is
// the error of [Parse].
type Problems []Problem

// Error gives one line for each.
func (p Problems) Error() string {
	all := make([]string, len(p))
	for i, one := range p {
		all[i] = one.String()
	}
	return "read SIP2 settings: " + strings.Join(all, "\n")
}
