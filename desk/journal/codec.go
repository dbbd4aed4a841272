package journal

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// hashVersion is the first byte that an entry's hash covers.
const hashVersion = 1

// openForm is an entry's open part as JSON. Names and order are final: they are
// hashed. A field of a later version is not understood and stays in the frame.
type openForm struct {
	placeForm
	At       time.Time        `json:"at"`
	Zone     string           `json:"zone,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator circ.OperatorID  `json:"operator,omitempty"`
	By       circ.OperatorID  `json:"by,omitempty"`
	Over     []circ.Reason    `json:"over,omitempty"`
	Rules    string           `json:"rules,omitempty"`
	No       No               `json:"no,omitzero"`
	Facts    time.Time        `json:"facts,omitzero"`
}

// placeForm is what of an entry's open part says where it belongs.
type placeForm struct {
	ID    circ.EntryID `json:"id"`
	Desk  circ.DeskID  `json:"desk"`
	Epoch uint64       `json:"epoch"`
	Seq   uint64       `json:"seq"`
	Prev  string       `json:"prev,omitempty"` // hex; empty: zero
	Mode  Mode         `json:"mode"`
	Of    circ.EntryID `json:"of,omitempty"`
	First Place        `json:"first,omitzero"`
}

// openOut and openIn are the open part on its way out and in.
type openOut struct {
	openForm
	Command namedOut   `json:"command"`
	Told    []namedOut `json:"told,omitempty"`
}

type openIn struct {
	openForm
	Command namedIn   `json:"command"`
	Told    []namedIn `json:"told"`
}

// namedOut and namedIn are a command or an event: its name and its fields.
type namedOut struct {
	Name string `json:"name"`
	Body any    `json:"body"`
}

type namedIn struct {
	Name string          `json:"name"`
	Body json.RawMessage `json:"body"`
}

// Finish computes the entry's frame, with a fresh key for what is private. The
// entry is final from then on: one that has a frame comes back as it is, so
// another entry is made from a new Entry value, never by changing this one.
//
// The error says what the entry lacks (id, desk, number, command; of which
// entry a stood or withdrawn one speaks) or what cannot be written.
func (e Entry) Finish() (Entry, error) {
	if e.frame.Open != nil {
		return e, nil
	}
	if err := e.whole(); err != nil {
		return e, fmt.Errorf("finish entry %d.%d of desk %q: %w", e.Epoch, e.Seq, e.Act.Desk, err)
	}
	e.Act.Receipt = e.receiptNo()
	f, err := e.write()
	if err != nil {
		return e, fmt.Errorf("finish entry %d.%d of desk %q: %w", e.Epoch, e.Seq, e.Act.Desk, err)
	}
	e.frame = f
	return e, nil
}

// whole reports what an entry lacks that every entry has.
func (e Entry) whole() error {
	if err := cmp.Or(e.placed(), e.meant()); err != nil {
		return err
	}
	if e.Act.Command == nil {
		return errors.New("no command")
	}
	return nil
}

// placed reports what an entry lacks to have its place in a chain.
func (e Entry) placed() error {
	switch {
	case e.Act.ID == "":
		return errors.New("no id")
	case e.Act.Desk == "":
		return errors.New("no desk")
	case !utf8.ValidString(string(e.Act.ID) + string(e.Act.Desk) + string(e.Of)):
		return errors.New("an id that is no text")
	case e.Seq == 0:
		return errors.New("no number")
	}
	return nil
}

// meant reports why nobody knows in what way the entry is meant.
func (e Entry) meant() error {
	names := e.Mode == Stood || e.Mode == Withdrawn
	switch {
	case e.Mode != Fact && e.Mode != Asked && !names:
		return fmt.Errorf("mode %q is not known", e.Mode)
	case names != (e.Of != ""):
		return fmt.Errorf("mode %s, yet it names the entry %q", e.Mode, e.Of)
	}
	return nil
}

func (e Entry) write() (Frame, error) {
	var p privateOut
	out := openOut{openForm: openForm{
		placeForm: placeForm{ID: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Prev: hexHash(e.Prev), Mode: e.Mode, Of: e.Of, First: e.First},
		At:        e.Act.At, Zone: e.Act.Zone, Library: e.Act.Library, Operator: e.Act.Operator, By: e.Act.By,
		Over: e.Act.Over, Rules: e.Rules, No: e.No, Facts: e.Act.Facts,
	}}
	p.Why = e.Act.Why
	var err error
	if out.Command.Body, p.Command, err = split(e.Act.Command); err != nil {
		return Frame{}, fmt.Errorf("command %s: %w", e.Act.Command.Name(), err)
	}
	out.Command.Name = e.Act.Command.Name()
	if len(e.Told) > 0 {
		out.Told = make([]namedOut, len(e.Told))
		p.Told = make([]values, len(e.Told))
	}
	for i, ev := range e.Told {
		if ev == nil {
			return Frame{}, fmt.Errorf("event %d of %d: none", i+1, len(e.Told))
		}
		out.Told[i].Name = ev.Name()
		if out.Told[i].Body, p.Told[i], err = split(ev); err != nil {
			return Frame{}, fmt.Errorf("event %s: %w", ev.Name(), err)
		}
	}
	open, err := json.Marshal(out)
	if err != nil {
		return Frame{}, err
	}
	plain, err := json.Marshal(p)
	if err != nil {
		return Frame{}, err
	}
	key, sealed, err := seal(plain, e.Act.ID)
	if err != nil {
		return Frame{}, err
	}
	return Frame{Open: open, Private: sealed, Key: key}, nil
}

// receiptNo gives the number on the receipt of an entry, which follows from the place
// where it was written first.
func (e Entry) receiptNo() circ.ReceiptNo {
	if e.First != (Place{}) {
		return circ.NewReceiptNo(e.Act.Desk, e.First.Epoch, e.First.Seq)
	}
	return circ.NewReceiptNo(e.Act.Desk, e.Epoch, e.Seq)
}

// Frame gives the entry's final form; the zero Frame before [Entry.Finish]. Its
// bytes belong to the entry: they are read, never changed.
func (e Entry) Frame() Frame { return e.frame }

// Hash gives the SHA-256 by which the next entry names this one: over a
// version byte, the length of the open part (8 bytes, big end first), the open
// part, and the SHA-256 of the sealed part. The key is not hashed. An entry
// without a frame has the zero Hash.
func (e Entry) Hash() Hash { return e.frame.hash() }

func (f Frame) hash() Hash {
	if f.Open == nil {
		return Hash{}
	}
	private := sha256.Sum256(f.Private)
	head := binary.BigEndian.AppendUint64(append(make([]byte, 0, 9), hashVersion), uint64(len(f.Open)))
	s := sha256.New()
	s.Write(head)
	s.Write(f.Open)
	s.Write(private[:])
	var h Hash
	s.Sum(h[:0])
	return h
}

func hexHash(h Hash) string {
	if h == (Hash{}) {
		return ""
	}
	return hex.EncodeToString(h[:])
}

func parseHash(s string) (h Hash, err error) {
	if s == "" {
		return h, nil
	}
	if hex.DecodedLen(len(s)) != len(h) {
		return h, fmt.Errorf("hash of %d characters", len(s))
	}
	_, err = hex.Decode(h[:], []byte(s))
	return h, err
}

// UnreadableError says that a frame is no entry that this program understands.
// Desk is empty where not even that could be read.
type UnreadableError struct {
	ID    circ.EntryID
	Desk  circ.DeskID
	Epoch uint64
	Seq   uint64
	Err   error
}

func (e *UnreadableError) Error() string {
	if e.Desk == "" {
		return fmt.Sprintf("read entry: %v", e.Err)
	}
	return fmt.Sprintf("read entry %d.%d of desk %q: %v", e.Epoch, e.Seq, e.Desk, e.Err)
}

func (e *UnreadableError) Unwrap() error { return e.Err }

// Decode reads an entry from its final form, which it keeps byte for byte. The
// frame's bytes belong to the entry from then on. Where the key is destroyed,
// what is private stays zero. Commands and events of a later version come back
// as [circ.UnknownCommand] and [circ.UnknownEvent]; their private values stay
// in the frame.
//
// The error is an [UnreadableError]. When it names the desk, the entry's place
// (id, desk, epoch, number, the hash before, mode) is good and the entry can be
// kept and rejected, even where it is of a mode or form that only a later
// version knows; its command then is a [circ.UnknownCommand], and nothing is
// told.
func Decode(f Frame) (Entry, error) {
	var in openIn
	err := json.Unmarshal(f.Open, &in)
	if err != nil { // of a later version, perhaps: its place may still be read
		e, noPlace := DecodePlace(f)
		if noPlace != nil {
			return Entry{}, &UnreadableError{Err: err}
		}
		return e, e.unreadable(err)
	}
	e, err := placed(f, in.placeForm)
	if err != nil {
		return Entry{}, &UnreadableError{Err: err}
	}
	e.Act = circ.Act{
		ID: in.ID, Desk: in.Desk, Library: in.Library, Operator: in.Operator, By: in.By,
		At: in.At, Zone: in.Zone, Over: in.Over, Facts: in.Facts,
		Command: circ.UnknownCommand{As: in.Command.Name, Raw: in.Command.Body},
	}
	e.Rules, e.No = in.Rules, in.No
	if err = e.meant(); err == nil {
		err = e.read(in, f)
	}
	if err != nil {
		return e, e.unreadable(err)
	}
	return e, nil
}

// DecodePlace reads of an entry what says where it belongs: id, desk, epoch,
// number, the hash before, and mode. That is much less work than [Decode], and
// enough to follow a chain. The error is an [UnreadableError].
func DecodePlace(f Frame) (Entry, error) {
	var at placeForm
	err := json.Unmarshal(f.Open, &at)
	var e Entry
	if err == nil {
		e, err = placed(f, at)
	}
	if err != nil {
		return Entry{}, &UnreadableError{Err: err}
	}
	return e, nil
}

// placed gives an entry of which only the place is known.
func placed(f Frame, at placeForm) (Entry, error) {
	prev, err := parseHash(at.Prev)
	e := Entry{
		Act:   circ.Act{ID: at.ID, Desk: at.Desk, Command: circ.UnknownCommand{}},
		Epoch: at.Epoch, Seq: at.Seq, Prev: prev, Mode: at.Mode, Of: at.Of, First: at.First, frame: f,
	}
	if err == nil {
		err = e.placed()
	}
	return e, err
}

func (e Entry) unreadable(err error) error {
	return &UnreadableError{ID: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Err: err}
}

// read fills in the command, the events and what is private; all or nothing.
func (e *Entry) read(in openIn, f Frame) error {
	var p privateIn
	if len(f.Key) > 0 {
		plain, err := unseal(f.Key, f.Private, e.Act.ID)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(plain, &p); err != nil {
			return fmt.Errorf("private part: %w", err)
		}
		if len(p.Told) != len(in.Told) && len(p.Told) > 0 {
			return fmt.Errorf("%d events, private values of %d", len(in.Told), len(p.Told))
		}
	}
	c := circ.NewCommand(in.Command.Name)
	if err := join(c, in.Command.Body, p.Command); err != nil {
		return fmt.Errorf("command %q: %w", in.Command.Name, err)
	}
	var told []circ.Event
	if len(in.Told) > 0 {
		told = make([]circ.Event, len(in.Told))
	}
	for i, n := range in.Told {
		var private map[string]json.RawMessage
		if i < len(p.Told) {
			private = p.Told[i]
		}
		ev := circ.NewEvent(n.Name)
		if err := join(ev, n.Body, private); err != nil {
			return fmt.Errorf("event %q: %w", n.Name, err)
		}
		told[i] = circ.Value(ev)
	}
	e.Act.Command, e.Act.Why, e.Told = circ.CommandValue(c), p.Why, told
	e.Act.Receipt = e.receiptNo()
	return nil
}
