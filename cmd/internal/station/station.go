package station

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/uuid/v5"

	"circdesk/cmd/internal/folder"
	"circdesk/desk"
	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/label"
	"circdesk/desk/local"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/uplink"
	"circdesk/desk/words"
)

// Config is what a station is made of. Log and Slip may be nil.
type Config struct {
	Stores    folder.Stores
	ID        circ.DeskID // empty: see [Identify]
	Library   policy.LibraryID
	Drawer    string      // the desk's, by name; empty: it has none
	Rules     *policy.Set // until the copy holds the library's
	System    central.System
	Labels    *label.Rules
	Operators operator.Source
	Words     *words.Book
	Out       func(desk.Output)
	Filling   func(uplink.Filling) // hears how far the first copy is, and the zero value when it is there; nil: nobody does
	Slip      func(string) error
	Log       *slog.Logger
	Version   string
	Relay     uplink.Relay       // of the branch; nil: the desk knows none
	Members   bool               // who is in the branch is asked for and kept: see [uplink.Config]
	Hear      func(uplink.Event) // hears what happens on the line, too; nil: nobody does
	Days      int                // after so many without the central system the copy is emptied: see [DefaultDays]
}

// Station is a desk, put together.
type Station struct {
	Desk    *local.Desk
	Up      *uplink.Uplink
	Session *desk.Session
	Words   *words.Book
	Drawer  string // the desk's, by name; empty: it has none

	stores folder.Stores
	// Holds is that of a relay: how many entries of how many desks it holds that are not
	// delivered, after it has tried to hand them on. Nil: it is none.
	Holds func(context.Context) (entries, desks int, err error)

	operators operator.Source
	looks     chan struct{} // full when the desk is to be looked at again
	filling   func(uplink.Filling)
	far       atomic.Pointer[uplink.Filling] // nil: no copy is being filled
	heard     func(uplink.Event)
	days      int
	zone      *time.Location
	log       *slog.Logger
	fresh     chan struct{} // closed when the copy is complete for the first time
	once      sync.Once
	revoked   sync.Once
	work      sync.WaitGroup // forgets the copy
}

// The notes of a journal: the desk that it is of, and the library where that stood last.
const (
	noteDesk    = "desk"
	noteLibrary = "library"
)

// ErrOtherDesk says that the journal is another desk's.
var ErrOtherDesk = errors.New("the journal is another desk's")

// Identify gives the desk whose journal this is. A journal that is nobody's yet
// becomes that of the desk wanted, or of a new one.
func Identify(ctx context.Context, j journal.Store[journal.JournalTx], wanted circ.DeskID) (id circ.DeskID, err error) {
	fresh := wanted
	if fresh == "" {
		fresh = NewID()
	}
	err = j.View(ctx, func(tx journal.JournalTx) error {
		v, err := tx.Note(ctx, noteDesk)
		id = circ.DeskID(v)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case id != "" && wanted != "" && id != wanted:
		return "", fmt.Errorf("open the journal of desk %s as desk %s: %w", id, wanted, ErrOtherDesk)
	case id != "":
		return id, nil
	}
	return fresh, j.Update(ctx, func(tx journal.JournalTx) error { return tx.SetNote(ctx, noteDesk, []byte(fresh)) })
}

// Known gives the desk whose journal this is; empty: it is nobody's yet.
func Known(ctx context.Context, j journal.Store[journal.JournalTx]) (id circ.DeskID, err error) {
	err = j.View(ctx, func(tx journal.JournalTx) error {
		v, err := tx.Note(ctx, noteDesk)
		id = circ.DeskID(v)
		return err
	})
	return id, err
}

// Library gives the library where the journal's desk stands: that which is said, else
// where it stood last. Empty: nobody knows.
func Library(ctx context.Context, j journal.Store[journal.JournalTx], said policy.LibraryID) (lib policy.LibraryID, err error) {
	if said != "" {
		return said, nil
	}
	err = j.View(ctx, func(tx journal.JournalTx) error {
		v, err := tx.Note(ctx, noteLibrary)
		lib = policy.LibraryID(v)
		return err
	})
	return lib, err
}

// keepLibrary notes where the desk stands, for commands that are run on its folder
// without being told.
func keepLibrary(ctx context.Context, j journal.Store[journal.JournalTx], lib policy.LibraryID) error {
	was, err := Library(ctx, j, "")
	if err != nil || was == lib {
		return err
	}
	return j.Update(ctx, func(tx journal.JournalTx) error { return tx.SetNote(ctx, noteLibrary, []byte(lib)) })
}

// NewID makes an id that people can tell apart: the machine's name and four
// characters of chance.
func NewID() circ.DeskID {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "desk"
	}
	host, _, _ = strings.Cut(text.Clean(host, 30), ".")
	return circ.DeskID(strings.ReplaceAll(host, " ", "-") + "-" + uuid.Must(uuid.NewV4()).String()[:4])
}

