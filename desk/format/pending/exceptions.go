package pending

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"circdesk/desk/circ"
)

// Exception is what Evergreen says of a line of a pending.xacts that it did not take as it
// was, or took and wants somebody to look at (offline.pl, status_type=exceptions).
type Exception struct {
	N       int          // in the file, from 1
	Entry   circ.EntryID // the uuid that the line had; empty: it had none
	Type    string       // of the line, as Evergreen writes it
	Card    string
	Barcode string
	Code    string // the event's textcode; empty: it says none
	Text    string // what the event says in words
}

// mostExceptions bounds a file.
const mostExceptions = 1 << 20

type xactException struct {
	Command xact            `json:"command"`
	Event   json.RawMessage `json:"event"`
}

type xactEvent struct {
	Code   string `json:"textcode"`
	Text   string `json:"desc"`
	Number any    `json:"ilsevent"`
}

// ReadExceptions reads the list of exceptions as offline.pl gives it: an array, also
// within the event that it answers with, or an object a line. An event that is an array
// tells the first that is not a success.
func ReadExceptions(file []byte) (all []Exception, problems []Problem, err error) {
	file = bytes.TrimPrefix(bytes.TrimSpace(file), []byte("\ufeff"))
	var list []json.RawMessage
	var answer struct {
		Payload []json.RawMessage `json:"payload"`
	}
	switch {
	case len(file) == 0:
		return nil, nil, errors.New("it is empty")
	case json.Unmarshal(file, &list) == nil:
	case json.Unmarshal(file, &answer) == nil && answer.Payload != nil:
		list = answer.Payload
	case file[0] == '{':
		for _, l := range bytes.Split(file, []byte("\n")) {
			list = append(list, bytes.TrimSpace(l))
		}
	default:
		return nil, nil, errors.New("it is no list of exceptions")
	}
	if len(list) > mostExceptions {
		return nil, nil, fmt.Errorf("it has more than %d exceptions", mostExceptions)
	}
	for i, one := range list {
		if len(one) == 0 {
			continue
		}
		var x xactException
		if err := json.Unmarshal(one, &x); err != nil || x.Command.Type == "" {
			problems = append(problems, Problem{i + 1, "is no exception that could be read"})
			continue
		}
		e := Exception{N: i + 1, Entry: circ.EntryID(x.Command.UUID), Type: x.Command.Type, Card: x.Command.Patron, Barcode: x.Command.Barcode}
		if u := x.Command.User; u != nil {
			e.Card = u.Card.Barcode
		}
		e.Code, e.Text = eventOf(x.Event)
		all = append(all, e)
	}
	return all, problems, nil
}

// eventOf reads an event, or the first of several that is no success.
func eventOf(raw json.RawMessage) (code, said string) {
	var several []xactEvent
	if json.Unmarshal(raw, &several) != nil {
		var one xactEvent
		if json.Unmarshal(raw, &one) != nil {
			return "", ""
		}
		several = []xactEvent{one}
	}
	for _, e := range several {
		if n := fmt.Sprint(e.Number); n != "0" && e.Code != "SUCCESS" {
			return e.Code, e.Text
		}
	}
	return "", ""
}
