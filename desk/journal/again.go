package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Again gives a finished entry as it is written a second time, behind a mark of
// another epoch of its desk: the same id and all that it says, byte for byte what
// is private, and the number that stands on its receipt. One that only a later
// version understands can be written again, too.
func (e Entry) Again(after Mark) (Entry, error) {
	open, err := e.openAgain(after)
	if err == nil {
		var again Entry
		again, err = Decode(Frame{Open: open, Private: e.frame.Private, Key: e.frame.Key})
		if un := (*UnreadableError)(nil); err == nil || errors.As(err, &un) && un.Desk != "" {
			return again, nil
		}
	}
	return Entry{}, fmt.Errorf("write entry %d.%d of desk %q again: %w", e.Epoch, e.Seq, e.Act.Desk, err)
}

func (e Entry) openAgain(after Mark) ([]byte, error) {
	if e.frame.Open == nil {
		return nil, errors.New("it is not finished")
	}
	var open map[string]json.RawMessage
	if err := json.Unmarshal(e.frame.Open, &open); err != nil {
		return nil, err
	}
	first := e.First
	if first == (Place{}) {
		first = Place{e.Epoch, e.Seq}
	}
	b, err := json.Marshal(first)
	if err != nil {
		return nil, err
	}
	open["first"] = b
	open["epoch"] = strconv.AppendUint(nil, after.Epoch, 10)
	open["seq"] = strconv.AppendUint(nil, after.Seq+1, 10)
	delete(open, "prev")
	if after.Hash != (Hash{}) {
		open["prev"] = []byte(strconv.Quote(hexHash(after.Hash)))
	}
	return json.Marshal(open)
}

// At gives a receipt as that of the same entry at another place: what an entry that
// was written again is answered with, when it had been judged before.
func (r Receipt) At(epoch, seq uint64) (Receipt, error) {
	if r.read != nil {
		var all map[string]json.RawMessage
		if err := json.Unmarshal(r.read, &all); err != nil {
			return r, fmt.Errorf("give receipt of entry %q another place: %w", r.Entry, err)
		}
		all["epoch"], all["seq"] = strconv.AppendUint(nil, epoch, 10), strconv.AppendUint(nil, seq, 10)
		b, err := json.Marshal(all)
		if err != nil {
			return r, fmt.Errorf("give receipt of entry %q another place: %w", r.Entry, err)
		}
		r.read = b
	}
	r.Epoch, r.Seq = epoch, seq
	return r, nil
}