// New opens a desk. Nothing runs until [Station.Run]. The stores stay the
// caller's.
func New(ctx context.Context, c Config) (*Station, error) {
	id, err := Identify(ctx, c.Stores.Journal, c.ID)
	if err != nil {
		return nil, err
	}
	if c.Library, err = Library(ctx, c.Stores.Journal, c.Library); err != nil {
		return nil, err
	}
	if err := keepLibrary(ctx, c.Stores.Journal, c.Library); err != nil {
		return nil, err
	}
	s := &Station{
		Words: c.Words, Drawer: c.Drawer, stores: c.Stores, operators: c.Operators, looks: make(chan struct{}, 1), log: c.Log, filling: c.Filling, days: c.Days, zone: c.Rules.Location(c.Library), fresh: make(chan struct{}),
	}
	s.heard = c.Hear
	if s.filling == nil {
		s.filling = func(uplink.Filling) {}
	}
	s.Desk, err = local.Open(ctx, local.Config{
		ID: id, Library: c.Library, Zone: c.Rules.Location(c.Library).String(),
		Journal: c.Stores.Journal, Cache: c.Stores.Cache, Rules: c.Rules, Now: time.Now, NewID: entryID,
	})
	if err != nil {
		return nil, err
	}
	line := uplink.Config{Desk: s.Desk, System: c.System, Version: c.Version, On: s.hear, Log: c.Log, Members: c.Members || c.Relay != nil}
	if c.Relay != nil {
		line.Branch = &uplink.Branch{Desk: s.Desk, Relay: c.Relay, Log: c.Log, On: func(st uplink.RelayStatus) { s.hear(uplink.AtRelay{RelayStatus: st}) }}
	}
	s.Up = uplink.New(line)
	if c.Out == nil {
		return s, nil
	}
	s.Session, err = desk.New(desk.Config{
		Desk: s.Desk, Up: s.Up, Drawer: c.Drawer, Labels: c.Labels, Operators: c.Operators, Words: c.Words, Out: c.Out, Slip: c.Slip, Log: c.Log,
	})
	if err == nil {
		c.Stores.Journal.OnMirror(s.mirrored)
	}
	return s, err
}

func entryID() circ.EntryID { return circ.EntryID(uuid.Must(uuid.NewV7()).String()) }

func (s *Station) hear(e uplink.Event) {
	switch e := e.(type) {
	case uplink.Filling:
		s.far.Store(&e)
		s.filling(e)
	case uplink.Barred:
		if e.Standing == central.Revoked {
			s.revoked.Do(func() { s.work.Go(s.forget) })
		}
	case uplink.Fresh:
		s.far.Store(nil)
		s.once.Do(func() {
			s.filling(uplink.Filling{})
			close(s.fresh)
			s.lookAgain()
		})
	case uplink.LineDown:
		s.far.Store(nil) // until something comes again
		s.lookAgain()
	case uplink.LineUp, uplink.Stuck, uplink.Rejoined:
		s.lookAgain()
	}
	if s.heard != nil {
		s.heard(e)
	}
	if s.Session != nil {
		s.Session.Hear(e)
	}
}

// Filling gives how far the fill of an empty copy is; false: none is under way.
func (s *Station) Filling() (uplink.Filling, bool) {
	if f := s.far.Load(); f != nil {
		return *f, true
	}
	return uplink.Filling{}, false
}

// lookAgain has the desk looked at soon.
func (s *Station) lookAgain() {
	select {
	case s.looks <- struct{}{}:
	default:
	}
}

// Run runs the session and then the line, until the context ends. The error says
// why the session could not begin.
func (s *Station) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer s.Wait()
	var line sync.WaitGroup
	defer line.Wait()
	line.Go(func() {
		select {
		case <-s.Session.Begun():
			line.Go(func() { s.keepFresh(ctx) })
			line.Go(func() { s.keepNames(ctx) })
			line.Go(func() { s.watchHealth(ctx) })
			s.Up.Run(ctx)
		case <-ctx.Done():
		}
	})
	err := s.Session.Run(ctx)
	cancel()
	return err
}

// Wait waits until what the line had this desk do is done. Whoever synchronizes a desk
// that does not run waits before the stores are closed.
func (s *Station) Wait() { s.work.Wait() }

// Ready waits until the line is there and the copy is complete. The error is
// that of a context that ended before.
func (s *Station) Ready(ctx context.Context) error {
	select {
	case <-s.fresh:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Stores are the desk's files, for who lists or verifies its journal.
func (s *Station) Stores() folder.Stores { return s.stores }
