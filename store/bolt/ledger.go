package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Head gives the last entry of the desk's newest epoch.
func (t *tx) Head(_ context.Context, desk circ.DeskID) (m journal.Mark, err error) {
	defer t.guard(&err, "read the head of desk %q", desk)
	m.Desk = desk
	v, err := t.get(bucketHeads, idKey(string(desk)))
	if v == nil || err != nil {
		return m, err
	}
	if m, err = t.readHead(idKey(string(desk)), v); err != nil {
		err = t.damaged("head of desk %q: %v", desk, err)
	}
	m.Desk = desk
	return m, err
}

// readHead reads a mark, all but the desk.
func (t *tx) readHead(key, v []byte) (m journal.Mark, err error) {
	b, err := t.f.open(bucketHeads, key, v)
	if err == nil && len(b) < 16+len(m.Hash) {
		err = errShort
	}
	if err != nil {
		return m, err
	}
	m.Epoch, m.Seq = binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])
	copy(m.Hash[:], b[16:])
	return m, nil
}

// Add appends an entry. Beyond the contract: an entry that names another hash as
// the one before it is [journal.ErrFork].
func (t *tx) Add(ctx context.Context, e journal.Entry) (fresh bool, err error) {
	defer t.guard(&err, "add entry %d.%d of desk %q", e.Epoch, e.Seq, e.Act.Desk)
	hash := e.Hash()
	if hash == (journal.Hash{}) {
		return false, errors.New("it is not finished")
	}
	key := entryKey(e.Act.Desk, e.Epoch, e.Seq)
	have, err := t.get(bucketEntries, key)
	if err != nil {
		return false, err
	}
	if have != nil {
		h, err := hashOf(have)
		switch {
		case err != nil:
			return false, t.damaged("entry %d.%d of desk %q: %v", e.Epoch, e.Seq, e.Act.Desk, err)
		case h != hash:
			return false, journal.ErrFork
		}
		return false, nil
	}
	was, err := t.keyOf(e.Act.ID)
	if err != nil {
		return false, err
	}
	was = bytes.Clone(was)
	elder := false // it was written again already
	if was != nil {
		if elder, err = t.fits(e, was, key); err != nil {
			return false, err
		}
	}
	newest, err := t.Head(ctx, e.Act.Desk)
	if err != nil {
		return false, err
	}
	head := newest
	if e.Epoch != newest.Epoch {
		if head, err = t.headOf(e.Act.Desk, e.Epoch); err != nil {
			return false, err
		}
	}
	begins := t.midway(ctx, e, head)
	if err := follows(e, head); err != nil && !begins {
		return false, err
	}
	if begins {
		if err := t.beginAt(key); err != nil {
			return false, err
		}
	}
	if newest.Seq > 0 && e.Epoch > newest.Epoch { // nobody looks for ids behind that head any more
		if err := t.index(newest.Desk, newest.Epoch, newest.Seq); err != nil {
			return false, err
		}
	}
	if err := t.append(e, key, hash, newest.Seq == 0 || e.Epoch >= newest.Epoch, elder); err != nil {
		return false, err
	}
	if elder {
		return true, t.settled(key)
	}
	if was != nil || e.Epoch < newest.Epoch {
		if err := t.put(bucketIDs, idKey(string(e.Act.ID)), key); err != nil {
			return false, err
		}
	}
	if was != nil {
		return true, t.moved(e, was, key)
	}
	return true, nil
}

// follows reports why an entry does not come after the head of its chain.
func follows(e journal.Entry, head journal.Mark) error {
	switch {
	case head.Seq == 0 && e.Seq != 1:
		return fmt.Errorf("the epoch has none yet: %w", journal.ErrGap)
	case e.Seq != head.Seq+1:
		return fmt.Errorf("the last is %d: %w", head.Seq, journal.ErrGap)
	case e.Prev != head.Hash:
		return fmt.Errorf("it follows another entry %d: %w", head.Seq, journal.ErrFork)
	}
	return nil
}

