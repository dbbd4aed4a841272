package sipserver

import (
	"strings"

	"circdesk/desk/policy"
)

// Problems are all that is wrong with the settings, in the order of their lines. It is
// the error of [Parse]. A row is "terminal 2".
type Problems []policy.Problem

// Error gives one line for each.
func (p Problems) Error() string {
	all := make([]string, len(p))
	for i, one := range p {
		all[i] = one.String()
	}
	return "read SIP2 settings: " + strings.Join(all, "\n")
}
