package label

// Kind is what a code looks like. In JSON kinds stand as they are: never renamed.
type Kind string

const (
	Unknown Kind = "unknown" // nothing decides: look it up as a card and as an item
	Card    Kind = "patron"  // a patron's card
	Item    Kind = "item"    // an item's own barcode
	ISBN    Kind = "isbn"    // the publisher's number of an edition, not of an item
	ISSN    Kind = "issn"    // of a serial
	ISMN    Kind = "ismn"    // of printed music
	EAN     Kind = "ean"     // of another product
	UPC     Kind = "upc"     // of another product, in North America
	AddOn   Kind = "add_on"  // the small barcode beside one of the five above, alone
	Sierra  Kind = "sierra"  // the number of a record in Sierra or Millennium: typed, never scanned
)

// Tell is what to tell the clerk of a code that looks so; empty for a library's own
// numbers, and for what nothing decides.
func (k Kind) Tell() Tell {
	switch k {
	case ISBN:
		return TellISBN
	case ISSN:
		return TellISSN
	case ISMN:
		return TellISMN
	case EAN, UPC:
		return TellProduct
	case AddOn:
		return TellAddOn
	case Sierra:
		return TellRecord
	}
	return ""
}

// Label is a code and what it looks like.
type Label struct {
	Kind       Kind
	Code       string // what to look up first; then the code as it was read
	CheckWrong bool   // the check digit of the library's own number is wrong: perhaps misread, so warn
	Refuse     bool   // CheckWrong, and the library takes no such number
	ISBN       string // for [ISBN]: its 13 digits, whatever the form that was read
}

// Tell is what to tell the clerk about a code. Each has a row in desk/words, which
// may say the code, {code}. In JSON they stand as they are: never renamed.
type Tell string

const (
	TellCheck   Tell = "check_digit"   // wrong: perhaps misread
	TellRefused Tell = "check_refused" // wrong, and the library takes no such number
	TellISBN    Tell = "isbn"
	TellISSN    Tell = "issn"
	TellISMN    Tell = "ismn"
	TellProduct Tell = "product"
	TellAddOn   Tell = "add_on"
	TellRecord  Tell = "record"
	TellEnds    Tell = "ends"       // the reader sends start and stop
	TellCase    Tell = "letters"    // the library's letters are the other case: Caps Lock
	TellBoth    Tell = "both"       // patterns of cards and of items fit
	TellPattern Tell = "no_pattern" // nothing is known of this code
	TellNoCode  Tell = "no_code"    // it cannot be one code at all: see text.Code
)
