package journal

import (
	"encoding/json"
	"errors"
	"fmt"

	fastjson "github.com/go-json-experiment/json/v1"

	"circdesk/desk/circ"
)

// UnknownRow is a record of a kind of a later version, kept byte for byte. No
// lookup but by key finds it.
type UnknownRow struct {
	Of  circ.Key
	Raw json.RawMessage
}

func (r UnknownRow) Key() circ.Key    { return r.Of }
func (UnknownRow) Index() []circ.Line { return nil }

// EncodeRow writes a record as JSON; its kind is not in it. nil: the record
// cannot be written, as one whose time lies after the year 9999.
func EncodeRow(r circ.Row) []byte {
	if u, ok := r.(UnknownRow); ok {
		return u.Raw
	}
	b, err := json.Marshal(r)
	if err != nil {
		return nil
	}
	return b
}

// DecodeRow reads a record of a kind. One of a kind that is not known comes
// back as an [UnknownRow], whose id is the member "id" of its JSON; where the
// id is known [DecodeRowOf] is the better choice.
func DecodeRow(kind circ.Kind, b []byte) (circ.Row, error) {
	switch kind {
	case circ.KindPatron:
		return decodeRow[circ.Patron](kind, b)
	case circ.KindCard:
		return decodeRow[circ.Card](kind, b)
	case circ.KindBlock:
		return decodeRow[circ.Block](kind, b)
	case circ.KindAlert:
		return decodeRow[circ.Alert](kind, b)
	case circ.KindLink:
		return decodeRow[circ.Link](kind, b)
	case circ.KindTitle:
		return decodeRow[circ.Title](kind, b)
	case circ.KindItem:
		return decodeRow[circ.Item](kind, b)
	case circ.KindLoan:
		return decodeRow[circ.Loan](kind, b)
	case circ.KindRequest:
		return decodeRow[circ.Request](kind, b)
	case circ.KindFee:
		return decodeRow[circ.Fee](kind, b)
	case circ.KindPayment:
		return decodeRow[circ.Payment](kind, b)
	case circ.KindDrawer:
		return decodeRow[circ.Shift](kind, b)
	case circ.KindUse:
		return decodeRow[circ.InHouse](kind, b)
	case circ.KindConflict:
		return decodeRow[circ.Conflict](kind, b)
	case circ.KindMark, circ.KindChain:
		return decodeRow[circ.Mark](kind, b)
	case circ.KindRules:
		return decodeRow[circ.Rules](kind, b)
	}
	var id struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(b, &id); err != nil {
		return nil, fmt.Errorf("read a record of kind %q: %w", kind, err)
	}
	return unknownRow(circ.Key{Kind: kind, ID: id.ID}, b)
}

// DecodeRowOf reads the record of a key. A record that says to be another is an
// error; so is one without an id.
func DecodeRowOf(key circ.Key, b []byte) (circ.Row, error) {
	if !knownKind(key.Kind) {
		return unknownRow(key, b)
	}
	r, err := DecodeRow(key.Kind, b)
	if err != nil {
		return nil, err
	}
	if r.Key() != key {
		return nil, fmt.Errorf("read %s %q: it says to be %s %q", key.Kind, key.ID, r.Key().Kind, r.Key().ID)
	}
	return r, nil
}

func knownKind(k circ.Kind) bool {
	switch k {
	case circ.KindPatron, circ.KindCard, circ.KindBlock, circ.KindAlert, circ.KindLink, circ.KindTitle, circ.KindItem, circ.KindLoan,
		circ.KindRequest, circ.KindFee, circ.KindPayment, circ.KindDrawer, circ.KindUse, circ.KindConflict, circ.KindMark, circ.KindChain, circ.KindRules:
		return true
	}
	return false
}

func unknownRow(key circ.Key, b []byte) (circ.Row, error) {
	switch {
	case key.ID == "":
		return nil, fmt.Errorf("read a record of kind %q: %w", key.Kind, errNoID)
	case !json.Valid(b):
		return nil, fmt.Errorf("read %s %q: not JSON", key.Kind, key.ID)
	}
	return UnknownRow{key, append(json.RawMessage(nil), b...)}, nil
}

var errNoID = errors.New("no id")

func decodeRow[R circ.Row](kind circ.Kind, b []byte) (circ.Row, error) {
	var r R
	if err := fastjson.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("read a record of kind %q: %w", kind, err)
	}
	if r.Key().ID == "" {
		return nil, fmt.Errorf("read a record of kind %q: %w", kind, errNoID)
	}
	return r, nil
}
