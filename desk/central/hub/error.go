package hub

import (
	"encoding/json"
	"fmt"
	"net/http"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
)

// Error is a server's no that package central has no error for.
type Error struct {
	Status  int
	Code    wire.Code // empty: the answer did not come from a hub
	Message string    // of the server, as it came
	Entry   int       // wire.NoEntry: which of the batch, from 1
	ID      string    // under which the server has logged it
}

func (e *Error) Error() string {
	switch {
	case e.Code == "":
		return fmt.Sprintf("the answer with status %d does not come from a circdesk hub", e.Status)
	case e.ID != "":
		return fmt.Sprintf("the central server says %s (%d), in its log as %.20q: %.200q", e.Code, e.Status, e.ID, e.Message)
	}
	return fmt.Sprintf("the central server says %s (%d): %.200q", e.Code, e.Status, e.Message)
}

// complaint reads an answer that is no success.
func complaint(res *http.Response) error {
	plain := &Error{Status: res.StatusCode}
	b, err := whole(res.Body, maxComplaint)
	if err != nil {
		return plain
	}
	var e wire.Error
	if json.Unmarshal(b, &e) != nil {
		return plain
	}
	return verdict(res.StatusCode, e)
}

// verdict gives the error that is meant.
func verdict(status int, e wire.Error) error {
	plain := &Error{Status: status}
	if e.Code == "" || e.Code.Status() != status {
		return plain
	}
	switch e.Code {
	case wire.Cursor:
		return central.ErrCursor
	case wire.Gap, wire.Fork:
		if e.Mark == nil {
			return plain
		}
		m, err := wire.ReadMark(*e.Mark)
		if err != nil {
			return plain
		}
		if e.Code == wire.Fork {
			return &central.ForkError{Mark: m}
		}
		return &central.GapError{Mark: m}
	}
	return &Error{Status: status, Code: e.Code, Message: e.Message, Entry: e.Entry, ID: e.ID}
}
