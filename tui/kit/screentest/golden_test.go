package screentest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"circdesk/tui/kit"
)

// witness is a test that notes what it was told.
type witness struct {
	testing.TB
	said []string
}

func (w *witness) Helper()                   {}
func (w *witness) Errorf(f string, a ...any) { w.said = append(w.said, fmt.Sprintf(f, a...)) }
func (w *witness) Fatalf(f string, a ...any) { w.Errorf(f, a...); runtime.Goexit() }

// told runs fn as a test of its own and gives what it complained of.
func told(fn func(testing.TB)) string {
	w := &witness{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn(w)
	}()
	<-done
	return strings.Join(w.said, "\n")
}

func painted(t *testing.T) string {
	t.Helper()
	theme, err := kit.NewTheme(kit.Sixteen)
	if err != nil {
		t.Fatal(err)
	}
	look := kit.Look{Theme: theme}
	return look.Paint(kit.Good, "OUT") + "  東京 Emma\n" + look.Paint(kit.Bar, look.Fit("NO LINE", 20))
}

func TestAScreenLikeItsGoldenFilePasses(t *testing.T) {
	GoldenStyled(t, "two_rows", painted(t), 20, 3)
}

func TestWhatIsNotLikeItsGoldenFileIsTold(t *testing.T) {
	if *update {
		t.Skip("golden files are being written")
	}
	for _, c := range []struct{ name, file, view, says string }{
		{"another word", "two_rows", "IN   東京 Emma\nNO LINE", "-OUT  東京 Emma\n+IN   東京 Emma"},
		{"too many rows", "two_rows", "\n\n\n", "4 rows in a terminal of 3"},
		{"too wide", "two_rows", strings.Repeat("x", 21), "21 columns in a terminal of 20"},
		{"no golden file", "none", "x", "go test -update writes it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(func(tb testing.TB) { Golden(tb, c.file, c.view, 20, 3) }); !strings.Contains(got, c.says) {
				t.Errorf("told %q, want %q", got, c.says)
			}
		})
	}
	plain := "OUT  東京 Emma\nNO LINE"
	if got := told(func(tb testing.TB) { Golden(tb, "two_rows", plain, 20, 3) }); got != "" {
		t.Errorf("the words alone differ: %s", got)
	}
	if got := told(func(tb testing.TB) { GoldenStyled(tb, "two_rows", plain, 20, 3) }); !strings.Contains(got, "two_rows.style") {
		t.Errorf("lost styles: %q", got)
	}
}
