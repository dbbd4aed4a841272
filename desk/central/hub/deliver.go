package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Deliver hands over entries: see [central.System]. Entries that are too large
// for one request together go in several; of those a later one that fails with a
// gap or a fork is no longer a [central.GapError] or [central.ForkError], since
// something was taken.
func (c *Client) Deliver(ctx context.Context, entries []journal.Entry) ([]journal.Receipt, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	desk := entries[0].Act.Desk
	if len(entries) > central.BatchSize {
		return nil, fmt.Errorf("deliver %d entries of desk %s: at most %d at once", len(entries), desk, central.BatchSize)
	}
	for i, e := range entries {
		if e.Act.Desk != desk {
			return nil, fmt.Errorf("deliver entries of desk %s: entry %d of %d is of desk %s", desk, i+1, len(entries), e.Act.Desk)
		}
	}
	out := make([]journal.Receipt, 0, len(entries))
	for len(entries) > 0 {
		n, body, err := pack(entries)
		if err == nil {
			var rs []journal.Receipt
			rs, err = c.deliver(ctx, desk, entries[:n], body)
			out = append(out, rs...)
		}
		if err != nil && len(out) > 0 {
			return nil, fmt.Errorf("deliver to the central server, after %d entries of desk %s: %v", len(out), desk, err)
		}
		if err != nil {
			return nil, fmt.Errorf("deliver %d entries of desk %s to the central server: %w", len(entries), desk, err)
		}
		entries = entries[n:]
	}
	return out, nil
}

// pack writes as many of the entries as one request takes, at least one.
func pack(entries []journal.Entry) (n int, body []byte, err error) {
	body = []byte(`{"entries":[`)
	for i, e := range entries {
		f := e.Frame()
		if f.Open == nil {
			return 0, nil, fmt.Errorf("entry %d of %d is not finished", i+1, len(entries))
		}
		b, err := json.Marshal(f)
		if err != nil {
			return 0, nil, err
		}
		if i > 0 && len(body)+len(b)+len(`,]}`) > wire.MaxBody {
			break
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, b...)
		n++
	}
	return n, append(body, `]}`...), nil
}

// deliver sends one request. What comes back must be the receipts of what was
// sent.
func (c *Client) deliver(ctx context.Context, desk circ.DeskID, entries []journal.Entry, body []byte) ([]journal.Receipt, error) {
	var answer wire.Receipts
	if err := c.call(ctx, callTime, wire.EntriesOf(desk), nil, body, &answer); err != nil {
		return nil, err
	}
	if len(answer.Receipts) != len(entries) {
		return nil, fmt.Errorf("read the answer: %d receipts for %d entries", len(answer.Receipts), len(entries))
	}
	out := make([]journal.Receipt, len(entries))
	for i, b := range answer.Receipts {
		r, err := journal.DecodeReceipt(b)
		if err != nil {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
		if e := entries[i]; r.Entry != e.Act.ID || r.Desk != desk || r.Epoch != e.Epoch || r.Seq != e.Seq {
			return nil, fmt.Errorf("read the answer: receipt %d of %d: %w", i+1, len(entries), errOther)
		}
		out[i] = r
	}
	return out, nil
}

var errOther = errors.New("it is of another entry")
