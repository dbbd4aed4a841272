package hubserver

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// A code is 16 characters of Crockford's alphabet in groups of four: 80 bits, and
// nothing that is read as something else. Capitals and hyphens make no difference, and
// O, I and L are read as they are meant.
const (
	alphabet  = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeChars = 16
	codeTime  = 10 * time.Minute
	codeTries = 10 // wrong codes while one is open; then it is void
)

func newCode() string {
	b := make([]byte, codeChars)
	rand.Read(b) // never fails: it ends the program instead
	var out strings.Builder
	for i, c := range b {
		if i > 0 && i%4 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(alphabet[c%32])
	}
	return out.String()
}

// plainCode gives a code as it is hashed; empty: it is none.
func plainCode(typed string) string {
	var out []byte
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case '-', ' ', '\t':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if r > 127 || strings.IndexByte(alphabet, byte(r)) < 0 {
			return ""
		}
		out = append(out, byte(r))
	}
	if len(out) != codeChars {
		return ""
	}
	return string(out)
}

func codeHash(plain string) []byte {
	sum := sha256.Sum256([]byte("circdesk code 1\x00" + plain))
	return sum[:]
}

// invite is an open code, as the store keeps it.
type invite struct {
	Hash    []byte      `json:"hash"`
	Name    circ.DeskID `json:"name,omitempty"`
	Library string      `json:"library,omitempty"`
	Ends    time.Time   `json:"ends"`
	Tries   int         `json:"tries,omitempty"` // wrong ones since it was made
	Key     []byte      `json:"key,omitempty"`   // used, by this key
	Desk    circ.DeskID `json:"desk,omitempty"`  // as which
	Relay   bool        `json:"relay,omitempty"` // it takes the journals of the desks of its library
}

const noteInvites = "invites"

// readInvites gives the codes that are open, or were used and could be asked for once
// more since an answer got lost.
func readInvites(ctx context.Context, n journal.Notes, now time.Time) (out []invite, err error) {
	v, err := n.Note(ctx, noteInvites)
	if err != nil || v == nil {
		return nil, err
	}
	if err := json.Unmarshal(v, &out); err != nil {
		return nil, fmt.Errorf("read the codes to enrol with: %w", err)
	}
	return slices.DeleteFunc(out, func(i invite) bool { return !now.Before(i.Ends) || i.Tries >= codeTries }), nil
}

func writeInvites(ctx context.Context, n journal.Notes, all []invite) error {
	v, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return n.SetNote(ctx, noteInvites, v)
}

// mostInvites is how many codes are open at once.
const mostInvites = 200

// ErrManyInvites: so many codes are open that no more are made.
var ErrManyInvites = errors.New("too many codes are open: wait until some have ended")

// ErrNoName: a desk cannot have the name.
var ErrNoName = errors.New("a desk's name has 1 to 60 letters, digits, points, hyphens and underscores, and begins with a letter or digit")

// named reports whether a desk that is enrolled may have a name.
func named(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && (i == 0 || r != '-' && r != '_' && r != '.') {
			return false
		}
	}
	return name != "" && len(name) <= 60
}

// Invite makes a code by which one desk may be enrolled, once, within d; zero: ten
// minutes. With a name it is for the desk of that name only, and may put another key
// in the place of the one that it has.
func (s *Server) Invite(ctx context.Context, name, library string, d time.Duration) (central.Invite, error) {
	return s.invite(ctx, invite{Name: circ.DeskID(name), Library: library}, d)
}

