package journal

import (
	"bytes"
	"encoding/json"
	"fmt"

	"circdesk/desk/circ"
)

// receiptForm is a receipt as JSON, stored and sent. Nothing in it is sealed.
type receiptForm struct {
	Entry      circ.EntryID  `json:"entry"`
	Desk       circ.DeskID   `json:"desk"`
	Epoch      uint64        `json:"epoch"`
	Seq        uint64        `json:"seq"`
	Verdict    Verdict       `json:"verdict"`
	Objections []circ.Remark `json:"objections,omitempty"`
	Decision   circ.Decision `json:"decision,omitzero"`
}

type receiptOut struct {
	receiptForm
	Events []namedOut `json:"events,omitempty"`
}

type receiptIn struct {
	receiptForm
	Events []namedIn `json:"events"`
}

// EncodeReceipt writes a receipt as JSON. One that was read is written byte for
// byte as it was, with all that a later version put into it, so it is not to be
// changed. The decision's own Events are not written: what was applied is
// Receipt.Events.
func EncodeReceipt(r Receipt) ([]byte, error) {
	if r.read != nil {
		return bytes.Clone(r.read), nil
	}
	out := receiptOut{receiptForm: receiptForm{r.Entry, r.Desk, r.Epoch, r.Seq, r.Verdict, r.Objections, r.Decision}}
	for i, e := range r.Events {
		if e == nil {
			return nil, fmt.Errorf("write receipt of entry %q: event %d of %d: none", r.Entry, i+1, len(r.Events))
		}
		out.Events = append(out.Events, namedOut{e.Name(), e})
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write receipt of entry %q: %w", r.Entry, err)
	}
	return b, nil
}

// DecodeReceipt reads what [EncodeReceipt] wrote. A receipt that names no entry
// or has no known verdict is an error.
func DecodeReceipt(b []byte) (Receipt, error) {
	var in receiptIn
	if err := json.Unmarshal(b, &in); err != nil {
		return Receipt{}, fmt.Errorf("read receipt: %w", err)
	}
	r := Receipt{
		Entry: in.Entry, Desk: in.Desk, Epoch: in.Epoch, Seq: in.Seq, Verdict: in.Verdict,
		Objections: in.Objections, Decision: in.Decision,
	}
	if r.Entry == "" {
		return Receipt{}, fmt.Errorf("read receipt: it names no entry")
	}
	switch r.Verdict {
	case Applied, Refused, Noop, Rejected:
	default:
		return Receipt{}, fmt.Errorf("read receipt of entry %q: verdict %q is not known", r.Entry, r.Verdict)
	}
	for _, n := range in.Events {
		e := circ.NewEvent(n.Name)
		if err := join(e, n.Body, nil); err != nil {
			return Receipt{}, fmt.Errorf("read receipt of entry %q: event %q: %w", r.Entry, n.Name, err)
		}
		r.Events = append(r.Events, circ.Value(e))
	}
	if again, err := EncodeReceipt(r); err != nil || !bytes.Equal(again, b) {
		r.read = bytes.Clone(b)
	}
	return r, nil
}
