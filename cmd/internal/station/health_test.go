package station

import (
	"testing"
	"time"

	"circdesk/desk/policy"
)

// TestHowLongFactsAreGood: until the rules say something of their age; a day where they
// never do.
func TestHowLongFactsAreGood(t *testing.T) {
	const head = "currency = \"EUR\"\nzone = \"UTC\"\n"
	for _, row := range []struct {
		name, rules string
		want        time.Duration
	}{
		{"nothing is said of old facts", "", 24 * time.Hour},
		{"told after two days, asked after three", "[[old_facts]]\nafter = \"3 days\"\nloan = \"ask\"\n[[old_facts]]\nafter = \"2 days\"\nrequest = \"tell\"\n", 48 * time.Hour},
		{"refused after an hour", "[[old_facts]]\nafter = \"1 hour\"\nloan = \"refuse\"\n", time.Hour},
	} {
		rules, err := policy.Parse([]byte(head + row.rules))
		if err != nil {
			t.Fatal(err)
		}
		if got := goodFor(rules); got != row.want {
			t.Errorf("%s: good for %v, want %v", row.name, got, row.want)
		}
	}
}
