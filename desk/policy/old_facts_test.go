package policy

import (
	"strings"
	"testing"
	"time"
)

func TestOldFactsAreReadWithTheirLine(t *testing.T) {
	const head = "currency = \"EUR\"\nzone = \"UTC\"\n"
	for _, row := range []struct{ name, text, want string }{
		{"no age", "[[old_facts]]\nloan = \"ask\"\n", "after is missing"},
		{"no word", "[[old_facts]]\nafter = \"1 hour\"\n", "says nothing of loan, renewal or request"},
		{"a word that is none", "[[old_facts]]\nafter = \"1 hour\"\nloan = \"warn\"\n", "none of tell, ask, refuse"},
		{"an age that is none", "[[old_facts]]\nafter = \"soon\"\nloan = \"ask\"\n", "after"},
		{"something else", "[[old_facts]]\nafter = \"1 hour\"\nloan = \"ask\"\ncheck_in = \"ask\"\n", "check_in"},
	} {
		_, err := Parse([]byte(head + row.text))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
		if all, ok := err.(Problems); ok && all[0].Line < 3 {
			t.Errorf("%s: line %d", row.name, all[0].Line)
		}
	}
	s, err := Parse([]byte(head + "[[old_facts]]\nname = \"days\"\nafter = \"2 days\"\nloan = \"tell\"\n[[old_facts]]\nafter = \"1 hour\"\nloan = \"ask\"\n[[old_facts]]\nafter = \"3 days\"\nloan = \"tell\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	if do, row, after := s.OldFacts(50*time.Hour, ForLoan); do != TellOnly || row != "days" || after != 48*time.Hour {
		t.Error(do, row, after)
	}
	if do, _, _ := s.OldFacts(time.Minute, ForLoan); do != "" {
		t.Error(do)
	}
	var found []DoubtKind
	for _, d := range s.Doubts(time.Now()) {
		if strings.Contains(d.Row, "days") || strings.Contains(d.Row, "old_facts") {
			found = append(found, d.Kind)
		}
	}
	if len(found) != 2 || found[0] != Contradiction || found[1] != Unreachable {
		t.Errorf("milder for older facts, and the same again: %v", found)
	}
}
