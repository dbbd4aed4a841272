package folder

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/pelletier/go-toml/v2"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// Settings are what desk.toml says. What it does not say is the zero value.
type Settings struct {
	Desk      string `toml:"desk"`       // the desk's id; empty: the one in its journal, or a new one
	Library   string `toml:"library"`    // where it stands; empty: where most items are
	Drawer    string `toml:"drawer"`     // the drawer for money that it uses, which other desks may share; empty: [Drawer]
	Central   string `toml:"central"`    // the central server; empty: one of its own, in this folder
	Token     string `toml:"token"`      // that a central server asks for which enrols no desks
	Relay     string `toml:"relay"`      // the relay of the branch; empty: there is none
	Mirror    string `toml:"mirror"`     // a folder on another disk, where the journal is written a second time; empty: nowhere
	PlainHTTP bool   `toml:"plain_http"` // http to another machine: whoever sees that network sees the patrons

	SIP2 SIP2 `toml:"sip2"` // where Central is a sip2:// or sip2s:// address
	Seal struct {
		Keys           string `toml:"keys"`            // where the keys are: "keyring", "passphrase"; "none": new files stay open; empty: keyring
		PassphraseFile string `toml:"passphrase_file"` // its first line; empty: it is asked for
		Days           int    `toml:"days"`            // the copy is emptied after so many without the central server; 0: 14; less: never
	} `toml:"seal"`

	Labels struct {
		Cards []string `toml:"cards"` // patterns; both empty: 14-digit library numbers
		Items []string `toml:"items"`
	} `toml:"labels"`
	Typing   Typing `toml:"typing"`
	Scanners struct {
		OnlyNamed bool `toml:"only_named"` // only those below; otherwise also what says that it is a scanner
		Again     int  `toml:"again_ms"`   // a label that still lies before the reader is one scan; 0: 400
	} `toml:"scanners"`
	Scanner []Scanner `toml:"scanner"`
	Slip    struct {
		To   string `toml:"to"`   // "file", "printer"; empty: file
		File string `toml:"file"` // empty: slips.txt in this folder
	} `toml:"slip"`
	Screen struct {
		Theme  string              `toml:"theme"`
		Silent bool                `toml:"silent"`
		Keys   map[string][]string `toml:"keys"` // other keys for actions, by the action's id
	} `toml:"screen"`
}

// Typing is how the scanners are programmed that type.
type Typing struct {
	Layout string `toml:"layout,omitempty"` // the keyboard that they type on; empty: the computer's
	Host   string `toml:"host,omitempty"`   // the computer's; empty: the same
	Prefix string `toml:"prefix,omitempty"`
	Suffix string `toml:"suffix,omitempty"`
}

// Scanner is a scanner that is read as a device.
type Scanner struct {
	Name   string `toml:"name"`             // vendor:product[:serial], or the path of a serial port
	Kind   string `toml:"kind,omitempty"`   // "pos", "keyboard", "serial"; empty: as it says
	Layout string `toml:"layout,omitempty"` // the keyboard that it types on: us, uk, de, fr
	Prefix string `toml:"prefix,omitempty"`
	Suffix string `toml:"suffix,omitempty"`
	Line   string `toml:"line,omitempty"` // of a serial line: "9600,8,n,1"
	Caps   bool   `toml:"caps,omitempty"` // it counts on Caps Lock being on
	Pause  int    `toml:"pause_ms,omitempty"`
}

// Drawer is the name of the drawer of a desk whose settings name none.
const Drawer = "till"

// mostSettings bounds desk.toml, in bytes.
const mostSettings = 1 << 20

// ReadSettings reads desk.toml; a folder without one has no settings. Keys that
// are not known are an error, so that a slip of the pen is seen.
func (f Folder) ReadSettings() (s Settings, err error) {
	s.Drawer = Drawer
	r, err := os.Open(f.File(DeskTOML))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, mostSettings))
	if err != nil {
		return s, err
	}
	err = toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&s)
	if strict, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		return s, fmt.Errorf("read %s: %s", f.File(DeskTOML), strict.String())
	}
	if err != nil {
		return s, fmt.Errorf("read %s: %w", f.File(DeskTOML), err)
	}
	if s.Drawer == "" {
		s.Drawer = Drawer
	}
	if _, ok := circ.NewDrawerID(policy.LibraryID(s.Library), s.Drawer); !ok {
		return s, fmt.Errorf("read %s: drawer = %q: a name of letters, digits, - and _", f.File(DeskTOML), s.Drawer)
	}
	return s, nil
}

