package hubserver

import (
	"slices"
	"strings"
	"testing"

	"circdesk/desk/central/centraltest/wirecheck"
)

// What is answered is described, and what is described is answered; the paths of a relay
// are answered by that.
func TestTheDescriptionIsOfWhatIsAnswered(t *testing.T) {
	described := slices.DeleteFunc(wirecheck.Read(t, OpenAPI()).Operations(), func(at string) bool { return strings.Contains(at, " /v1/relay/") })
	answered := slices.Sorted(slices.Values(HTTP{Server: newServer(t)}.site(nil).routes))
	if !slices.Equal(described, answered) {
		t.Errorf("described are\n%s\nanswered\n%s", strings.Join(described, "\n"), strings.Join(answered, "\n"))
	}
}
