package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/format/marc"
	"circdesk/desk/label"
	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// TitleOptions says how titles are read. The zero value takes items from the
// fields of [marc.Presets].
type TitleOptions struct {
	Items []marc.Fields // where items are, the first with a barcode counts; nil: the presets
	// Catalogue names the system whose control numbers they are, where a library
	// loads titles of several; empty: it has one.
	Catalogue string
	Trouble   func(Trouble) // hears what was not taken over as it stands; nil: nobody does
}

// Titles reads titles and their items from MARC 21: ISO 2709 or MARCXML.
func Titles(src io.Reader, o TitleOptions) *Source {
	how, _ := json.Marshal([]any{o.Items, o.Catalogue}) // strings alone: it cannot fail
	t := &titles{TitleOptions: o, titles: map[mark]first{}, items: map[mark]int{}}
	return &Source{kind: circ.KindTitle, how: string(how), told: o.Trouble, src: src, read: t.read}
}

// titles reads one file.
type titles struct {
	TitleOptions
	titles map[mark]first // by control number, and by their own words
	items  map[mark]int   // by barcode: the record that has it
}

// first is the record that a title comes from.
type first struct {
	number int
	words  mark
}

func (t *titles) read(src io.Reader, out *draft) error {
	in := marc.NewReader(src)
	for !out.over {
		rec, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if bad, ok := errors.AsType[*marc.BadRecord](err); ok {
			out.begin(bad.Number, "")
			out.skip(fmt.Sprintf("%s (at byte %d)", text.Clean(bad.Reason, maxLine), bad.Offset))
			continue
		}
		if err != nil {
			return err
		}
		t.record(rec, out)
	}
	return nil
}

// record reads one record: a title and its items.
func (t *titles) record(rec *marc.Record, out *draft) {
	said := rec.Title()
	out.begin(rec.Number, said.Control)
	for _, w := range rec.Warnings {
		out.keep(fieldOf(w), reasonOf(w))
	}
	holdings := rec.Holdings(t.Items...)
	if said.Control == "" && said.Title == "" && len(holdings.Copies) == 0 {
		out.skip("no control number, no title and no item")
		return
	}
	title := circ.Title{
		Title:  out.text("245", said.Title, maxTitle),
		Author: out.text("author", said.Author, maxLine),
		Year:   said.Year,
	}
	if title.Title == "" {
		out.lack("245", "no title")
	}
	title.ISBNs = isbns(said.ISBNs, out)
	fresh := false
	if title.ID, fresh = t.identify(said.Control, title, holdings, out); fresh {
		out.counts.Titles++
		out.put(title)
	}
	for _, f := range holdings.Unread {
		out.counts.NoItems++
		out.lack(f.Tag, "no barcode: "+quote(shown(f)))
	}
	for _, c := range holdings.Copies {
		t.item(holdings.Tag, c, title.ID, out)
	}
}

// isbns makes every ISBN one of 13 digits, each once.
func isbns(said []string, out *draft) []string {
	var all []string
	for _, s := range said {
		n, ok := label.ISBN13(s)
		switch {
		case !ok:
			out.lack("020", quote(s)+" is no ISBN")
		case !contains(all, n):
			all = append(all, n)
		}
	}
	return all
}

// identify gives the title's id, and whether no record of the file had it yet.
//
//  1. the control number is new in this file: the id follows from it
//  2. it is that of an earlier record with the same title: systems that write a
//     record for each item do so; the items come to that title
//  3. it is that of another title: the first keeps it, this one's id follows
//     from its words
//  4. there is none: the id follows from its words, and two records of the same
//     words are one title
func (t *titles) identify(control string, title circ.Title, h marc.Holdings, out *draft) (id circ.TitleID, fresh bool) {
	words := markOf(append([]string{title.Title, title.Author, title.Year}, title.ISBNs...)...)
	if control != "" {
		before, known := t.titles[markOf("number", control)]
		switch {
		case !known:
			t.titles[markOf("number", control)] = first{out.number, words}
			return circ.TitleID(newID(circ.KindTitle, t.Catalogue, control)), true
		case before.words == words:
			out.keep("001", fmt.Sprintf("the number and the title are those of record %d: one title with the items of both", before.number))
			return circ.TitleID(newID(circ.KindTitle, t.Catalogue, control)), false
		}
		out.keep("001", fmt.Sprintf("the number is that of record %d, whose title is another: kept as a title without a number", before.number))
	}
	own := []string{"words", control, title.Title, title.Author, title.Year, strings.Join(title.ISBNs, " ")}
	if title.Title == "" && len(h.Copies) > 0 {
		own = append(own, h.Copies[0].Barcode)
	}
	id = circ.TitleID(newID(circ.KindTitle, append([]string{t.Catalogue}, own...)...))
	if before, known := t.titles[markOf(own...)]; known {
		out.keep("245", fmt.Sprintf("the title is that of record %d: one title with the items of both", before.number))
		return id, false
	}
	t.titles[markOf(own...)] = first{out.number, words}
	return id, true
}

// item reads one item.
func (t *titles) item(tag string, c marc.Copy, title circ.TitleID, out *draft) {
	code, ok := text.Code(c.Barcode)
	if !ok {
		out.counts.NoItems++
		out.lack(tag, quote(c.Barcode)+" cannot be a barcode: the item is left out")
		return
	}
	if before, known := t.items[markOf(code)]; known {
		out.counts.NoItems++
		out.lack(tag, fmt.Sprintf("the barcode %s is that of an item of record %d: the second is left out", quote(code), before))
		return
	}
	t.items[markOf(code)] = out.number
	out.counts.Items++
	out.put(circ.Item{
		ID:         circ.ItemID(newID(circ.KindItem, code)),
		Barcode:    code,
		Title:      title,
		Type:       policy.ItemType(out.code(tag, c.ItemType)),
		Home:       policy.LibraryID(out.code(tag, c.Library)),
		Location:   policy.LocationID(out.code(tag, c.Location)),
		CallNumber: out.text(tag, c.CallNumber, maxLine),
		Note:       out.text(tag, c.Note, maxNote),
		Parts:      partsOf(c.Parts),
	})
}

// partsOf reads what belongs to an item as catalogues write it: "1 book + 2 discs",
// "disc 1; disc 2". Nil where that is one thing: there is nothing to count.
func partsOf(said string) []string {
	parts := circ.Parts(strings.FieldsFunc(said, func(r rune) bool { return r == '+' || r == ';' }))
	if len(parts) < 2 {
		return nil
	}
	return parts
}

// fieldOf gives the field of a warning; one of the record as a whole has none.
func fieldOf(w marc.Warning) string {
	if w.Tag == "" {
		return "record"
	}
	return w.Tag
}

// reasonOf gives the reason of a warning, with some of the bytes that it is about.
func reasonOf(w marc.Warning) string {
	const most = 8
	why := text.Clean(w.Reason, maxLine)
	switch n := len(w.Bytes); {
	case n > most:
		return fmt.Sprintf("%s (% X … and %d more)", why, w.Bytes[:most], n-most)
	case n > 0:
		return fmt.Sprintf("%s (% X)", why, w.Bytes)
	}
	return why
}

// shown gives a field as people write it.
func shown(f marc.Field) string {
	var b strings.Builder
	for _, s := range f.Subfields {
		fmt.Fprintf(&b, "$%c %s ", s.Code, s.Value)
	}
	return b.String()
}

func number(n int) string { return strconv.Itoa(n) }

func contains(all []string, s string) bool {
	for _, v := range all {
		if v == s {
			return true
		}
	}
	return false
}