func (s *Server) invite(ctx context.Context, in invite, d time.Duration) (central.Invite, error) {
	name := string(in.Name)
	if name != "" && !named(name) {
		return central.Invite{}, fmt.Errorf("make a code for desk %.80q: %w", name, ErrNoName)
	}
	if d <= 0 {
		d = codeTime
	}
	now := s.Now().UTC()
	out := central.Invite{Code: newCode(), Name: name, Library: in.Library, Ends: now.Add(d)}
	in.Hash, in.Ends = codeHash(plainCode(out.Code)), out.Ends
	err := s.Store.Update(ctx, func(tx journal.HubTx) error {
		all, err := readInvites(ctx, tx, now)
		if err != nil {
			return err
		}
		if len(all) >= mostInvites {
			return ErrManyInvites
		}
		return writeInvites(ctx, tx, append(all, in))
	})
	if err != nil {
		return central.Invite{}, fmt.Errorf("make a code: %w", err)
	}
	return out, nil
}

// CodeError: a desk cannot be enrolled with a code.
type CodeError struct{ Why string }

func (e *CodeError) Error() string { return e.Why }

// Enrolling is what a desk asks for that is to be enrolled.
type Enrolling struct {
	Code string
	Desk circ.DeskID // whose journal it has; empty: nobody's yet
	Like circ.DeskID // what it would be called, when nobody says
	Key  []byte      // Ed25519
}

// Enrol makes a key that of a desk, with a code that is open. Asking once more with
// the same key and code gives the same answer. A no is a *CodeError.
func (s *Server) Enrol(ctx context.Context, e Enrolling) (st central.DeskState, err error) {
	now, plain := s.Now().UTC(), plainCode(e.Code)
	var no *CodeError
	err = s.Store.Update(ctx, func(tx journal.HubTx) error {
		no = nil
		all, err := readInvites(ctx, tx, now)
		if err != nil {
			return err
		}
		hash := codeHash(plain)
		at := slices.IndexFunc(all, func(i invite) bool { return plain != "" && subtle.ConstantTimeCompare(i.Hash, hash) == 1 })
		if at < 0 {
			for i := range all {
				all[i].Tries++
			}
			no = &CodeError{"this code is not open: it is mistyped, or older than ten minutes; ask for a new one"}
			if len(all) == 0 {
				return nil
			}
			return writeInvites(ctx, tx, all)
		}
		in := &all[at]
		if in.Key != nil && !slices.Equal(in.Key, e.Key) {
			no = &CodeError{"this code has been used: ask for a new one"}
			return nil
		}
		id := in.Desk
		if in.Key == nil {
			if id, no, err = s.nameOf(ctx, tx, *in, e, now); err != nil || no != nil {
				return err
			}
		}
		r, known, err := readDesk(ctx, tx, id)
		if err != nil {
			return err
		}
		again := in.Key != nil
		in.Key, in.Desk = e.Key, id
		if !again {
			r = r.clone()
			if known {
				r.note(central.DeskNote{At: now, What: central.Renewed})
			}
			r.Key, r.Enrolled, r.Ends, r.Revoked, r.Fresh, r.Leases = e.Key, now, now.Add(s.lapse()), time.Time{}, true, nil
			r.Relay = in.Relay
			h := s.saying(r) // what it has announced stays
			r.Seen, r.Last, r.Left, r.Had = now, h.last, h.left, h.had
			if in.Library != "" {
				r.Library = in.Library
			}
			if err := writeDesk(ctx, tx, r); err != nil {
				return err
			}
		}
		if st, err = s.stateOf(ctx, tx, r); err != nil {
			return err
		}
		return writeInvites(ctx, tx, all)
	})
	if err == nil && no != nil {
		err = no
	}
	if err != nil {
		return central.DeskState{}, fmt.Errorf("enrol a desk: %w", err)
	}
	s.mu.Lock()
	delete(s.barred, st.Desk)
	s.mu.Unlock()
	return st, nil
}

