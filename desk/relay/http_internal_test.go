package relay

import (
	"slices"
	"strings"
	"testing"

	"circdesk/desk/central/centraltest/wirecheck"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/local"
)

// What a relay answers is described, and what is described of it is answered.
func TestTheDescriptionIsOfWhatARelayAnswers(t *testing.T) {
	described := slices.DeleteFunc(wirecheck.Read(t, hubserver.OpenAPI()).Operations(), func(at string) bool { return !strings.Contains(at, " /v1/relay/") })
	_, s := HTTP{Relay: &Relay{Config: Config{Desk: &local.Desk{}}}}.site()
	if answered := slices.Sorted(slices.Values(s.routes)); !slices.Equal(described, answered) {
		t.Errorf("described are\n%s\nanswered\n%s", strings.Join(described, "\n"), strings.Join(answered, "\n"))
	}
}
