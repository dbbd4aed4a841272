package sample

import (
	_ "embed"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// Where the demo's desk stands, and what it is called.
const (
	Library policy.LibraryID = "main"
	Desk    circ.DeskID      = "main-1"
)

//go:embed data/rules.toml
var rulesTOML string

//go:embed data/operators.toml
var operatorsTOML string

// Rules gives the rules of the sample library, as policy.Parse reads them. The
// bytes are the caller's.
func Rules() []byte { return []byte(rulesTOML) }

// Operators gives the operators of the sample library, as operator.Parse reads
// them: ana (PIN 1234) lends and may override what a clerk may, head (9876) may
// do everything, temp (5555) does the ordinary work. The bytes are the caller's.
func Operators() []byte { return []byte(operatorsTOML) }

// Tour is what a newcomer tries first.
type Tour struct {
	// Cards.
	Lend    string // nothing stands in the way
	Owes    string // owes more than the limit: the desk asks
	Expired string // the card is over: the desk asks
	Lost    string // the card was lost and replaced: refused

	// Barcodes of items.
	LendItem string // stands on the shelf, and nobody waits for it
	HeldItem string // kept on the hold shelf for somebody else
	BackItem string // on loan: another waits, so it goes to the hold shelf

	Operator, PIN       string // signed in
	Manager, ManagerPIN string // may say yes to what concerns money
}

// TheTour gives what a newcomer tries first in the sample library.
func TheTour() Tour {
	return Tour{
		Lend:     "21234567890017",
		Owes:     "21234567890025",
		Expired:  "21234567890033",
		Lost:     "21234567890041",
		LendItem: "31234567890015",
		HeldItem: "31234567890031",
		BackItem: "31234567890049",
		Operator: "ana",
		PIN:      "1234",

		Manager:    "head",
		ManagerPIN: "9876",
	}
}
