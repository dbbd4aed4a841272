package storetest

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Open gives a store to test.
type Open[T any] func(t testing.TB) journal.Store[T]

// hostile are beginnings and ends of ids that must not be mixed up with each
// other, nor break the order.
var hostile = []string{
	"", "a", "a\x00", "a\x00\x00", "a\x00\x01", "a\x00\x02", "a\x00\xff", "a\x01", "a/", "a/b", "ä", "Z", "\xff", "\xff\xff",
	"'; drop table rows; --", "%_\\", " ", "\n",
	strings.Repeat("x", 2047), strings.Repeat("x", 2048), strings.Repeat("x", 2049), strings.Repeat("x", 40000), strings.Repeat("\x00", 33000),
}

// texts are those of them that JSON can write.
var texts = slices.DeleteFunc(slices.Clone(hostile), func(s string) bool { return !utf8.ValidString(s) })

// unique gives a beginning of ids that nobody else uses.
func unique() string { return rand.Text() }

var day = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// next makes the entry that follows a mark.
func next(t fataler, id string, after journal.Mark, change func(*journal.Entry)) journal.Entry {
	t.Helper()
	e := journal.Entry{
		Act: circ.Act{
			ID: circ.EntryID(id), Desk: after.Desk, Operator: "ada", At: day,
			Command: circ.CheckOut{Card: "21234000012345", Barcode: "31234000567890"}, Why: "because",
		},
		Epoch: after.Epoch, Seq: after.Seq + 1, Prev: after.Hash, Mode: journal.Fact,
		Told: []circ.Event{circ.Seen{Item: "i", At: day}, circ.CheckedIn{Loan: "l", Item: "i", Patron: "p", At: day, How: circ.Returned}},
	}
	if change != nil {
		change(&e)
	}
	e, err := e.Finish()
	if err != nil {
		t.Fatalf("finish: %v", err)
	}
	return e
}

// markOf gives the mark that an entry makes.
func markOf(e journal.Entry) journal.Mark {
	return journal.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Hash: e.Hash()}
}

// fataler is what tests and rapid's checks have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// update and view run fn and end the test when the store fails.
func update[T any](t fataler, s journal.Store[T], fn func(T) error) {
	t.Helper()
	if err := s.Update(background, fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

func view[T any](t fataler, s journal.Store[T], fn func(T) error) {
	t.Helper()
	if err := s.View(background, fn); err != nil {
		t.Fatalf("view: %v", err)
	}
}
