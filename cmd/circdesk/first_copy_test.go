package main

import (
	"bytes"
	"testing"

	"circdesk/desk/uplink"
	"circdesk/desk/words"
)

func TestHowFarTheFirstCopyIs(t *testing.T) {
	var err bytes.Buffer
	p := &program{err: &err, words: words.English()}
	hear := p.noteFirstCopy()
	for _, row := range []struct {
		name string
		far  uplink.Filling
		want string // empty: nothing is said
	}{
		{"the server puts it together", uplink.Filling{Making: 7}, "central prepares the first copy, 7\n"},
		{"and goes on", uplink.Filling{Making: 9}, ""},
		{"it comes", uplink.Filling{All: 6_000_000, AllBytes: 134_000_000}, "first copy: 0 of 134 MB, 0/6000000, 0 %\n"},
		{"a little of it came", uplink.Filling{All: 6_000_000, AllBytes: 134_000_000, Bytes: 1_000_000}, ""},
		{"half of it came, in the middle of a segment", uplink.Filling{All: 6_000_000, AllBytes: 134_000_000, Came: 2_900_000, Bytes: 67_000_000}, "first copy: 67 of 134 MB, 3000000/6000000, 50 %\n"},
		{"all came", uplink.Filling{All: 6_000_000, AllBytes: 134_000_000, Came: 6_000_000, Bytes: 134_000_000}, "first copy is written, 0/6000000, 0 %\n"},
		{"it is written", uplink.Filling{All: 6_000_000, AllBytes: 134_000_000, Came: 6_000_000, Bytes: 134_000_000, Kept: 6_000_000}, "first copy is written, 6000000/6000000, 100 %\n"},
		{"it is there", uplink.Filling{}, ""},
		{"from a system that does not say how much comes", uplink.Filling{Came: 500}, "first copy from central, 500\n"},
	} {
		err.Reset()
		if hear(row.far); err.String() != row.want {
			t.Errorf("%s: %q is said, want %q", row.name, err.String(), row.want)
		}
	}
}
