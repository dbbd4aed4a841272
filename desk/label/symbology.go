package label

// Symbology is the kind of bars that a code was printed in. In JSON they stand as
// they are: never renamed. Symbologies of which no form here knows anything have no
// constant.
type Symbology string

const (
	Codabar    Symbology = "codabar"
	Code39     Symbology = "code39"
	EAN13      Symbology = "ean13"
	EAN8       Symbology = "ean8"
	UPCA       Symbology = "upca"
	UPCE       Symbology = "upce"
	MSI        Symbology = "msi"
	Plessey    Symbology = "plessey"
	OtherBars  Symbology = "other" // the reader says: none of those with a letter of their own
	retailBars Symbology = "ean"   // the reader says EAN or UPC, and not which
)

// symbologies are the letters of AIM identifiers (ISO/IEC 15424).
var symbologies = map[byte]Symbology{
	'A': Code39, 'B': "telepen", 'C': "code128", 'D': "code1", 'E': retailBars, 'F': Codabar, 'G': "code93", 'H': "code11",
	'I': "itf", 'K': "code16k", 'L': "pdf417", 'M': MSI, 'O': "codablock", 'P': Plessey, 'Q': "qr", 'R': "straight2of5",
	'S': "straight2of5", 'T': "code49", 'U': "maxicode", 'X': OtherBars, 'd': "datamatrix", 'e': "databar", 'h': "hanxin", 'z': "aztec",
}

// aim is what an AIM identifier says; zero: nothing.
type aim struct {
	letter   byte // of the symbology
	modifier byte // what the reader did
}

// identifier reads an AIM identifier such as "]F0"; anything else says nothing.
func identifier(s string) aim {
	if len(s) != 3 || s[0] != ']' || symbologies[s[1]] == "" {
		return aim{}
	}
	return aim{s[1], s[2]}
}

// symbology is what the identifier names; empty when it says nothing.
func (a aim) symbology() Symbology { return symbologies[a.letter] }

// silent reports whether the reader said nothing, or the code was typed.
func (a aim) silent() bool { return a == aim{} }

// retail reports whether a code may be an EAN or UPC: the reader says so, says it is
// the ISBN of a book (Zebra's ]X0), or says nothing.
func (a aim) retail() bool { return a.silent() || a.letter == 'E' || a == aim{'X', '0'} }

// isRetail reports whether the reader says that it is an EAN or UPC.
func (a aim) isRetail() bool { return a.letter == 'E' }

// addOns reports whether the reader says that it read the small barcode beside an EAN or
// UPC, or looked for one.
func (a aim) addOns() bool { return a.isRetail() && a.modifier >= '1' && a.modifier <= '3' }

// checked reports whether the reader says that it has checked the check digit, be it
// sent or not.
func (a aim) checked() bool {
	switch a.letter {
	case 'A':
		return a.modifier == '1' || a.modifier == '3' || a.modifier == '5' || a.modifier == '7'
	case 'F':
		return a.modifier == '2' || a.modifier == '4'
	case 'H', 'I':
		return a.modifier == '1' || a.modifier == '3'
	case 'M':
		return a.modifier == '1'
	}
	return false
}