func (t *tx) append(e journal.Entry, key []byte, hash journal.Hash, newest, elder bool) error {
	headKey := idKey(string(e.Act.Desk))
	head := t.f.newValue(16 + len(hash))
	head = binary.BigEndian.AppendUint64(head, e.Epoch)
	head = binary.BigEndian.AppendUint64(head, e.Seq)
	head = t.f.seal(bucketHeads, headKey, append(head, hash[:]...))
	id := idKey(string(e.Act.ID))
	if err := t.put(bucketEntries, key, t.entryValue(key, e)); err != nil {
		return err
	}
	if newest {
		if err := t.put(bucketHeads, headKey, head); err != nil {
			return err
		}
	}
	switch step := t.f.idStep(); {
	case !newest:
	case step == 1:
		if err := t.put(bucketIDs, id, key); err != nil {
			return err
		}
	case e.Seq%step == 0:
		if err := t.index(e.Act.Desk, e.Epoch, e.Seq); err != nil {
			return err
		}
	}
	if upTo, err := t.settledTo(key[:len(key)-8]); err != nil {
		return err
	} else if upTo >= e.Seq {
		return t.damaged("desk %q: entries up to %d.%d have receipts, and %d.%d is new", e.Act.Desk, e.Epoch, upTo, e.Epoch, e.Seq)
	}
	if receipt, err := t.get(bucketReceipts, id); err != nil {
		return err
	} else if receipt != nil {
		if err := t.settled(key); err != nil {
			return err
		}
	}
	if elder {
		return nil
	}
	if e.Of == "" {
		return t.undoes(e, key)
	}
	return t.became(e, key)
}

// Ids are put into their index by the entry whose number is divided by the step,
// for itself and for those before it. In a journal, which grows by one entry a
// scan, that spares each commit two pages; the ids of the last few entries of a
// chain are looked for in the entries themselves.

func (f *file) idStep() uint64 {
	if f.kind == kindJournal {
		return 16
	}
	return 1
}

// indexed gives the number up to which a chain's ids are in the index.
func (f *file) indexed(seq uint64) uint64 { return seq - seq%f.idStep() }

// index puts the ids of a chain's entries up to a number into the index.
func (t *tx) index(desk circ.DeskID, epoch, seq uint64) error {
	chain := chainKey(desk, epoch)
	return t.afterNumber(chain, t.f.indexed(seq-1), func(key, v []byte) error {
		id, err := idOf(v)
		if err != nil {
			return t.damaged("entry %d.%d of desk %q: %v", epoch, seqOf(key), desk, err)
		}
		return t.put(bucketIDs, idKey(string(id)), bytes.Clone(key))
	})
}

// afterNumber walks through the entries of a chain after a number. What is put
// meanwhile is not among them.
func (t *tx) afterNumber(chain []byte, seq uint64, fn func(key, v []byte) error) error {
	b, err := t.in(bucketEntries)
	if err != nil {
		return err
	}
	c := b.Cursor()
	for k, v := c.Seek(binary.BigEndian.AppendUint64(chain[:len(chain):len(chain)], seq+1)); bytes.HasPrefix(k, chain); k, v = c.Next() {
		if err := fn(k, v); err != nil {
			return err
		}
	}
	return nil
}

