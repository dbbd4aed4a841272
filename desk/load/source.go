package load

import (
	"io"
	"iter"

	"circdesk/desk/circ"
	"circdesk/desk/text"
)

// Source is the records of one file. It is read once.
type Source struct {
	kind   circ.Kind // of what it counts
	how    string    // the options, as far as they decide what is read
	told   func(Trouble)
	read   func(src io.Reader, out *draft) error
	src    io.Reader
	counts Counts
	list   *list // of blocks, where the file is all of them
}

// A drawn is a record on its way out of a file.
type drawn struct {
	row     circ.Row
	number  int    // the place of its source record
	endless bool   // a patron: the file says that the card has no last day
	card    string // a block or an alert: whose it is
}

// Rows gives the records: a title before its items, a patron before the card. An
// error is a failure to read the file, and the end. What could not be read is
// told on the way.
func (s *Source) Rows() iter.Seq2[circ.Row, error] {
	return func(yield func(circ.Row, error) bool) {
		for d, err := range s.drawn() {
			if !yield(d.row, err) {
				return
			}
		}
	}
}

// Counts says what was read so far; of the whole file when Rows has ended.
func (s *Source) Counts() Counts { return s.counts }

func (s *Source) drawn() iter.Seq2[drawn, error] {
	return func(yield func(drawn, error) bool) {
		read := s.read
		s.read = func(io.Reader, *draft) error { return nil } // what was remembered of the file is needed no more
		out := &draft{Source: s, yield: yield}
		if err := read(s.src, out); err != nil && !out.over {
			yield(drawn{}, err)
		}
	}
}

// draft takes the records of a file while it is read.
type draft struct {
	*Source
	yield func(drawn, error) bool
	over  bool // nobody wants more

	number int    // of the record that is being read
	id     string // and its own name for itself
}

// put hands on a record.
func (d *draft) put(row circ.Row) { d.hand(drawn{row: row, number: d.number}) }

func (d *draft) hand(r drawn) {
	if !d.over {
		d.over = !d.yield(r, nil)
	}
}

// begin begins a record of the file.
func (d *draft) begin(number int, id string) {
	d.number, d.id = number, id
	d.counts.Read++
}

// skip tells that the record is not taken over.
func (d *draft) skip(why string) {
	d.counts.Skipped++
	d.tell(Trouble{Why: why})
}

// lack tells that a field is left unknown; keep that it is taken over all the same.
func (d *draft) lack(field, why string) { d.tell(Trouble{Field: field, Why: why}) }
func (d *draft) keep(field, why string) { d.tell(Trouble{Field: field, Why: why, Kept: true}) }

func (d *draft) tell(t Trouble) {
	t.Number, t.ID = d.number, text.Clean(d.id, maxShown)
	d.Source.tell(t)
}

func (s *Source) tell(t Trouble) {
	s.counts.Troubles++
	if s.told != nil {
		s.told(t)
	}
}

// text gives a text of the record as it is kept, and tells when it was cut.
func (d *draft) text(field, s string, most int) string {
	whole := text.Clean(s, len(s)+1)
	short := text.Clean(whole, most)
	if short != whole {
		d.keep(field, "cut after "+number(most)+" characters")
	}
	return short
}

// code gives a code of the source: one that no rule could name is left unknown.
func (d *draft) code(field, s string) string {
	whole := text.Clean(s, len(s)+1)
	if text.Clean(whole, maxCode) != whole {
		d.lack(field, "a code of more than "+number(maxCode)+" characters: "+quote(whole))
		return ""
	}
	return whole
}
