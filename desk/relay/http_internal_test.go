package relay

import (
	"context"
	"log/slog"
	"net/http/httptest"
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

// Who hands entries over while a chain parts waits no longer than his call, and asks again:
// that he went is no fault of the relay.
func TestWhoDoesNotWaitAnyMoreIsNoFault(t *testing.T) {
	for _, row := range []struct {
		name string
		gone bool
	}{{"he listens", false}, {"he is gone", true}} {
		t.Run(row.name, func(t *testing.T) {
			var log strings.Builder
			s := &site{HTTP: HTTP{Log: slog.New(slog.NewTextHandler(&log, nil))}}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if row.gone {
				cancel()
			}
			s.fail(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "POST", "/v1/relay/entries", nil), context.Canceled)
			if told := log.Len() > 0; told == row.gone {
				t.Errorf("the log says %q", log.String())
			}
		})
	}
}
