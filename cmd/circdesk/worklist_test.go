package main

import (
	"encoding/json"
	"strings"
	"testing"

	"circdesk/tui/plain"
)

// TestTheWorklistOfADeskThatRunsAndOfAFolder: both list the same, without a line and
// without anything of a patron.
func TestTheWorklistOfADeskThatRunsAndOfAFolder(t *testing.T) {
	t.Parallel()
	const dvd, novel = "31234567890064", "31234567890114"
	dir := demoFolder(t)
	p := start(t, "demo", "--json", "--data", dir)
	lib := p.want(":item "+dvd, "ITEM").Item.Library
	p.want(":pull", "MODE")
	p.want(":missing "+dvd+" not on its shelf", "DONE")
	p.want(":parts "+novel+" book, map", "DONE")
	p.want("21234567890017", "PATRON")
	p.want(novel, "ASK")
	p.want(":yes", "OUT")
	p.want(":done", "DONE")
	p.want(":checkin", "MODE")
	p.want(novel, "ASK")
	p.want(":no map", "STAFF")
	for _, running := range []bool{true, false} {
		if !running {
			p.end()
		}
		out, errs, code := here(t, "", "worklist", "--json", "--library", lib, "--data", dir)
		var got []plain.Work
		for l := range strings.Lines(out) {
			var w plain.Work
			if err := json.Unmarshal([]byte(l), &w); err != nil {
				t.Fatal(err)
			}
			got = append(got, w)
		}
		if code != exitDone || len(got) != 2 || got[0].Barcode != dvd || got[0].Kind != "missing" || got[0].Times != 1 || got[0].Step != "rest" ||
			got[1].Barcode != novel || got[1].Kind != "incomplete" || got[1].Text != "map" || got[1].Step != "call" {
			t.Errorf("running %v: exit code %d: %s%s", running, code, out, errs)
		}
		if strings.Contains(strings.ToUpper(out), "SILVA") {
			t.Errorf("running %v: a patron is named: %s", running, out)
		}
		out, errs, code = here(t, "", "worklist", "--kind", "incomplete", "--library", lib, "--data", dir)
		if want := "1. incomplete, today: The handmaid's tale, " + novel + ", map: call\n"; code != exitDone || out != want || !strings.Contains(errs, "1 waits for work, as of ") {
			t.Errorf("running %v: exit code %d: %s%s", running, code, out, errs)
		}
	}
	if _, errs, code := here(t, "", "worklist", "--kind", "eaten", "--data", dir); code != exitUsage || !strings.Contains(errs, "--kind is one of incomplete, ") {
		t.Errorf("of a kind that nobody knows: exit code %d: %s", code, errs)
	}
}