// SettingsText is a first desk.toml: every setting, as it is without it.
const SettingsText = `# The settings of this desk. Each line shows how it is without the line.

# desk = ""          # this desk's id: chosen at the first start, and kept in its journal
# library = ""       # the library it stands in; "": the one with most items
# drawer = "till"    # the drawer for money; desks of a library with the same name share it
# central = ""       # https://…, sip2://… (see below); "": a central server of its own, in this folder
# relay = ""         # https://…, the relay of this branch; "": there is none
# token = ""         # for a central server that enrols no desks; see 'circdesk desk --code'
# mirror = ""        # a folder on another disk: the journal is written there, too, before the beep
# plain_http = false # true: http to another machine; whoever sees that network sees the patrons

[sip2]               # where central is sip2://HOST:PORT, or sip2s://HOST:PORT with TLS
# profile = ""       # koha, evergreen, folio, alma, sierra, polaris, symphony, tlc; "": the protocol as it is written
# plain = false      # true: without TLS to another machine; whoever sees that network sees the patrons
# ca_file = ""       # who has signed the server's certificate (PEM); "": whom the computer trusts
# user = ""          # CN; "": the system wants no login
# password = ""      # CO; or password_file = "FILE", or CIRCDESK_SIP2_PASSWORD in the environment
# location = ""      # CP
# institution = ""   # AO
# branch = ""        # AP: the branch's code at the system, or nothing
# terminal = ""      # AC: the terminal's password
# charset = ""       # utf-8, latin-1, cp850, ascii; "": the profile's, as of all that follows
# no_checksums = false # true: without sequence numbers and checksums
# status = ""        # when 99 is sent: first, after (the login), never
# end_session = true # 35 may be sent
# connections = 0    # at most
# timeout_s = 0      # how long an answer may take
# ping_s = 0         # after how long without a word the system is asked; -1: never
# dates = []         # forms of a due date that the system shows: ["02/01/2006 15:04"]
# currency = ""      # of amounts that name none; "": the rules'
# zone = ""          # the system's time zone; "": the library's

[seal]               # the desk's files; their keys are never beside them
# keys = "keyring"   # of this user; "passphrase"; "none": whoever has the files can read them
# passphrase_file = ""
# days = 14          # without the central server; then the copy is emptied, never the journal; -1: never

[labels]             # regular expressions; "mod10:" before one: the last digit is a check digit,
                     # "mod10!:" refuses a wrong one; also mod11, mod11-9, mod43, plessey, gtin
# cards = ["mod10:2[0-9]{13}"]
# items = ["mod10:3[0-9]{13}"]

[typing]             # scanners that type as a keyboard; 'circdesk scan setup' works it out
# layout = ""        # the keyboard that they type on: us, uk, de, fr
# host = ""          # the computer's keyboard
# prefix = ""        # what they send before and behind a code
# suffix = ""

[scanners]           # scanners that type need nothing here; 'circdesk scan' shows what is plugged in
# only_named = false # true: read no other than those named below
# again_ms = 400     # a label that still lies before the reader is one scan

# [[scanner]]        # a scanner that is read as a device, one table for each
# name = "0c2e:0b67" # vendor:product or vendor:product:serial, or a serial port: "COM3", "/dev/ttyACM0"
# kind = ""          # pos, keyboard, serial; "": as it says
# layout = "us"      # of one that types: us, uk, de, fr
# prefix = ""
# suffix = ""
# line = "9600,8,n,1"

[slip]
# to = "file"        # or "printer": the system's own
# file = ""          # "": slips.txt in this folder

[screen]
# theme = ""         # "": the terminal's own colours; light, dark, contrast
# silent = false

[screen.keys]        # other keys for actions: id = ["alt+x"]; F1 shows the ids
`
