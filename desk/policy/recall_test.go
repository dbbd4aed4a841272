package policy

import (
	"strings"
	"testing"
	"time"
)

// 2026-05-04 is a Monday; the shop is closed at weekends and on the 14th.
func TestRecall(t *testing.T) {
	for _, row := range []struct {
		name, rules string // what the default says
		out, at     string
		want, trace string
	}{
		{"so long after the recall", "recall_return = \"2 days\"\n", "2026-04-01T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-06T23:59:59+02:00", "recall_return lent"},
		{"as the program has it", "", "2026-04-01T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-11T23:59:59+02:00", "recall_return lent"},
		{"on a closed day: the next open one", "recall_return = \"5 days\"\n", "2026-04-01T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-11T23:59:59+02:00", "recall_return lent closed next_open"},
		{"on a closed day, as its own rule says", "recall_return = \"5 days\"\nclosed_days = \"previous_open\"\n", "2026-04-01T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-08T23:59:59+02:00", "recall_return lent closed previous_open"},
		{"at once: by the end of the day", "recall_return = \"0 days\"\n", "2026-04-01T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-04T23:59:59+02:00", "recall_return lent"},
		{"in hours, as closed hours do", "recall_return = \"3 hours\"\nclosed_hours = \"next_hours\"\n", "2026-04-01T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-04T14:00:00+02:00", "recall_return lent next_hours"},
		{"a new loan is kept for what is guaranteed", "recall_return = \"2 days\"\nrecall_guarantee = \"14 days\"\n", "2026-05-01T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-15T23:59:59+02:00", "recall_guarantee lent"},
		{"what is guaranteed has passed", "recall_return = \"2 days\"\nrecall_guarantee = \"14 days\"\n", "2026-04-20T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-06T23:59:59+02:00", "recall_return lent"},
		{"what is guaranteed ends on a closed day", "recall_return = \"2 days\"\nrecall_guarantee = \"13 days\"\n", "2026-05-01T10:00:00+02:00", "2026-05-04T10:00:00+02:00", "2026-05-15T23:59:59+02:00", "recall_guarantee lent closed next_open"},
		{"terms of a schedule do not matter", "period = \"end of term\"\nschedule = \"semester\"\ndue_by = \"semester\"\nrecall_return = \"2 days\"\n", "2026-07-01T10:00:00+02:00", "2026-08-03T10:00:00+02:00", "2026-08-05T23:59:59+02:00", "recall_return lent"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := parse(t, strings.Replace(shop, "[[library]]", "closed_days = \"next_open\"\n[default]\n"+row.rules+"[[library]]", 1))
			due, trace := s.Recall(instant(t, row.at), instant(t, row.out), "main", s.Terms(Query{}))
			if want := instant(t, row.want); !due.Equal(want) {
				t.Errorf("due %s, want %s", due.In(s.Location("main")), row.want)
			}
			if got := codes(trace); got != row.trace {
				t.Errorf("trace %q, want %q", got, row.trace)
			}
			if len(trace) > 0 && trace[0].Row != "default" && row.rules != "" {
				t.Errorf("given by %q", trace[0].Row)
			}
		})
	}
}

// TestRecallsAreNotBuiltIn: nobody is called back unless the library says so.
func TestRecallsAreNotBuiltIn(t *testing.T) {
	terms := Default("EUR", "UTC").Terms(Query{At: time.Time{}})
	if terms.Recallable || terms.RecallFine != NoLimit || !terms.RecallGrace || !terms.RecallGuarantee.IsZero() {
		t.Errorf("terms %+v", terms)
	}
}
