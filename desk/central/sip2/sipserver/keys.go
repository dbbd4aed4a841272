package sipserver

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"sync"
	"time"

	"github.com/gofrs/uuid/v5"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// again is how long after a change the same request is taken for one whose answer was
// lost. A terminal waits for a minute at most; a person who wants the same once more
// comes later, or with other bytes.
const again = 10 * time.Minute

// keys make ids of requests, so that one that comes twice is known even after the server
// was started anew. They are kept in the store, replaced every hour and then gone: an id
// says nothing of the card that was in the request once its key is.
type keys struct {
	mu   sync.Mutex
	at   time.Time // of now
	now  []byte
	past []byte // nil: none
}

const (
	noteKeys = "sip2.keys"
	keyTime  = time.Hour
	keySize  = 32
)

// keptKeys are the keys in the store.
type keptKeys struct {
	At   time.Time `json:"at"`
	Now  []byte    `json:"now"`
	Past []byte    `json:"past,omitempty"`
}

// get gives the key of now and the one before it.
func (k *keys) get(ctx context.Context, hub *hubserver.Server) (now, past []byte, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	clock := hub.Now().UTC()
	if k.now != nil && clock.Sub(k.at).Abs() < keyTime {
		return k.now, k.past, nil
	}
	fresh := make([]byte, keySize)
	_, _ = rand.Read(fresh) // never fails: it ends the program instead
	var at time.Time
	err = hub.Here(ctx, func(t *hubserver.Turn) error {
		now, past, at = nil, nil, time.Time{}
		b, err := t.Note(ctx, noteKeys)
		if err != nil {
			return err
		}
		var kept keptKeys
		if b != nil && json.Unmarshal(b, &kept) == nil && len(kept.Now) == keySize {
			at, now, past = kept.At, kept.Now, kept.Past
		}
		if now != nil && clock.Sub(at).Abs() < keyTime {
			return nil
		}
		if now != nil && clock.Sub(at) < 2*keyTime {
			past = now
		} else {
			past = nil
		}
		now, at = fresh, clock
		if b, err = json.Marshal(keptKeys{at, now, past}); err != nil {
			return err
		}
		return t.SetNote(ctx, noteKeys, b)
	})
	if err != nil {
		return nil, nil, err
	}
	k.at, k.now, k.past = at, now, past
	return now, past, nil
}

// fingerprint is what two sendings of one request have in common: all but its number, its
// checksum and the passwords. A payment that has a number of its own is known by that,
// whatever the clock says. at is the request's date as if it were one of UTC; zero: it has
// none that counts.
func (r *request) fingerprint() (b []byte, at time.Time) {
	b = append(b, r.Desk...)
	b = append(b, 0)
	b = append(b, r.m.Code...)
	id, _ := r.m.First(sipwire.TransactionID)
	if r.m.Code != sipwire.FeePaid || len(id) == 0 {
		b = append(b, r.m.Header...)
		if t, err := r.m.Date(sipwire.TransactionDate, time.UTC); err == nil {
			at = t
		}
	}
	for _, f := range r.m.Fields {
		if f.Tag == sipwire.TerminalPassword || f.Tag == sipwire.PatronPassword {
			continue
		}
		b = append(append(append(b, 0), f.Tag...), f.Value...)
	}
	return b, at
}

// entryID makes the id of the n-th entry of a request by a key: a UUIDv7 (RFC 9562), so
// that what is done at one time stands together in the store. Its time is the request's,
// which says the same when it comes again; the rest is made by the key.
func entryID(key, print []byte, at time.Time, n int) circ.EntryID {
	mac := hmac.New(sha256.New, key)
	mac.Write(print)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	id := uuid.UUID(mac.Sum(nil)[:uuid.Size])
	if ms := at.UnixMilli(); ms > 0 {
		copy(id[:], binary.BigEndian.AppendUint64(nil, uint64(ms))[2:])
	} else {
		clear(id[:6])
	}
	id.SetVersion(uuid.V7)
	id.SetVariant(uuid.VariantRFC9562)
	return circ.EntryID(id.String())
}

// once are the ids of a request.
type once struct {
	now, past circ.EntryID
}

// once gives the ids that the n-th entry of the request has if it comes again.
func (r *request) once(ctx context.Context, n int) (o once, err error) {
	now, past, err := r.server.keys.get(ctx, r.server.Hub)
	if err != nil {
		return o, err
	}
	print, at := r.fingerprint()
	o.now = entryID(now, print, at, n)
	if past != nil {
		o.past = entryID(past, print, at, n)
	}
	return o, nil
}

// twice gives what became of the request when it came before: on this connection or
// another one, before or after a restart of the server. found is false where it did not
// come, or so long ago that it is another one of the same text; fact: it has a date of its
// own, and is the same for ever. id is that of a new entry then.
func (r *request) twice(ctx context.Context, t *hubserver.Turn, o once, fact bool) (id circ.EntryID, was journal.Receipt, found bool, err error) {
	id = o.now
	for _, old := range []circ.EntryID{o.now, o.past} {
		if old == "" {
			continue
		}
		was, a, found, err := t.Earlier(ctx, old)
		if err != nil {
			return "", was, false, err
		}
		if found && (fact || t.Now.Sub(a.At) < again) {
			return old, was, true, nil
		}
		if found && old == o.now {
			id = newID()
		}
	}
	return id, was, false, nil
}

func newID() circ.EntryID { return circ.EntryID(uuid.Must(uuid.NewV7()).String()) }
