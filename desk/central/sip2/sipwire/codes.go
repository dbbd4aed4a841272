package sipwire

// The codes of the protocol, as they stand in messages. Systems have more of
// their own: an unknown code is to be shown as it is.

// Circulation says where an item is.
type Circulation string

const (
	CircOther           Circulation = "01"
	CircOnOrder         Circulation = "02"
	CircAvailable       Circulation = "03"
	CircCharged         Circulation = "04"
	CircChargedNoRecall Circulation = "05" // not to be recalled before its earliest recall date
	CircInProcess       Circulation = "06"
	CircRecalled        Circulation = "07"
	CircOnHoldShelf     Circulation = "08"
	CircToBeReshelved   Circulation = "09"
	CircInTransit       Circulation = "10"
	CircClaimedReturned Circulation = "11"
	CircLost            Circulation = "12"
	CircMissing         Circulation = "13"
)

// Marker is what secures an item.
type Marker string

const (
	MarkerOther       Marker = "00"
	MarkerNone        Marker = "01"
	MarkerTattleTape  Marker = "02"
	MarkerWhisperTape Marker = "03"
)

// FeeType says what a fee is for.
type FeeType string

const (
	FeeOther          FeeType = "01"
	FeeAdministrative FeeType = "02"
	FeeDamage         FeeType = "03"
	FeeOverdue        FeeType = "04"
	FeeProcessing     FeeType = "05"
	FeeRental         FeeType = "06"
	FeeReplacement    FeeType = "07"
	FeeComputer       FeeType = "08"
	FeeHold           FeeType = "09"
)

// PaymentType says how a fee was paid.
type PaymentType string

const (
	PaidCash       PaymentType = "00"
	PaidVISA       PaymentType = "01"
	PaidCreditCard PaymentType = "02"
)

// Media is what an item is made of.
type Media string

const (
	MediaOther            Media = "000"
	MediaBook             Media = "001"
	MediaMagazine         Media = "002"
	MediaBoundJournal     Media = "003"
	MediaAudioTape        Media = "004"
	MediaVideoTape        Media = "005"
	MediaCD               Media = "006"
	MediaDiskette         Media = "007"
	MediaBookAndDiskette  Media = "008"
	MediaBookAndCD        Media = "009"
	MediaBookAndAudioTape Media = "010"
)

// HoldType says which copies a hold is for.
type HoldType string

const (
	HoldOther          HoldType = "1"
	HoldAnyCopy        HoldType = "2" // of the title
	HoldSpecificCopy   HoldType = "3"
	HoldAnyAtOneBranch HoldType = "4"
)

// HoldAction says what a hold message does.
type HoldAction string

const (
	HoldAdd    HoldAction = "+"
	HoldCancel HoldAction = "-"
	HoldChange HoldAction = "*"
)

// Condition is how a terminal is.
type Condition string

const (
	TerminalOK           Condition = "0"
	TerminalOutOfPaper   Condition = "1"
	TerminalShuttingDown Condition = "2"
)

// AlertType says why a sorting machine puts an item aside. A system in use sends
// 00 although nothing is the matter.
type AlertType string

const (
	AlertUnknown    AlertType = "00"
	AlertLocalHold  AlertType = "01"
	AlertRemoteHold AlertType = "02"
	AlertILL        AlertType = "03"
	AlertTransit    AlertType = "04"
	AlertOther      AlertType = "99"
)

// Languages are those of the protocol, each at the place of its number: English
// is 001.
var Languages = [...]string{
	"unknown", "English", "French", "German", "Italian", "Dutch", "Swedish", "Finnish", "Spanish", "Danish",
	"Portuguese", "Canadian French", "Norwegian", "Hebrew", "Japanese", "Russian", "Arabic", "Polish", "Greek", "Chinese",
	"Korean", "North American Spanish", "Tamil", "Malay", "United Kingdom", "Icelandic", "Belgian", "Taiwanese",
}
