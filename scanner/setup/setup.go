package setup

import (
	"errors"
	"slices"
	"strings"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/layout"
	"circdesk/scanner/reader"
	"circdesk/scanner/wedge"
)

// Arrival is one piece of what came of the scan.
type Arrival struct {
	At    time.Time
	Bytes []byte // characters of a terminal or bytes of a line, closing keys included; or one raw report
}

// Finding is how a scanner is programmed.
type Finding struct {
	// Setup is what to write into the settings: its Layout and Host are empty where
	// the code does not show them, or need not be said.
	Setup scanner.Setup
	// Layouts are the keyboards that fit, the commonest first. With more than one a
	// code that has other signs than digits would show more. nil: it does not type.
	Layouts []string
	// Symbology is the AIM identifier that it sends; "": it sends none.
	Symbology string
	// End is what closed the scan; [scanner.Whole]: nothing did, and a scanner that
	// types or is a serial port should be set to send Enter. Until then the Setup's
	// Pause does, where the device is read by itself.
	End scanner.End
	// StartStop says that it sends the start and stop characters of Codabar.
	StartStop bool
	// CheckLeftOut says that it does not send the last character, the check digit.
	CheckLeftOut bool
	// CapsLock says that Caps Lock was on, or that the scanner counts on it.
	CapsLock bool
	Speed    wedge.Speed
}

// Why nothing was found.
var (
	ErrNothing = errors.New("nothing came")
	ErrOther   = errors.New("what came does not hold the code")
	ErrShort   = errors.New("a code of six characters or more is needed")
)

const (
	fewest = 6                      // characters of a code to go by: a shorter one may be found in anything
	pause  = 300 * time.Millisecond // how long a text may take to be whole where no key closes it
)

// Typed works out the setup of a scanner that types into a terminal. Text is what
// came, to be shown, also with an error.
func Typed(code string, came []Arrival) (f Finding, text string, err error) {
	for _, a := range came {
		text += string(a.Bytes)
	}
	body, end := closed(text)
	if err := check(code, body); err != nil {
		return Finding{}, text, err
	}
	f, ok := best(typed(code, body))
	if !ok {
		return Finding{}, text, ErrOther
	}
	f.End, f.Speed = end, wedge.NewSpeed(times(came, len(body)))
	return f, text, nil
}

// Read works out the setup of a device that is read by itself: its reports, or the
// bytes of its line. Text is what they say, of keys on an American keyboard, to be
// shown, also with an error.
func Read(code string, info scanner.Info, came []Arrival) (f Finding, text string, err error) {
	setups := []scanner.Setup{{}}
	if info.Kind == scanner.Keyboard {
		setups = nil
		for _, caps := range []bool{false, true} {
			for _, name := range layout.Names() {
				setups = append(setups, scanner.Setup{Layout: name, Caps: caps})
			}
		}
	}
	var fits []Finding
	for _, setup := range setups {
		s, at, err := decode(info, setup, came)
		if err != nil {
			return Finding{}, text, err
		}
		if text == "" {
			text = s.Symbology + s.Text
		}
		f, ok := fit(code, s.Text)
		if !ok {
			continue
		}
		if f.Symbology == "" {
			f.Symbology = s.Symbology
		}
		f.Setup.Layout, f.Setup.Caps, f.CapsLock = setup.Layout, setup.Caps, setup.Caps
		f.Setup.Kind, f.End, f.Speed = info.Kind, s.End, wedge.NewSpeed(at)
		fits = append(fits, f)
	}
	if err := check(code, text); err != nil {
		return Finding{}, text, err
	}
	f, ok := best(fits)
	if !ok {
		return Finding{}, text, ErrOther
	}
	if f.End == scanner.Whole && info.Kind != scanner.POS {
		f.Setup.Pause = pause
	}
	return f, text, nil
}

func check(code, text string) error {
	switch {
	case len(code) < fewest:
		return ErrShort
	case text == "":
		return ErrNothing
	}
	return nil
}

// typed returns all that a text which went through the computer's keyboard may say
// of the scanner, the simplest first: that all is as it is, that Caps Lock was on,
// or that scanner and computer are of different countries.
func typed(code, text string) (fits []Finding) {
	us, _ := layout.Find("")
	for _, name := range layout.Names() {
		l, _ := layout.Find(name)
		if s, ok := layout.Retype(text, us, l); ok && s == text || name == us.Name() {
			if f, ok := fit(code, text); ok {
				f.Setup.Layout = name
				fits = append(fits, f)
			}
		}
	}
	if f, ok := fit(code, swapCase(text)); ok {
		f.CapsLock = true
		fits = append(fits, f)
	}
	for _, scanners := range layout.Names() {
		for _, host := range layout.Names() {
			from, _ := layout.Find(host)
			to, _ := layout.Find(scanners)
			s, ok := layout.Retype(text, from, to)
			if !ok || s == text {
				continue
			}
			if f, ok := fit(code, s); ok {
				f.Setup.Host, f.Setup.Layout = host, scanners
				fits = append(fits, f)
			}
		}
	}
	return fits
}

