package wire

import (
	"encoding/json"
	"fmt"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// Greeting is [central.Hello].
type Greeting struct {
	Desk     circ.DeskID      `json:"desk"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Last     circ.Mark        `json:"last"`
	First    uint64           `json:"first,omitempty"`
	Acked    uint64           `json:"acked,omitempty"`
	Left     int              `json:"left,omitempty"`
	Epoch    string           `json:"epoch,omitempty"`
	Cursor   string           `json:"cursor,omitempty"`
	Lease    *Lease           `json:"lease,omitempty"`
	Anew     central.State    `json:"anew,omitempty"`
	Now      time.Time        `json:"now"`
	Version  string           `json:"version,omitempty"`
	Protocol int              `json:"protocol"`
}

// Lease is [central.Lease].
type Lease struct {
	N    uint64 `json:"n"`
	Now  string `json:"now,omitempty"`
	Next string `json:"next"`
}

// Welcome is [central.Welcome].
type Welcome struct {
	System string        `json:"system"`
	Epoch  string        `json:"epoch"`
	Mark   circ.Mark     `json:"mark"`
	Heads  []circ.Mark   `json:"heads,omitempty"`
	State  central.State `json:"state,omitempty"`
	Grant  uint64        `json:"grant,omitempty"`
	Ends   time.Time     `json:"ends,omitzero"`
	Now    time.Time     `json:"now"`

	Birth    []byte `json:"birth,omitempty"`
	Recovery string `json:"recovery,omitempty"`
}

// GreetingOf writes a hello.
func GreetingOf(h central.Hello) Greeting {
	g := Greeting{
		Desk: h.Desk, Library: policy.LibraryID(h.Library), Last: MarkOf(h.Last), First: h.First, Acked: h.Acked, Left: h.Left,
		Epoch: h.Epoch, Cursor: h.Cursor, Anew: h.Anew, Now: h.Now.UTC(), Version: h.Version, Protocol: h.Protocol,
	}
	if h.Lease != (central.Lease{}) {
		g.Lease = &Lease{h.Lease.N, h.Lease.Now, h.Lease.Next}
	}
	return g
}

// Read reads what [GreetingOf] wrote.
func (g Greeting) Read() (central.Hello, error) {
	last, err := ReadMark(g.Last)
	if err != nil {
		return central.Hello{}, err
	}
	h := central.Hello{
		Desk: g.Desk, Library: string(g.Library), Last: last, First: g.First, Acked: g.Acked, Left: g.Left,
		Epoch: g.Epoch, Cursor: g.Cursor, Anew: g.Anew, Now: g.Now, Version: g.Version, Protocol: g.Protocol,
	}
	if g.Lease != nil {
		h.Lease = central.Lease{N: g.Lease.N, Now: g.Lease.Now, Next: g.Lease.Next}
	}
	return h, nil
}

// WelcomeOf writes the answer to a hello.
func WelcomeOf(w central.Welcome) Welcome {
	out := Welcome{System: w.System, Epoch: w.Epoch, Mark: MarkOf(w.Mark), State: w.State, Grant: w.Grant, Ends: w.Ends, Now: w.Now.UTC(), Birth: w.Birth, Recovery: w.Recovery}
	for _, m := range w.Heads {
		out.Heads = append(out.Heads, MarkOf(m))
	}
	return out
}

// Read reads what [WelcomeOf] wrote.
func (w Welcome) Read() (central.Welcome, error) {
	m, err := ReadMark(w.Mark)
	if err != nil {
		return central.Welcome{}, err
	}
	out := central.Welcome{System: w.System, Epoch: w.Epoch, Mark: m, State: w.State, Grant: w.Grant, Ends: w.Ends, Now: w.Now, Birth: w.Birth, Recovery: w.Recovery}
	for _, h := range w.Heads {
		if m, err = ReadMark(h); err != nil {
			return central.Welcome{}, err
		}
		out.Heads = append(out.Heads, m)
	}
	return out, nil
}

// Regained is what a desk gets back of its own journal.
type Regained struct {
	Entries []Regain `json:"entries"`
}

// Regain is [central.Recorded].
type Regain struct {
	Entry   journal.Frame   `json:"entry"`
	Receipt json.RawMessage `json:"receipt"`
}

// RegainOf writes an entry and its receipt.
func RegainOf(r central.Recorded) (Regain, error) {
	b, err := journal.EncodeReceipt(r.Receipt)
	return Regain{r.Entry.Frame(), b}, err
}

// Read reads what [RegainOf] wrote. An entry of a later version comes back as far as
// it can be read.
func (r Regain) Read() (central.Recorded, error) {
	e, err := journal.Decode(r.Entry)
	if err != nil {
		if e, err = journal.DecodePlace(r.Entry); err != nil {
			return central.Recorded{}, err
		}
	}
	receipt, err := journal.DecodeReceipt(r.Receipt)
	if err == nil && receipt.Entry != e.Act.ID {
		err = fmt.Errorf("the receipt of entry %s is of entry %s", e.Act.ID, receipt.Entry)
	}
	return central.Recorded{Entry: e, Receipt: receipt}, err
}

// Rolled is the roll of the desks.
type Rolled struct {
	Desks []Desk `json:"desks"`
}

// Desk is [central.DeskState].
type Desk struct {
	Desk     circ.DeskID      `json:"desk"`
	Name     string           `json:"name,omitempty"`
	Library  string           `json:"library,omitempty"`
	Standing central.Standing `json:"standing"`
	Version  string           `json:"version,omitempty"`
	Seen     time.Time        `json:"seen,omitzero"`
	Last     circ.Mark        `json:"last"`
	Left     int              `json:"left"`
	Enrolled time.Time        `json:"enrolled,omitzero"`
	Ends     time.Time        `json:"ends,omitzero"`
}

// DeskOf writes what is known of a desk; what only the server's people have to know
// stays there.
func DeskOf(d central.DeskState) Desk {
	return Desk{
		Desk: d.Desk, Name: d.Name, Library: d.Library, Standing: d.Standing, Version: d.Version, Seen: d.Seen, Last: MarkOf(d.Last), Left: d.Left,
		Enrolled: d.Enrolled, Ends: d.Ends,
	}
}

// Read reads what [DeskOf] wrote.
func (d Desk) Read() (central.DeskState, error) {
	last, err := ReadMark(d.Last)
	return central.DeskState{
		Desk: d.Desk, Name: d.Name, Library: d.Library, Standing: d.Standing, Version: d.Version, Seen: d.Seen, Last: last, Left: d.Left,
		Enrolled: d.Enrolled, Ends: d.Ends,
	}, err
}
