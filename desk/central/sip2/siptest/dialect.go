package siptest

// Policy says what a system does with what it does not know.
type Policy int

const (
	PassOver Policy = iota // nothing, as the protocol has it
	AskAgain               // a 96
	HangUp                 // the connection ends
	SayPlain               // a line of text that is no SIP2
)

// Dialect is how a system speaks and what it does, where systems differ. The
// zero Dialect is the protocol's own, but with code page 850 written as given.
type Dialect struct {
	Name string

	// How it writes.
	Terminator  string // "": CR
	Charset     string // cp850, ascii, latin1, utf8; "": cp850
	Decomposed  bool   // accents stand behind their letters
	StripsTail  bool   // what is no letter or digit at the end of a message it reads does not count
	Entities    bool   // a delimiter in a value is &#124;, otherwise a blank
	DueLayout   string // of AH, as package time has it; "": 18 characters
	NameFirst   bool   // AE comes first and AO last in patron status
	Greeting    string // an AF in each answer about a patron; what is owed stands behind it
	Services    string // BX
	Capable     string // the six flags, timeout and retries of a 98
	PlainErrors bool   // an error of its own is a line of text; otherwise the connection ends

	// What it takes.
	Strict         bool            // a message without number and checksum is asked for again
	OpenFields     bool            // the last field may end without a delimiter
	StatusFirst    bool            // 99 is answered before login
	Unknown        Policy          // of a message that the protocol does not know
	Lacks          map[string]bool // codes of the protocol that it does not take; answered as Unknown
	ResendNumbered bool            // the answer to 97 has the number 0
	Remembers      bool            // the same number and checksum again: the same answer, and nothing done
	Announces      bool            // the first of each kind of message is answered with 98, and not done
	LocationNeeded bool            // a login without CP fails

	// What it does.
	RenewsOwn       bool // a second check-out by the same patron renews, whatever the flag says
	RenewsFromDue   bool // a renewal reckons from the date due; otherwise from today
	HonoursNoBlock  bool
	HonoursReturn   bool // a check-in ends the loan at its return date
	FeeAgain        bool // the fee of an item is charged at each check-out, a renewal, too
	AsksFee         bool // an item with a fee wants BO
	NeverRenewalOK  bool // renewal ok is N in each answer
	MagneticUnknown bool
	PatronFirst     bool   // what is refused because of the patron says nothing about the item
	PasswordAlways  bool   // CQ N where no password was sent
	PlainIn         bool   // a check-in of what is not out is well (1)
	AlertNotOut     bool   // a check-in of what is not out alerts
	CrashNoItem     bool   // a check-in of an item that nobody knows ends the connection
	AlertTypeAlways bool   // CV 00 and an empty CT stand in each check-in
	TakesMore       bool   // a payment of more than is owed is taken
	RenewalsTag     string // the field of item information with how often the item was renewed; "": none
	TitlesInLists   bool   // lists bring titles, not barcodes
}

const allServices = "YYYYYYYYYYYYYYYY"

// Plain is a system by the letter of the protocol. It does not honour no block.
func Plain() Dialect {
	return Dialect{
		Name: "plain", Services: allServices, Capable: "YYYYYN100003", OpenFields: true, StatusFirst: true,
		AsksFee: true, Remembers: true,
	}
}

// Koha is as Koha was measured.
func Koha() Dialect {
	return Dialect{
		Name: "koha", Terminator: "\r\n", Charset: "utf8", Services: "YYYYYYYYYYYYNYYY", Capable: "YYYYNN100005",
		OpenFields: true, StatusFirst: true, Unknown: AskAgain, ResendNumbered: true,
		DueLayout: "01/02/2006 15:04", NameFirst: true, Greeting: "Greetings from Koha.",
		RenewsOwn: true, RenewsFromDue: true, HonoursReturn: true, FeeAgain: true, PatronFirst: true, PasswordAlways: true,
		AlertNotOut: true, AlertTypeAlways: true, TakesMore: true,
	}
}

// Evergreen is as SIPServer before an Evergreen was measured.
func Evergreen() Dialect {
	return Dialect{
		Name: "evergreen", Charset: "utf8", Decomposed: true, StripsTail: true, Entities: true,
		Services: "YYYYYYYYYYYNYNYY", Capable: "YYYYNN300003", OpenFields: true, Unknown: HangUp,
		ResendNumbered: true, DueLayout: "2006-01-02 15:04:05", RenewsOwn: true, PatronFirst: true, CrashNoItem: true, AsksFee: true,
	}
}

// FOLIO is as the gateway edge-sip2 was read.
func FOLIO() Dialect {
	return Dialect{
		Name: "folio", Services: "YYYNYYYYYYYNNYYY", Capable: "YYYYNN005003", Strict: true, StatusFirst: true,
		PlainErrors: true, Unknown: SayPlain, Lacks: map[string]bool{"01": true, "15": true, "25": true},
		Remembers: true, NeverRenewalOK: true, MagneticUnknown: true, PlainIn: true, LocationNeeded: true,
		RenewsOwn: true, RenewsFromDue: true,
	}
}

// Announcer is a plain system that answers 98 in the place of the first answer
// to each kind of message. It has not done then what was asked.
func Announcer() Dialect {
	d := Plain()
	d.Name, d.Announces = "announcer", true
	return d
}

// Dialects are all of them, by name in this order: plain, koha, evergreen, folio,
// announcer.
func Dialects() []Dialect {
	return []Dialect{Plain(), Koha(), Evergreen(), FOLIO(), Announcer()}
}
