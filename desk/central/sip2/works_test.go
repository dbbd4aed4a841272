package sip2

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/words"
)

var update = flag.Bool("update", false, "write the files of what is right")

// screens are where a command is, for people.
var screens = []struct{ screen, commands string }{
	{"Check out (F2)", "check_out renew undo"},
	{"Check in (F3)", "check_in use correct_return incomplete give_up set_parts add_item"},
	{"Patron (F4)", "register edit renew_card replace_card link merge_patrons block unblock alert end_alert note_call set_due recall lift_recall claim"},
	{"Holds (F5)", "request cancel_request move_request shelve take_off"},
	{"Fees (F6)", "pay charge waive refund dispute restore open_drawer close_drawer"},
	{"Sync (F9)", "settle_conflict assign_conflict call_back see_contact carry_conflict"},
	{"Items (F8)", "lose find write_off mark_item"},
	{"Command line", "load"},
}

// TestTableOfWhatWorks makes the table of what works with SIP2 from what the client
// is, and from what it can be told.
func TestTableOfWhatWorks(t *testing.T) {
	var client any = (*Client)(nil)
	_, looks := client.(central.Finder)
	_, searches := client.(central.Searcher)
	_, lists := client.(central.Snapshotter)
	var out strings.Builder
	row := func(screen, what, how, why string) {
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", screen, what, how, why)
	}
	out.WriteString("| screen | action | with SIP2 | |\n|---|---|---|---|\n")
	local := words.English().Text(words.ScreensLocal)
	asked, copied := local, "works"
	if looks && searches {
		asked = "works"
	}
	if !lists {
		copied = local
	}
	row("all", "find a patron by card, an item by barcode", asked, "what is not known here is looked up there; without a line, what was seen")
	row("all", "what a patron has and owes", asked, "")
	row("all", "find by name, title, ISBN, phone, e-mail", copied, "SIP2 gives no lists: what was seen or loaded from a file; a patron is forgotten after 30 days unseen")
	row("all", "overdue at the library, hold shelf, worklist, uses", copied, "SIP2 gives no lists: what was done or seen here")
	english, named := words.English(), map[string]bool{}
	cannot := english.Reason(circ.Remark{Reason: circ.NotCarried}, words.Names{})
	for _, s := range screens {
		for _, name := range strings.Fields(s.commands) {
			named[name] = true
			w := ways[name]
			how := map[way]string{told: "works", here: local, never: "not possible: " + cannot}[w.way]
			why := w.why
			if w.way == here && why == "" {
				why = "kept at this desk"
			}
			row(s.screen, english.Command(name), how, why)
		}
	}
	for name := range ways {
		if _, unknown := circ.NewCommand(name).(*circ.UnknownCommand); unknown || !named[name] {
			t.Errorf("command %q is on no screen, or is none", name)
		}
	}
	file := filepath.Join("testdata", "works.md")
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	had, err := os.ReadFile(file)
	if err != nil || string(had) != out.String() {
		t.Errorf("%s is not as the client is (%v): run with -update and look at it", file, err)
	}
}

// TestWhatCannotBeToldIsRefused: with the same word wherever it is tried, and nothing
// is said of it.
func TestWhatCannotBeToldIsRefused(t *testing.T) {
	w := newCounter(t, standing(t))
	for name, way := range ways {
		if name == "load" || way.way != never {
			continue
		}
		if w.line.System.(central.Carrier).Carries(name) {
			t.Errorf("%s is carried", name)
		}
		_, r := w.asks(circ.CommandValue(circ.NewCommand(name)))
		if r == nil || r.Verdict != journal.Refused || !slices.ContainsFunc(r.Decision.Refused, func(m circ.Remark) bool { return m.Reason == circ.NotCarried && m.Text == name }) {
			t.Errorf("%s: receipt %+v", name, r)
		}
	}
	if did := w.l.did(); did != "" {
		t.Errorf("at the system: %s", did)
	}
	if w.client.Carries("read_aloud") {
		t.Error("a command of a later version is carried")
	}
}
