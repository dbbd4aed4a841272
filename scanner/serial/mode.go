package serial

import (
	"fmt"
	"strconv"
	"strings"

	"go.bug.st/serial"
)

// Default is how a port is set where nothing else is said: what most scanners have
// out of the box. Over USB it does not matter.
const Default = "9600,8,n,1"

// parities by the letter that manuals write them with.
var parities = map[string]serial.Parity{
	"n": serial.NoParity, "e": serial.EvenParity, "o": serial.OddParity, "m": serial.MarkParity, "s": serial.SpaceParity,
}

// Check says what is wrong with a setting such as "9600,8,n,1": speed, data bits,
// parity (n, e, o, m, s), stop bits. "" is [Default], and what is left out at the
// end is that of Default.
func Check(line string) error {
	_, err := mode(line)
	return err
}

func mode(line string) (*serial.Mode, error) {
	parts := strings.Split(Default, ",")
	if line != "" {
		given := strings.Split(strings.ToLower(line), ",")
		if len(given) > len(parts) {
			return nil, fmt.Errorf("serial line %q is not like %s", line, Default)
		}
		for i, p := range given {
			parts[i] = strings.TrimSpace(p)
		}
	}
	m := &serial.Mode{}
	var err error
	if m.BaudRate, err = strconv.Atoi(parts[0]); err != nil || m.BaudRate < 50 || m.BaudRate > 4_000_000 {
		return nil, fmt.Errorf("serial line %q: no speed %q", line, parts[0])
	}
	if m.DataBits, err = strconv.Atoi(parts[1]); err != nil || m.DataBits < 5 || m.DataBits > 8 {
		return nil, fmt.Errorf("serial line %q: no number of data bits %q: 5 to 8", line, parts[1])
	}
	parity, ok := parities[parts[2]]
	if !ok {
		return nil, fmt.Errorf("serial line %q: no parity %q: n, e, o, m, s", line, parts[2])
	}
	m.Parity = parity
	switch parts[3] {
	case "1":
		m.StopBits = serial.OneStopBit
	case "1.5":
		m.StopBits = serial.OnePointFiveStopBits
	case "2":
		m.StopBits = serial.TwoStopBits
	default:
		return nil, fmt.Errorf("serial line %q: no number of stop bits %q: 1, 1.5, 2", line, parts[3])
	}
	return m, nil
}