// keyOf gives the key of the entry with an id; nil: there is none.
func (t *tx) keyOf(id circ.EntryID) (key []byte, err error) {
	key, err = t.get(bucketIDs, idKey(string(id)))
	if key != nil || err != nil || t.f.idStep() == 1 {
		return key, err
	}
	heads, err := t.in(bucketHeads)
	if err != nil {
		return nil, err
	}
	c := heads.Cursor()
	for desk, v := c.First(); desk != nil && key == nil; desk, v = c.Next() {
		head, err := t.readHead(desk, v)
		if err != nil {
			return nil, t.damaged("head of desk %q: %v", deskOf(desk), err)
		}
		chain := binary.BigEndian.AppendUint64(bytes.Clone(desk), head.Epoch)
		if err := t.afterNumber(chain, t.f.indexed(head.Seq), func(k, v []byte) error {
			if got, err := idOf(v); err == nil && string(got) == string(id) { // what is damaged is told when it is read
				key = k
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return key, nil
}

// at reads the entry under a key that another bucket named.
func (t *tx) at(key []byte) (e journal.Entry, err error) {
	v, err := t.get(bucketEntries, key)
	if err != nil {
		return e, err
	}
	epoch, seq := placeOf(key)
	desk, _ := readPart(key)
	if v == nil {
		return e, t.damaged("entry %d.%d of desk %q is missing", epoch, seq, desk)
	}
	if e, _, err = t.readEntry(key, v); err != nil {
		return e, t.damaged("entry %d.%d of desk %q: %v", epoch, seq, desk, err)
	}
	if !bytes.Equal(key, entryKey(e.Act.Desk, e.Epoch, e.Seq)) {
		return e, t.damaged("entry %d.%d of desk %q: it says to be another", epoch, seq, desk)
	}
	return e, nil
}

// Entry gives an entry by its id.
func (t *tx) Entry(_ context.Context, id circ.EntryID) (e journal.Entry, ok bool, err error) {
	defer t.guard(&err, "read entry %q", id)
	key, err := t.keyOf(id)
	if key == nil || err != nil {
		return e, false, err
	}
	if e, err = t.at(key); err == nil && e.Act.ID != id {
		err = t.damaged("entry %q says to be %q", id, e.Act.ID)
	}
	return e, err == nil, err
}

// undoes notes which entry another one says to undo.
func (t *tx) undoes(e journal.Entry, key []byte) error {
	of := e.Undoes()
	if of == "" {
		return nil
	}
	return t.put(bucketLater, append(idKey(string(of)), key...), nil)
}

// Undos gives the entries that say to undo another.
func (t *tx) Undos(ctx context.Context, id circ.EntryID) (out []journal.Entry, err error) {
	defer t.guard(&err, "read what undoes entry %q", id)
	if id == "" { // there stand what other desks say of a question, see [laterKey]
		return nil, nil
	}
	later, err := t.in(bucketLater)
	if err != nil {
		return nil, err
	}
	of := idKey(string(id))
	c := later.Cursor()
	for k, _ := c.Seek(of); bytes.HasPrefix(k, of); k, _ = c.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(k) == len(of) { // what became of it
			continue
		}
		e, err := t.at(k[len(of):])
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// Entries gives entries after a mark, checked against each other's hash.
func (t *tx) Entries(ctx context.Context, after journal.Mark, n int) (out []journal.Entry, err error) {
	defer t.guard(&err, "read entries of desk %q after %d.%d", after.Desk, after.Epoch, after.Seq)
	if after.Seq+1 == 0 {
		return nil, nil
	}
	b, err := t.in(bucketEntries)
	if err != nil {
		return nil, err
	}
	chain := chainKey(after.Desk, after.Epoch)
	c := b.Cursor()
	for k, _ := c.Seek(entryKey(after.Desk, after.Epoch, after.Seq+1)); len(out) < n && bytes.HasPrefix(k, chain); k, _ = c.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e, err := t.at(k)
		if err != nil {
			return nil, err
		}
		if i := len(out); i > 0 && (e.Prev != out[i-1].Hash() || e.Seq != out[i-1].Seq+1) {
			return nil, t.damaged("entry %d.%d of desk %q: it does not follow the one before", e.Epoch, e.Seq, e.Act.Desk)
		}
		out = append(out, e)
	}
	return out, nil
}

// Settle keeps the first receipt of an entry.
func (t *tx) Settle(_ context.Context, r journal.Receipt) (err error) {
	defer t.guard(&err, "settle entry %q", r.Entry)
	if r.Entry == "" {
		return errors.New("the receipt names no entry")
	}
	id := idKey(string(r.Entry))
	if have, err := t.get(bucketReceipts, id); err != nil || have != nil {
		return err
	}
	b, err := journal.EncodeReceipt(r)
	if err != nil {
		return err
	}
	if err := t.put(bucketReceipts, id, t.f.seal(bucketReceipts, id, append(t.f.newValue(len(b)), b...))); err != nil {
		return err
	}
	key, err := t.keyOf(r.Entry)
	if key == nil || err != nil {
		return err
	}
	return t.settled(bytes.Clone(key))
}

// Which entries have a receipt is kept by their numbers, and costs a new entry
// nothing: of each chain the number up to which all have one, and the few that
// have one ahead of it.

// settled notes that the entry under a key has a receipt.
func (t *tx) settled(key []byte) error {
	chain, seq := key[:len(key)-8], seqOf(key)
	upTo, err := t.settledTo(chain)
	switch {
	case err != nil || seq <= upTo:
		return err
	case seq > upTo+1:
		return t.put(bucketAhead, key, nil)
	}
	ahead, err := t.in(bucketAhead)
	if err != nil {
		return err
	}
	for c := ahead.Cursor(); ; seq++ {
		next := binary.BigEndian.AppendUint64(chain[:len(chain):len(chain)], seq+1)
		if k, _ := c.Seek(next); !bytes.Equal(k, next) {
			break
		}
		if err := t.remove(bucketAhead, next); err != nil {
			return err
		}
	}
	return t.put(bucketSettled, chain, t.f.seal(bucketSettled, chain, binary.BigEndian.AppendUint64(t.f.newValue(8), seq)))
}

// settledTo gives the number up to which all entries of a chain have a receipt.
func (t *tx) settledTo(chain []byte) (seq uint64, err error) {
	v, err := t.get(bucketSettled, chain)
	if v == nil || err != nil {
		return 0, err
	}
	b, err := t.f.open(bucketSettled, chain, v)
	if err == nil && len(b) < 8 {
		err = errShort
	}
	if err != nil {
		return 0, t.damaged("what is settled of desk %q: %v", deskOf(chain), err)
	}
	return binary.BigEndian.Uint64(b), nil
}

// Receipt gives the receipt of an entry.
func (t *tx) Receipt(_ context.Context, id circ.EntryID) (r journal.Receipt, ok bool, err error) {
	defer t.guard(&err, "read the receipt of entry %q", id)
	v, err := t.get(bucketReceipts, idKey(string(id)))
	if v == nil || err != nil {
		return r, false, err
	}
	r, err = t.readReceipt(idKey(string(id)), v)
	if err == nil && r.Entry != id {
		err = fmt.Errorf("it says to be of %q", r.Entry)
	}
	if err != nil {
		return r, false, t.damaged("receipt of entry %q: %v", id, err)
	}
	return r, true, nil
}

func (t *tx) readReceipt(key, v []byte) (r journal.Receipt, err error) {
	b, err := t.f.open(bucketReceipts, key, v)
	if err != nil {
		return r, err
	}
	return journal.DecodeReceipt(b)
}

// Unsettled gives entries without a receipt, oldest first.
func (t *tx) Unsettled(ctx context.Context, desk circ.DeskID, n int) (out []journal.Entry, err error) {
	defer t.guard(&err, "read unsettled entries of desk %q", desk)
	entries, err := t.in(bucketEntries)
	if err != nil {
		return nil, err
	}
	ahead, err := t.in(bucketAhead)
	if err != nil {
		return nil, err
	}
	all := idKey(string(desk))
	c, skip := entries.Cursor(), ahead.Cursor()
	for k, _ := c.Seek(all); len(out) < n && bytes.HasPrefix(k, all); {
		chain := bytes.Clone(k[:len(k)-8])
		upTo, err := t.settledTo(chain)
		if err != nil {
			return nil, err
		}
		for k, _ = c.Seek(binary.BigEndian.AppendUint64(chain[:len(chain):len(chain)], upTo+1)); len(out) < n && bytes.HasPrefix(k, chain); k, _ = c.Next() {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if s, _ := skip.Seek(k); bytes.Equal(s, k) {
				continue
			}
			e, err := t.at(k)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
		}
	}
	return out, nil
}
