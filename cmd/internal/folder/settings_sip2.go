package folder

// SIP2 is what desk.toml says of a central system that speaks SIP2. What it does not
// say is as the profile has it.
type SIP2 struct {
	Address string `toml:"address"` // host:port, in place of central = "sip2://…" above
	TLS     bool   `toml:"tls"`     // of address: sip2s://
	Profile string `toml:"profile"` // koha, evergreen, …; empty: plain
	// Plain allows the way without TLS to another machine: whoever sees that network
	// sees the patrons and the password.
	Plain  bool   `toml:"plain"`
	CAFile string `toml:"ca_file"` // PEM, of who has signed the server's certificate; empty: the system's

	User         string `toml:"user"`          // CN; empty: the system wants none
	Password     string `toml:"password"`      // CO
	PasswordFile string `toml:"password_file"` // its first line, in place of password; so is CIRCDESK_SIP2_PASSWORD
	Location     string `toml:"location"`      // CP
	Institution  string `toml:"institution"`   // AO
	Branch       string `toml:"branch"`        // AP
	Terminal     string `toml:"terminal"`      // AC
	Language     string `toml:"language"`      // three digits
	Zone         string `toml:"zone"`          // IANA; empty: the library's
	Currency     string `toml:"currency"`      // of amounts that name none; empty: the rules'

	Charset     string   `toml:"charset"`      // utf-8, latin-1, cp850, ascii
	Delimiter   string   `toml:"delimiter"`    // empty: |
	Terminator  string   `toml:"terminator"`   // cr, lf, crlf
	NoChecksums bool     `toml:"no_checksums"` // nor sequence numbers
	Status      string   `toml:"status"`       // 99: first, after (the login), never
	EndSession  *bool    `toml:"end_session"`
	Connections int      `toml:"connections"`
	Timeout     int      `toml:"timeout_s"`  // of an answer
	Ping        int      `toml:"ping_s"`     // -1: never
	SmallTalk   []string `toml:"small_talk"` // beginnings of texts for the screen that say nothing
	Dates       []string `toml:"dates"`      // further forms of a due date: 02/01/2006 15:04

	Fields struct {
		Birth    string `toml:"birth"`
		Expiry   string `toml:"expiry"`
		Class    string `toml:"class"`
		Home     string `toml:"home"`
		Internet string `toml:"internet"`
		Internal string `toml:"internal"`
		Postcode string `toml:"postcode"`
		Expired  string `toml:"expired"`
		Renewals string `toml:"renewals"` // of an item: how often it was renewed
	} `toml:"fields"`
}

// Central gives the address of the system as central has it; empty: there is none.
func (s SIP2) Central() string {
	switch {
	case s.Address == "":
		return ""
	case s.TLS:
		return "sip2s://" + s.Address
	}
	return "sip2://" + s.Address
}
