package words

import (
	"circdesk/desk/circ"
)

// Route gives where an item goes: "hold shelf for SILVA, Maria, until Mon 14
// Dec". A route of a later version is named by its code.
func (b *Book) Route(r circ.Route, n Names) string {
	key := Key("route." + string(r.Kind))
	if !b.Has(key) {
		return value(string(r.Kind))
	}
	mark := ""
	if r.Mark != "" {
		mark = b.Mark(string(r.Mark))
	}
	return b.Text(key,
		"library", n.library(r.Library),
		"location", n.location(r.Library, r.Location),
		"desk", n.desk(r.Desk),
		"person", n.patron(r.Patron),
		"until", b.Due(r.Until, n),
		"mark", mark,
		"why", r.Why,
	)
}
