package words

// The loan slip.
const (
	SlipTitle    Key = "slip.title"
	SlipPatron   Key = "slip.patron"    // {name}
	SlipCardTail Key = "slip.card_tail" // {tail}
	SlipDue      Key = "slip.due"       // {due}
	SlipCount    Key = "slip.count"     // {n}
	SlipNone     Key = "slip.none"
	SlipRecalled Key = "slip.recalled"
	SlipPrinted  Key = "slip.printed" // {at}
	SlipThanks   Key = "slip.thanks"
	SlipUntitled Key = "slip.untitled"
)
