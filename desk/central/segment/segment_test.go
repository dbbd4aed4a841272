package segment_test

import (
	"bytes"
	"fmt"
	"testing"

	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
)

// rowsOf writes n rows of one kind and packs them.
func packed(t testing.TB, n int) (segment.Info, []byte) {
	t.Helper()
	w, err := segment.NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	var d segment.Draft
	for i := range n {
		if err := d.Add(segment.Row{Key: circ.Key{Kind: circ.KindCard, ID: fmt.Sprint(i)}, Body: fmt.Appendf(nil, `{"number":"%d"}`, i)}); err != nil {
			t.Fatal(err)
		}
	}
	return w.End(&d)
}

func TestRowsComeBackAsTheyWereWritten(t *testing.T) {
	info, b := packed(t, 1000)
	again, c := packed(t, 1000)
	if info != again || !bytes.Equal(b, c) {
		t.Error("the same rows give another segment")
	}
	if !segment.Named(info.Hash) || info.Rows != 1000 || info.Size != int64(len(b)) {
		t.Errorf("it says of itself %+v", info)
	}
	r, err := segment.NewReader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	for row, err := range r.Rows(b) {
		if err != nil || row.Kind != circ.KindCard || row.ID != fmt.Sprint(n) || string(row.Body) != fmt.Sprintf(`{"number":"%d"}`, n) {
			t.Fatalf("row %d: %v %s, %v", n, row.Key, row.Body, err)
		}
		n++
	}
	if n != 1000 {
		t.Errorf("%d rows came", n)
	}
}

func TestARowThatIsTooLargeIsRefused(t *testing.T) {
	var d segment.Draft
	if err := d.Add(segment.Row{Key: circ.Key{Kind: circ.KindCard, ID: "1"}, Body: make([]byte, segment.MaxRow)}); err == nil || d.Rows() != 0 {
		t.Errorf("%d rows, %v", d.Rows(), err)
	}
}

func TestNoOtherNameIsAHash(t *testing.T) {
	info, _ := packed(t, 1)
	for _, name := range []string{"", "..", info.Hash[1:], info.Hash + "0", "../" + info.Hash[3:], "G" + info.Hash[1:], "A" + info.Hash[1:]} {
		if segment.Named(name) {
			t.Errorf("%q is taken for one", name)
		}
	}
}

func FuzzRows(f *testing.F) {
	_, b := packed(f, 3)
	f.Add(b)
	f.Add([]byte{})
	w, err := segment.NewWriter()
	if err != nil {
		f.Fatal(err)
	}
	var d segment.Draft
	_, empty := w.End(&d)
	f.Add(empty)
	r, err := segment.NewReader()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n := 0
		for row, err := range r.Rows(b) {
			if n += len(row.Body) + len(row.ID) + len(row.Kind); err == nil && n > segment.MaxOpen {
				t.Fatalf("%d bytes came out of %d", n, len(b))
			}
		}
	})
}
