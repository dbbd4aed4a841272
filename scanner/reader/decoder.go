package reader

import (
	"circdesk/scanner"
	"circdesk/scanner/keyboard"
	"circdesk/scanner/pos"
	"circdesk/scanner/wedge"
)

// Decoder returns a decoder for a device: of the kind that the setup names, or else
// the device itself. A device that says nothing is taken for a point of sale
// scanner, whose reports show what they are. The error names what the setup has
// that there is none of.
func Decoder(info scanner.Info, setup scanner.Setup) (scanner.Decoder, error) {
	kind := setup.Kind
	if kind == scanner.Unknown {
		kind = info.Kind
	}
	switch kind {
	case scanner.Keyboard:
		return keyboard.New(info, setup)
	case scanner.Serial:
		return wedge.NewLine(setup), nil
	}
	return pos.New(info, setup), nil
}
