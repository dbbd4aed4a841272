package circ

import (
	"time"

	"circdesk/desk/policy"
)

// work gives the line of what waits for somebody's work at a library since an
// instant; none where the library is not known.
func work(i Index, lib policy.LibraryID, since time.Time, id string) []Line {
	if lib == "" {
		return nil
	}
	return []Line{{i, string(lib), SortTime(since) + id}}
}

// waits gives since when a loan waits for somebody's work.
func (r Loan) waits() time.Time {
	if r.Incomplete() {
		return r.Marked.Back
	}
	return r.Marked.At
}