// best returns the likeliest of findings, the first where several are as likely. It
// has the layouts of all that say the same, and says which only if it must be said.
func best(fits []Finding) (f Finding, ok bool) {
	if len(fits) == 0 {
		return Finding{}, false
	}
	f = slices.MinFunc(fits, func(a, b Finding) int { return slices.Compare(strange(a), strange(b)) })
	for _, o := range fits {
		if o.Setup.Layout != "" && o.CapsLock == f.CapsLock && o.Setup.Host == f.Setup.Host && around(o) == around(f) {
			f.Layouts = append(f.Layouts, o.Setup.Layout)
		}
	}
	if slices.Contains(f.Layouts, layout.Names()[0]) {
		f.Setup.Layout = ""
	}
	return f, true
}

// around is what a finding says of what stands around the code.
func around(f Finding) [4]string {
	return [4]string{f.Setup.Prefix, f.Setup.Suffix, f.Symbology, map[bool]string{true: "left out"}[f.CheckLeftOut]}
}

// strange says how strange a finding is, the weightiest first: a check digit that is
// not sent, characters around the code that a scanner does not send, no symbology,
// and how much there is around.
func strange(f Finding) []int {
	affixes := f.Setup.Prefix + f.Setup.Suffix
	s := []int{0, 0, 0, len(affixes)}
	if f.CheckLeftOut {
		s[0] = 1
	}
	for _, r := range affixes {
		if r > '~' {
			s[1]++
		}
	}
	if f.Symbology == "" {
		s[2] = 1
	}
	return s
}

// fit finds the code in a text, and says what is around it.
func fit(code, text string) (f Finding, ok bool) {
	if len(code) < fewest {
		return Finding{}, false
	}
	before, after, ok := cut(code, text)
	if !ok {
		before, after, ok = cut(code[:len(code)-1], text)
		f.CheckLeftOut = ok
	}
	if !ok {
		return Finding{}, false
	}
	f.Setup.Prefix, f.Symbology = identifier(before)
	f.Setup.Suffix = after
	if startStop(f.Setup.Prefix, after) {
		f.StartStop = true
		f.Setup.Prefix, f.Setup.Suffix = "", ""
	}
	return f, true
}

// cut returns what is before and behind the code in a text: where it stands behind
// an AIM identifier if it stands there, else where it stands first.
func cut(code, text string) (before, after string, ok bool) {
	for i := 0; ; i++ {
		n := strings.Index(text[i:], code)
		if n < 0 {
			return before, after, ok
		}
		i += n
		_, symbology := identifier(text[:i])
		if !ok || symbology != "" {
			before, after, ok = text[:i], text[i+len(code):], true
		}
		if symbology != "" {
			return before, after, ok
		}
	}
}

// symbologies are the letters of AIM identifiers.
const symbologies = "ABCDdEeFGHhILMOPQSUXZz"

// identifier divides what is before a code into what is before the AIM identifier
// and the identifier.
func identifier(before string) (rest, symbology string) {
	n := len(before) - len("]C1")
	if n < 0 || strings.IndexByte(symbologies, before[n+1]) < 0 {
		return before, ""
	}
	if symbology, s := scanner.AIM(before[n:] + "?"); s == "?" {
		return before[:n], symbology
	}
	return before, ""
}

// startStop reports whether what is around a code are the characters with which
// Codabar begins and ends: others on the next label, so no prefix and no suffix.
func startStop(before, after string) bool {
	const letters = "ABCDabcdTN*Etne"
	return len(before) == 1 && len(after) == 1 && strings.Contains(letters, before) && strings.Contains(letters, after)
}

// decode reads what came with a decoder of the device. It returns the first scan,
// with all that may be prefix and suffix, and when its characters came.
func decode(info scanner.Info, setup scanner.Setup, came []Arrival) (scan scanner.Scan, at []time.Time, err error) {
	setup.Pause = pause
	d, err := reader.Decoder(info, setup)
	if err != nil {
		return scanner.Scan{}, nil, err
	}
	var scans []scanner.Scan
	var last time.Time
	for _, a := range came {
		r := d.Decode(a.Bytes, a.At)
		for range r.Text {
			at = append(at, a.At)
		}
		last = a.At
		if scans = r.Scans; len(scans) > 0 {
			break
		}
	}
	if len(scans) == 0 {
		scans = d.Idle(pause, last).Scans
	}
	if len(scans) == 0 {
		return scanner.Scan{}, nil, nil
	}
	scan = scans[0]
	return scan, at[:min(len(at), len([]rune(scan.Symbology+scan.Text)))], nil // without the keys that closed it
}

// times are when the first n bytes came, one time for each character.
func times(came []Arrival, n int) (at []time.Time) {
	for _, a := range came {
		for range string(a.Bytes[:min(len(a.Bytes), n)]) {
			at = append(at, a.At)
		}
		n = max(n-len(a.Bytes), 0)
	}
	return at
}

// closed divides a text into what came before the first key that closes it, and the
// key.
func closed(text string) (string, scanner.End) {
	i := strings.IndexAny(text, "\r\n\t")
	switch {
	case i < 0:
		return text, scanner.Whole
	case text[i] == '\r':
		return text[:i], scanner.Enter
	case text[i] == '\n':
		return text[:i], scanner.LineFeed
	}
	return text[:i], scanner.Tab
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r ^ 0x20
		}
		return r
	}, s)
}
