package sipwire

// Tag names a variable field: two characters, A to Z and 0 to 9. "" stands for
// bytes between delimiters that are no field.
type Tag string

// The fields of the protocol, and those of extensions that several systems
// share. Systems give other tags meanings of their own, and not the same ones:
// PA is a date at one and a flag at another. These are for each system's profile.
const (
	PatronID          Tag = "AA"
	ItemID            Tag = "AB"
	TerminalPassword  Tag = "AC"
	PatronPassword    Tag = "AD"
	PersonalName      Tag = "AE"
	ScreenMessage     Tag = "AF" // may be repeated
	PrintLine         Tag = "AG" // may be repeated
	DueDate           Tag = "AH" // free text, see [ReadDue]
	Title             Tag = "AJ"
	BlockedMessage    Tag = "AL"
	LibraryName       Tag = "AM"
	TerminalLocation  Tag = "AN"
	Institution       Tag = "AO"
	CurrentLocation   Tag = "AP"
	PermanentLocation Tag = "AQ"
	HoldItem          Tag = "AS" // may be repeated, as all that list items
	OverdueItem       Tag = "AT"
	ChargedItem       Tag = "AU"
	FineItem          Tag = "AV"
	SequenceTag       Tag = "AY" // at the end of a message; see [Message]
	ChecksumTag       Tag = "AZ" // the same
	HomeAddress       Tag = "BD"
	Email             Tag = "BE"
	HomePhone         Tag = "BF"
	Owner             Tag = "BG"
	CurrencyType      Tag = "BH"
	Cancel            Tag = "BI" // Y or N
	TransactionID     Tag = "BK"
	ValidPatron       Tag = "BL" // Y or N
	RenewedItem       Tag = "BM"
	UnrenewedItem     Tag = "BN"
	FeeAcknowledged   Tag = "BO" // Y or N
	StartItem         Tag = "BP" // counts from 1
	EndItem           Tag = "BQ"
	QueuePosition     Tag = "BR"
	PickupLocation    Tag = "BS"
	FeeTypeTag        Tag = "BT"
	RecallItem        Tag = "BU"
	FeeAmount         Tag = "BV" // see [ReadAmount]
	ExpirationDate    Tag = "BW" // 18 characters
	SupportedMessages Tag = "BX" // see [Supported]
	HoldTypeTag       Tag = "BY"
	HoldItemsLimit    Tag = "BZ" // four digits, as the other limits
	OverdueItemsLimit Tag = "CA"
	ChargedItemsLimit Tag = "CB"
	FeeLimit          Tag = "CC"
	UnavailableHold   Tag = "CD"
	HoldQueueLength   Tag = "CF"
	FeeID             Tag = "CG"
	ItemProperties    Tag = "CH"
	SecurityInhibit   Tag = "CI" // Y or N
	RecallDate        Tag = "CJ" // 18 characters
	MediaTag          Tag = "CK"
	SortBin           Tag = "CL"
	HoldPickupDate    Tag = "CM" // 18 characters
	LoginUser         Tag = "CN"
	LoginPassword     Tag = "CO"
	LoginLocation     Tag = "CP"
	ValidPassword     Tag = "CQ" // Y or N; only when a password was sent

	// Extensions of 3M (2005) for sorting machines.
	Collection     Tag = "CR"
	CallNumber     Tag = "CS"
	Destination    Tag = "CT"
	AlertTag       Tag = "CV"
	HoldPatronID   Tag = "CY"
	HoldPatronName Tag = "DA"
)

// Field is one variable field, or bytes between two delimiters that are none.
type Field struct {
	Tag   Tag
	Value []byte
	Open  bool // no delimiter stands behind: the last field, as some peers end it
}

// append writes the field as it stood.
func (f Field) append(dst []byte, delimiter byte) []byte {
	dst = append(dst, f.Tag...)
	dst = append(dst, f.Value...)
	if !f.Open {
		dst = append(dst, delimiter)
	}
	return dst
}

// known holds the tags above by their bytes, so that reading one makes no
// string.
var known = func() map[string]Tag {
	all := make(map[string]Tag)
	for _, m := range messages {
		for _, u := range m.Fields {
			all[string(u.Tag)] = u.Tag
		}
	}
	for _, t := range extensions {
		all[string(t)] = t
	}
	return all
}()

// extensions are the fields that no message of the protocol itself has.
var extensions = []Tag{Collection, CallNumber, Destination, AlertTag, HoldPatronID, HoldPatronName}

// tagAt returns the tag that the bytes begin with. ok is false where none is.
func tagAt(b []byte) (t Tag, ok bool) {
	if !startsTag(b) {
		return "", false
	}
	if t, ok := known[string(b[:2])]; ok {
		return t, true
	}
	return Tag(b[:2]), true
}

func startsTag(b []byte) bool { return len(b) >= 2 && codeChar(b[0]) && codeChar(b[1]) }

// codeChar reports what codes of messages and tags consist of.
func codeChar(c byte) bool { return c >= 'A' && c <= 'Z' || digit(c) }
