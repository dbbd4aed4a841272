package journal

import "circdesk/desk/circ"

// Mode says in what way an entry was meant. It is in the hashed bytes and never
// changes.
type Mode string

// The modes.
const (
	Fact      Mode = "fact"      // it has happened; never refused
	Asked     Mode = "asked"     // not yet happened; durable before it is sent
	Stood     Mode = "stood"     // Of got no answer in time; the clerk was told it is done
	Withdrawn Mode = "withdrawn" // Of got no answer in time; nobody was told it is done
)

// Hash is a SHA-256.
type Hash [32]byte

// Entry is one thing done at one desk.
type Entry struct {
	Act   circ.Act
	Epoch uint64 // of the desk's chain: one more after each restore, clone or fork
	Seq   uint64 // counts from 1 in each epoch, without gaps
	Prev  Hash   // of the entry before; zero for the first
	Mode  Mode
	Of    circ.EntryID // Stood, Withdrawn: the asked entry
	Told  []circ.Event // what the desk decided
	Rules string       // version of the rules it was decided under
	No    No           // Asked: why the desk by itself would not have done it
	First Place        // where it was written first; zero: here

	frame Frame // set by Finish and Decode
}

// Undoes gives the entry that this one says to undo; empty: it undoes none. An entry
// that only says what became of a question undoes none: the question does.
func (e Entry) Undoes() circ.EntryID {
	if u, ok := e.Act.Command.(circ.Undo); ok && e.Of == "" {
		return u.Entry
	}
	return ""
}

// No is why a desk by itself would not have done what it asked for: reasons and the
// rules' rows behind them, and nothing of who or what they are about. Empty: it
// would, or the entry is of a version that did not keep it.
type No struct {
	Refused []circ.Reason `json:"refused,omitempty"`
	Ask     []circ.Reason `json:"ask,omitempty"`

	Rows   map[circ.Reason]string `json:"rows,omitempty"`   // see [circ.Remark]
	Blocks map[circ.Reason]string `json:"blocks,omitempty"` // see [circ.Remark]
}

// NoOf gives the reasons of a decision, and the rows behind them.
func NoOf(d circ.Decision) (n No) {
	for _, r := range d.Refused {
		n.Refused = append(n.Refused, r.Reason)
		n.behind(r)
	}
	for _, r := range d.Ask {
		n.Ask = append(n.Ask, r.Reason)
		n.behind(r)
	}
	return n
}

// behind keeps the rows behind a reason.
func (n *No) behind(r circ.Remark) {
	keep := func(in *map[circ.Reason]string, row string) {
		if row == "" {
			return
		}
		if *in == nil {
			*in = map[circ.Reason]string{}
		}
		(*in)[r.Reason] = row
	}
	keep(&n.Rows, r.Row)
	keep(&n.Blocks, r.Block)
}

// Kept reports whether there is a reason.
func (n No) Kept() bool { return len(n.Refused)+len(n.Ask) > 0 }

// Frame is the final form of an entry: what is stored, hashed and sent.
type Frame struct {
	Open    []byte `json:"open"`          // JSON, without what is private
	Private []byte `json:"private"`       // the sealed field
	Key     []byte `json:"key,omitempty"` // opens it; not hashed; empty: destroyed
}

// Place is where an entry stands in its desk's journal.
type Place struct {
	Epoch uint64 `json:"epoch"`
	Seq   uint64 `json:"seq"`
}

// Mark says how far a desk's chain has come.
type Mark struct {
	Desk  circ.DeskID
	Epoch uint64
	Seq   uint64
	Hash  Hash
}

// Verdict is what the central system made of an entry.
type Verdict string

// The verdicts.
const (
	Applied  Verdict = "applied"  // its events, as the receipt has them, stand
	Refused  Verdict = "refused"  // a question answered with no, or with a question
	Noop     Verdict = "noop"     // nothing was left to do
	Rejected Verdict = "rejected" // no fact of a known desk: kept, and a conflict
)

// Receipt is the central system's story of one entry; final too.
type Receipt struct {
	Entry      circ.EntryID
	Desk       circ.DeskID
	Epoch      uint64
	Seq        uint64
	Verdict    Verdict
	Events     []circ.Event  // what was applied: state is made from these, not from Told
	Objections []circ.Remark // a fact applied with objections is a conflict
	Decision   circ.Decision // the answer to an asked entry: Refused, Ask, Tell, Route, Trace

	read []byte // as a later version wrote it; nil: this one writes the same
}
