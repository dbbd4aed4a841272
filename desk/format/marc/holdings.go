package marc

// Copy is one item as a record holds it. Codes are the source's own. What the
// field does not say is "".
type Copy struct {
	Barcode    string // never ""
	CallNumber string
	Library    string
	Location   string
	ItemType   string
	Number     string // which copy it is: "2", "c.2"
	Note       string
	Parts      string // what belongs to it: "1 book + 2 discs"
}

// Fields says where a system puts its items: the tag of the field that each
// item has, and for each fact the codes of the subfields that hold it. Several
// codes are joined by a blank in the order of the field; "" means that the
// field does not say.
type Fields struct {
	Tag        string
	Barcode    string // each subfield with one of these codes is an item
	CallNumber string
	Library    string
	Location   string
	ItemType   string
	Number     string
	Note       string
	Parts      string
}

// Field949 is field 949 as SirsiDynix systems export it.
func Field949() Fields {
	return Fields{Tag: "949", Barcode: "i", CallNumber: "a", Library: "m", Location: "l", ItemType: "t", Number: "c"}
}

// Field952 is Koha's field 952.
func Field952() Fields {
	return Fields{Tag: "952", Barcode: "p", CallNumber: "o", Library: "a", Location: "c", ItemType: "y", Number: "t", Note: "z", Parts: "3"}
}

// Field852 is the location field of MARC 21 holdings; the call number has a
// prefix, a class, an item part and a suffix.
func Field852() Fields {
	return Fields{Tag: "852", Barcode: "p", CallNumber: "khim", Library: "b", Location: "c", Number: "t", Note: "z", Parts: "3"}
}

// Presets are the fields that [Record.Holdings] tries when it is given none.
func Presets() []Fields {
	return []Fields{Field949(), Field952(), Field852()}
}

// Holdings are the items that a record holds.
type Holdings struct {
	Tag    string  // the field they were found in; "" when no field has a barcode
	Copies []Copy  // in the order of the record
	Unread []Field // fields of that tag without a barcode; with Tag "", those of every tag tried
}

// Holdings reads the items of the record. Of the fields given, in their order,
// the first one with a barcode counts and the others are not looked at: systems
// leave old item fields behind. With none given it tries [Presets].
func (r *Record) Holdings(fields ...Fields) Holdings {
	if len(fields) == 0 {
		fields = Presets()
	}
	var unread []Field
	for _, in := range fields {
		h := Holdings{Tag: in.Tag}
		for f := range r.Fields(in.Tag) {
			if copies := in.copies(f); copies != nil {
				h.Copies = append(h.Copies, copies...)
			} else {
				h.Unread = append(h.Unread, f)
			}
		}
		if h.Copies != nil {
			return h
		}
		unread = append(unread, h.Unread...)
	}
	return Holdings{Unread: unread}
}

// copies gives the items of one field, nil when it has no barcode.
func (in Fields) copies(f Field) []Copy {
	var all []Copy
	for i := range len(in.Barcode) {
		for _, v := range f.Values(in.Barcode[i]) {
			v = tidy(v)
			if v == "" {
				continue
			}
			all = append(all, Copy{
				Barcode:    v,
				CallNumber: f.join(in.CallNumber),
				Library:    f.join(in.Library),
				Location:   f.join(in.Location),
				ItemType:   f.join(in.ItemType),
				Number:     f.join(in.Number),
				Note:       f.join(in.Note),
				Parts:      f.join(in.Parts),
			})
		}
	}
	return all
}
