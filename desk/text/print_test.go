package text

import "testing"

func TestPrints(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "Elm St 1": true, "Ørsted": true, "a\tb": false, "a\x1bb": false, "a\nb": false, "a\xffb": false, "a\u200bb": false,
	} {
		if got := Prints(s); got != want {
			t.Errorf("%q prints: %v", s, got)
		}
	}
}
