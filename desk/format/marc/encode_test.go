package marc

import (
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// TestRoundTrip: what Encode writes, Reader reads back, and nothing is warned
// of.
func TestRoundTrip(t *testing.T) {
	tag := rapid.StringMatching(`[0-9A-Za-z]{3}`)
	value := rapid.Custom(func(t *rapid.T) string {
		return norm.NFC.String(strings.Map(func(r rune) rune {
			if isControl(r) {
				return -1
			}
			return r
		}, rapid.StringN(0, 60, 200).Draw(t, "value")))
	})
	visible := rapid.ByteRange('!', '~')
	rapid.Check(t, func(t *rapid.T) {
		rec := &Record{Number: 1, Leader: "00000nam a2200000   4500"}
		for range rapid.IntRange(0, 3).Draw(t, "control fields") {
			rec.Control = append(rec.Control, Control{Tag: "00" + tag.Draw(t, "tag")[:1], Value: value.Draw(t, "value")})
		}
		for range rapid.IntRange(0, 6).Draw(t, "fields") {
			f := Field{Tag: tag.Filter(func(s string) bool { return s[:2] != "00" }).Draw(t, "tag"), Ind1: visible.Draw(t, "ind1"), Ind2: ' '}
			for range rapid.IntRange(0, 5).Draw(t, "subfields") {
				f.Subfields = append(f.Subfields, Subfield{Code: visible.Draw(t, "code"), Value: value.Draw(t, "value")})
			}
			rec.Data = append(rec.Data, f)
		}
		if len(rec.Control)+len(rec.Data) == 0 {
			return
		}
		raw, err := Encode(rec)
		if err != nil {
			t.Fatal(err)
		}
		after := book("next")
		r := NewReader(strings.NewReader(string(raw) + after))
		got, err := r.Next()
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		rec.Leader = got.Leader // its lengths are set anew
		if !reflect.DeepEqual(got, rec) {
			t.Fatalf("%q:\ngot  %+v\nwant %+v", raw, got, rec)
		}
		if next, err := r.Next(); err != nil || next.ControlValue("001") != "next" {
			t.Fatalf("the record after: %+v, %v", next, err)
		}
	})
}

func TestEncodeRefuses(t *testing.T) {
	data := func(tag string, subs ...Subfield) *Record { return &Record{Data: []Field{{Tag: tag, Subfields: subs}}} }
	many := &Record{}
	for range 12 {
		many.Data = append(many.Data, Field{Tag: "500", Subfields: []Subfield{{'a', strings.Repeat("x", 9000)}}})
	}
	for _, tc := range []struct {
		name string
		rec  *Record
		want string
	}{
		{"a tag of two characters", data("24"), "no tag"},
		{"a control field's tag with subfields", data("001"), "no subfields"},
		{"a data field's tag without", &Record{Control: []Control{{Tag: "245"}}}, "no control field"},
		{"a delimiter in the text", data("245", Subfield{'a', "x\x1Fb"}), "delimiter"},
		{"a field too long", data("245", Subfield{'a', strings.Repeat("x", 9996)}), "a field holds 9999"},
		{"a record too long", many, "99999"},
		{"text that is no UTF-8", data("245", Subfield{'a', "\xE9"}), "not UTF-8"},
		{"a subfield without a code", data("245", Subfield{0, "x"}), "no code"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := Encode(tc.rec); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want something with %q", err, tc.want)
			}
		})
	}
}
