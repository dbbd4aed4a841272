package grid

import (
	"slices"
	"testing"
)

func TestWhatATerminalShows(t *testing.T) {
	for _, c := range []struct {
		name, content string
		want          []string
	}{
		{"two lines", "OUT\nIN", []string{"OUT", "IN", ""}},
		{"styles are not text", "\x1b[1;31mSTOP\x1b[m  ", []string{"STOP", "", ""}},
		{"wide characters take two cells", "東京x", []string{"東京x", "", ""}},
		{"a question to the terminal gets no answer and stops nothing", "\x1b[6n\x1b[cOUT", []string{"OUT", "", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Lines(Of(c.content, 10, 3)); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
