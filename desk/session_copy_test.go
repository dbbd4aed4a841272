package desk_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/health"
)

// Without a line only the copy can be asked, and it is said how old that is.
func TestWhatIsNotInTheCopyIsSaidToBeSo(t *testing.T) {
	for _, row := range []struct {
		name   string
		line   bool
		in     desk.Input
		suffix bool
	}{
		{"a card, with a line", true, desk.Scan{Text: nobody}, false},
		{"a card, without one", false, desk.Scan{Text: nobody}, true},
		{"a name, with a line", true, desk.Find{Query: "zzz"}, false},
		{"a name, without one", false, desk.Find{Query: "zzz"}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				if !row.line {
					w.pull()
				}
				w.pass(time.Minute)
				o := w.do(row.in)
				says := ""
				for _, s := range o.Reasons {
					says += s.Words
				}
				if strings.Contains(says, "not in the copy from ") != row.suffix {
					t.Errorf("%s: %q (%+v)", o.Word, says, o.Text)
				}
			})
		})
	}
}

// What a look at the desk finds missing stands in its state, in words.
func TestWhatIsMissingForAnOutageStandsInTheState(t *testing.T) {
	story(t, func(w *world) {
		if st := w.st(); !st.Looked.IsZero() || st.Lacks != nil {
			t.Fatalf("nobody has looked: %v %v", st.Looked, st.Lacks)
		}
		w.s.Look([]health.Answer{{Check: health.OfCopy, Ready: true, Code: health.CopyWhole}, {Check: health.OfDisk, Code: health.DiskFull, N: 120}})
		w.settle()
		if st := w.st(); st.Looked.IsZero() || len(st.Lacks) != 1 || st.Lacks[0] != "the disk is nearly full: 120 MB are free" {
			t.Errorf("found %v: %q", st.Looked, st.Lacks)
		}
		w.s.Look([]health.Answer{{Check: health.OfCopy, Ready: true, Code: health.CopyWhole}})
		w.settle()
		if st := w.st(); len(st.Lacks) != 0 {
			t.Errorf("found %q", st.Lacks)
		}
	})
}