// nameOf gives the desk that is enrolled with a code.
func (s *Server) nameOf(ctx context.Context, tx journal.HubTx, in invite, e Enrolling, now time.Time) (circ.DeskID, *CodeError, error) {
	switch {
	case in.Name != "" && e.Desk != "" && in.Name != e.Desk:
		return "", &CodeError{fmt.Sprintf("this code is for desk %s, and the folder is that of desk %s: ask for a code for that name, or begin in an empty folder", in.Name, e.Desk)}, nil
	case in.Name != "":
		return in.Name, nil, nil
	case e.Desk != "":
		r, known, err := readDesk(ctx, tx, e.Desk)
		if err == nil && known && r.standing(now) == central.Enrolled && !slices.Equal(r.Key, e.Key) {
			return "", &CodeError{fmt.Sprintf("desk %s is enrolled with another key: ask for a code with its name, which puts this machine in the other's place", e.Desk)}, nil
		}
		return e.Desk, nil, err
	case !named(string(e.Like)):
		e.Like = "desk"
	}
	for n := 1; ; n++ {
		id := e.Like
		if n > 1 {
			id = circ.DeskID(fmt.Sprintf("%s-%d", e.Like, n))
		}
		_, known, err := readDesk(ctx, tx, id)
		if err != nil {
			return "", nil, err
		}
		head, err := tx.Head(ctx, id)
		if err != nil || !known && head.Seq == 0 {
			return id, nil, err
		}
	}
}

// lapseTime is how long an enrolment lasts without contact when nobody says.
const lapseTime = 90 * 24 * time.Hour

func (s *Server) lapse() time.Duration {
	if s.Lapse > 0 {
		return s.Lapse
	}
	return lapseTime
}

// ErrNoDesk: nothing is known of the desk.
var ErrNoDesk = errors.New("no such desk")

// Revoke makes the server refuse a desk from now on. It may be enrolled again.
func (s *Server) Revoke(ctx context.Context, id circ.DeskID) error {
	return s.changeDesk(ctx, id, "revoke", func(r *record) {
		if r.Revoked.IsZero() {
			r.Revoked = s.Now().UTC()
			r.note(central.DeskNote{At: r.Revoked, What: central.WasRevoked})
		}
	})
}

// Rename gives a desk another name for people; its id, under which its entries stand,
// stays. Empty: it has none but its id.
func (s *Server) Rename(ctx context.Context, id circ.DeskID, name string) error {
	return s.changeDesk(ctx, id, "rename", func(r *record) { r.Name = name })
}

func (s *Server) changeDesk(ctx context.Context, id circ.DeskID, what string, change func(*record)) error {
	err := s.Store.Update(ctx, func(tx journal.HubTx) error {
		r, known, err := readDesk(ctx, tx, id)
		if err == nil && !known {
			err = ErrNoDesk
		}
		if err != nil {
			return err
		}
		r = r.clone()
		change(&r)
		if err := writeDesk(ctx, tx, r); err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.barred == nil {
			s.barred = map[circ.DeskID]bool{}
		}
		s.barred[id] = !r.Revoked.IsZero()
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s desk %s: %w", what, id, err)
	}
	return nil
}

// known gives what is kept of a desk that shows a key: its public half, and whether it
// may speak.
func (s *Server) known(ctx context.Context, id circ.DeskID) (key []byte, standing central.Standing, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) error {
		r, _, err := readDesk(ctx, tx, id)
		key, standing = r.Key, r.standing(s.Now())
		if standing == central.Open {
			standing = central.Unknown
		}
		return err
	})
	return key, standing, err
}

// otherKey notes that somebody greeted as a desk with a key that is not its own.
func (s *Server) otherKey(ctx context.Context, id circ.DeskID) error {
	return s.changeDesk(ctx, id, "note a wrong key of", func(r *record) {
		n := len(r.Notes)
		if n > 0 && r.Notes[n-1].What == central.KeyRefused && s.Now().Sub(r.Notes[n-1].At) < time.Hour {
			return // somebody who tries fills no disk
		}
		r.note(central.DeskNote{At: s.Now().UTC(), What: central.KeyRefused})
	})
}

// ID names the server itself, whatever becomes of its store: what a desk signs is for
// this one only.
func (s *Server) ID(ctx context.Context) (id string, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) error {
		v, err := tx.Note(ctx, noteServer)
		id = string(v)
		return err
	})
	return id, err
}

const noteServer = "server"
