package label

// Decoded is all that a code shows.
type Decoded struct {
	Code      string    `json:"code"` // as it was given
	Kind      Kind      `json:"kind"`
	Symbology Symbology `json:"symbology"` // as the reader says, else as the form shows; empty: it may be several
	Check     Check     `json:"check"`
	Canonical string    `json:"canonical"` // the one form of all that mean the same
	Tell      []Tell    `json:"tell"`      // what to tell the clerk; never nil
	Scheme    Scheme    `json:"-"`         // by which Check is right or wrong; empty: by none
	AddOn     string    `json:"-"`         // the digits of the small barcode beside an EAN or UPC
}

// Decode says all that a code shows; pass what [circdesk/desk/text.Code] returned, and
// the AIM identifier that the reader sent, such as "]F0", or nothing.
//
// A pattern of the library decides before all else, also one that only the canonical
// form fits. Without one a code is read in every way that its form allows, the surest
// first, and the first whose check digit fits is taken. The check digit is wrong where
// the form allows one way only; where it allows several nobody knows.
//
// The canonical form of a canonical form is itself, under the same identifier.
func (r *Rules) Decode(code, symbology string) Decoded {
	told := identifier(symbology)
	d := Decoded{Code: code, Symbology: told.symbology(), Tell: []Tell{}}
	if o, got, ok := r.look(code, told); ok {
		d.own(o, told)
	} else {
		d.read(got, told)
	}
	return d
}

// own fills in a number of the library's own.
func (d *Decoded) own(o own, told aim) {
	d.Kind, d.Canonical, d.Check, d.Scheme = o.kind, o.code, o.check, o.scheme
	d.bars(o.bars)
	if d.Check == NoCheck {
		d.byReader(told)
	}
	d.tell(o.check == Wrong && o.refuse, TellRefused)
	d.tell(o.check == Wrong && !o.refuse, TellCheck)
	d.tell(o.both, TellBoth)
	d.tell(o.bars != "", TellEnds)
	d.tell(o.cased, TellCase)
}

// read fills in a number that is not of the library's own.
func (d *Decoded) read(r reading, told aim) {
	d.Kind, d.Canonical, d.Check, d.Scheme, d.AddOn = r.kind, r.canonical, r.check, r.scheme, r.addOn
	d.bars(r.symbology)
	if d.Check != Right {
		d.byReader(told)
	}
	d.tell(d.Check == Wrong, TellCheck)
	d.tell(d.Kind.Tell() != "", d.Kind.Tell())
	d.tell(r.kind == Unknown || r.guess, TellPattern)
	d.tell(r.ends, TellEnds)
}

// bars fills in what the form shows, where the reader says nothing or less.
func (d *Decoded) bars(s Symbology) {
	if s != "" && (d.Symbology == "" || d.Symbology == retailBars || d.Symbology == OtherBars) {
		d.Symbology = s
	}
}

// byReader takes the reader's word for a check digit.
func (d *Decoded) byReader(told aim) {
	if told.checked() {
		d.Check, d.Scheme = Right, ByReader
	}
}

func (d *Decoded) tell(so bool, what Tell) {
	if so {
		d.Tell = append(d.Tell, what)
	}
}

// reading is one way to read a code.
type reading struct {
	kind      Kind
	symbology Symbology // as the form shows; empty: it may be several
	scheme    Scheme    // empty: no check digit
	check     Check
	canonical string
	addOn     string
	sole      bool // the form allows no other way: a check digit that does not fit is wrong
	guess     bool // nothing but the form speaks for it
	ends      bool // start and stop were left out
}

// form reads a code in one way; ok is false where the code has not that form.
type form func(code string, told aim) (r reading, ok bool)

// forms are the ways to read a code, the surest first.
var forms = []form{
	library, ean13, upcA, isbn, withAddOn, isbnPrice, addOnAlone, upcE, ean8, issn, sierra, follett, plusMod11, msi, plesseyBars, code39Mod43,
}

// read reads a code in the first way whose check digit is right, that allows no other,
// or that has no check digit.
func read(code string, told aim) reading {
	if inner, bars, ok := withoutEnds(code, told); ok && (!told.silent() || len(inner) == 14 && digits(inner)) {
		if told.silent() {
			told.letter = map[Symbology]byte{Codabar: 'F', Code39: 'A'}[bars]
		}
		r := read(inner, told)
		r.symbology, r.ends = bars, true
		return r
	}
	for _, f := range forms {
		if r, ok := f(code, told); ok && (r.check != Wrong || r.sole) {
			return r
		}
	}
	return reading{kind: Unknown, check: NoCheck, canonical: code}
}
