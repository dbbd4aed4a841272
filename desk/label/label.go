package label

// Kind is what a code looks like.
type Kind string

const (
	Unknown Kind = ""     // no pattern decides: look it up as a card and as an item
	Card    Kind = "card" // a patron's card
	Item    Kind = "item" // an item's own barcode
	ISBN    Kind = "isbn" // the publisher's barcode of an edition, not of an item
)

// Label is a code and what it looks like.
type Label struct {
	Kind       Kind
	Code       string // what to look up
	CheckWrong bool   // the check digit is wrong: perhaps misread, so warn; never a reason to refuse
	ISBN       string // for [ISBN]: its 13 digits, whatever the form that was read
}
