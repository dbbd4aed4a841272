package sipserver

import (
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"circdesk/desk/circ"
)

// The id of a request is the same when it comes again, another for anything else, and
// stands in the order of time.
func TestIDsOfRequests(t *testing.T) {
	key, print := []byte("key"), []byte("11NN")
	first := entryID(key, print, noon, 0)
	if again := entryID(key, print, noon, 0); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	for name, other := range map[string]circ.EntryID{
		"of another key":                 entryID([]byte("lock"), print, noon, 0),
		"of another request":             entryID(key, []byte("11NY"), noon, 0),
		"of the next entry of a request": entryID(key, print, noon, 1),
		"without a date":                 entryID(key, print, time.Time{}, 0),
		"of a date before all time":      entryID(key, print, time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 1), 0),
	} {
		if other == first {
			t.Errorf("%s: the same", name)
		}
	}
	last := first
	for i := range 100 {
		next := entryID(key, print, noon.Add(time.Duration(i+1)*time.Second), 0)
		if next <= last {
			t.Fatalf("%s does not come after %s", next, last)
		}
		last = next
	}
	if id, err := uuid.FromString(string(first)); err != nil || id.Version() != uuid.V7 || id.Variant() != uuid.VariantRFC9562 {
		t.Errorf("%s: %v", first, err)
	}
}
