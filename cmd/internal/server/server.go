package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
	"circdesk/store/secret"
)

// Server is a central server whose store is open.
type Server struct {
	Store   *bolt.Hub
	HTTP    hubserver.HTTP
	rules   *policy.Set
	refused *RulesError

	Recovery     secret.Recovery // opens the journals of its desks; none: see [Config]
	RecoveryMade bool            // it is new
	RecoveryGone bool            // there was another one, whose file is gone
}

// Rules are the rules that the server began with.
func (s *Server) Rules() *policy.Set { return s.rules }

// Refused says why the folder's rules.toml is not in force, and the rules that the
// store had are; nil: it is, or there is none.
func (s *Server) Refused() *RulesError { return s.refused }

// Config says what a server begins with.
type Config struct {
	Folder folder.Folder
	Rules  []byte // for a store that has none, when the folder has no rules.toml; nil: the default rules
	Token  string // of the one desk that asks; empty: only this machine is answered
	Log    *slog.Logger

	Enrols bool          // each desk is enrolled, and Token does not count
	Lapse  time.Duration // how long an enrolment lasts without contact; 0: 90 days
	Back   bool          // the store was put back from a backup: desks take their copies anew
	// Recovery: desks seal their journals for the key in the folder, too. Not of a
	// server in the folder of its one desk, where that key would be beside the file.
	Recovery bool
}

// Open opens the server's store, or makes it, and brings its rules up to date
// with rules.toml. Operators are looked up in operators.toml where there is one.
func Open(ctx context.Context, c Config) (*Server, error) {
	store, err := c.Folder.OpenServer(ctx)
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, c, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return s, nil
}

func start(ctx context.Context, c Config, store *bolt.Hub) (*Server, error) {
	watched := hubserver.Watch(store)
	body, given, err := rulesFile(c)
	if err != nil {
		return nil, err
	}
	rules, refused, err := putRules(ctx, watched, c.Folder, body, given, time.Now())
	if err != nil {
		return nil, err
	}
	config := hubserver.Config{Store: watched, Rules: rules, Now: time.Now, Lapse: c.Lapse, Segments: c.Folder.File(folder.Segments)}
	if c.Folder.Has(folder.Operators) {
		source, err := operator.Open(c.Folder.File(folder.Operators), time.Now)
		if err != nil {
			return nil, err
		}
		config.Rights, config.Gone = rightsOf(source), goneOf(source)
	}
	s := &Server{Store: store, rules: rules, refused: refused}
	if c.Recovery {
		if s.Recovery, s.RecoveryMade, s.RecoveryGone, err = recoveryOf(ctx, c.Folder, store, time.Now()); err != nil {
			return nil, err
		}
		config.Recovery = s.Recovery.Public()
	}
	hub := hubserver.New(config)
	if err := hub.Begin(ctx, rand.Text()); err != nil {
		return nil, fmt.Errorf("begin the server's store: %w", err)
	}
	if c.Back {
		if err := hub.Renew(ctx, rand.Text()); err != nil {
			return nil, fmt.Errorf("name the store that was put back anew: %w", err)
		}
	}
	s.HTTP = hubserver.HTTP{Server: hub, Token: c.Token, Enrols: c.Enrols, Log: c.Log}
	return s, nil
}

// rulesFile gives the rules to begin with, and whether they are to replace those
// in the store.
func rulesFile(c Config) (body []byte, given bool, err error) {
	body, err = os.ReadFile(c.Folder.File(folder.Rules))
	switch {
	case err == nil:
		return body, true, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, false, err
	}
	return c.Rules, false, nil
}

// RulesError says that a file of rules has mistakes, or does not do in stored cases
// what it should.
type RulesError struct {
	Err   error
	File  string // "": the folder's rules.toml
	Cases bool   // File is one of cases, and each problem is one that is otherwise
}

func (e *RulesError) Error() string { return "read rules: " + e.Err.Error() }
func (e *RulesError) Unwrap() error { return e.Err }

// putRules puts rules into the store that it does not have, and gives those in
// force. Rules with mistakes, and rules of the folder's file that do not do what
// its stored cases say, are refused: the store's stay in force, and where it has
// none that is the error.
func putRules(ctx context.Context, store journal.Store[journal.HubTx], where folder.Folder, body []byte, given bool, now time.Time) (set *policy.Set, refused *RulesError, err error) {
	have, err := rulesOf(ctx, store)
	if err != nil {
		return nil, nil, err
	}
	set = policy.Default(Currency, Zone().String())
	if body != nil {
		if set, err = policy.Parse(body); err != nil {
			refused = &RulesError{Err: err}
		}
	}
	if have != nil {
		if err := beginHistory(ctx, store, *have); err != nil {
			return nil, nil, err
		}
	}
	inForce := have != nil && (!given || have.Body == string(body) && refused == nil && have.Version == set.Version())
	if given && !inForce && refused == nil {
		if refused, err = tryCases(where, set); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case refused != nil && have == nil:
		return nil, nil, refused
	case refused != nil || inForce:
		set, err = policy.Parse([]byte(have.Body))
		return set, refused, err
	case body == nil:
		return set, nil, nil
	}
	how := Given
	if given {
		how = FromFile
	}
	err = store.Update(ctx, func(tx journal.HubTx) error {
		return putVersion(ctx, tx, circ.Rules{Version: set.Version(), Body: string(body)}, Version{At: now.UTC(), How: how, By: userName()})
	})
	if err != nil {
		return nil, nil, fmt.Errorf("put rules %s into the store: %w", set.Version(), err)
	}
	return set, nil, nil
}

// tryCases tries the folder's stored cases, where there are any.
func tryCases(where folder.Folder, set *policy.Set) (*RulesError, error) {
	path := where.File(folder.RuleCases)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := set.Try(text, circ.Judge)
	if err != nil {
		return &RulesError{Err: err, File: path}, nil
	}
	var wrong policy.Problems
	for _, c := range all {
		for _, w := range c.Wrong {
			wrong = append(wrong, policy.Problem{Line: c.Line, Row: c.Name, Text: w})
		}
	}
	if len(wrong) > 0 {
		return &RulesError{Err: wrong, File: path, Cases: true}, nil
	}
	return nil, nil
}

// rulesOf gives the rules in the store; nil: it has none.
func rulesOf(ctx context.Context, store journal.Store[journal.HubTx]) (have *circ.Rules, err error) {
	err = store.View(ctx, func(tx journal.HubTx) error {
		have = nil
		r, found, err := journal.RulesOf(ctx, tx)
		if found {
			have = &r
		}
		return err
	})
	return have, err
}

// rightsOf looks the operators of an act up.
func rightsOf(source operator.Source) func(circ.Act) ([]circ.Right, bool) {
	return func(a circ.Act) (rights []circ.Right, known bool) {
		for _, id := range []circ.OperatorID{a.Operator, a.By} {
			if id == "" {
				continue
			}
			o, err := source.Lookup(context.Background(), string(id))
			if err != nil {
				return rights, false
			}
			for _, r := range o.Rights {
				rights = append(rights, circ.Right(r))
			}
		}
		return rights, true
	}
}

// goneOf looks up since when an operator may not sign in any more.
func goneOf(source operator.Source) func(circ.OperatorID) time.Time {
	return func(id circ.OperatorID) time.Time {
		o, err := source.Lookup(context.Background(), string(id))
		if err != nil {
			return time.Time{}
		}
		return o.Left
	}
}

// Serve answers on a listener until the context ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error { return s.HTTP.Serve(ctx, l) }

// Close closes the store.
func (s *Server) Close() error {
	s.HTTP.Server.Close()
	return s.Store.Close()
}

// Currency is that of the default rules.
const Currency = "EUR"

// Note gives a note of the store; empty: there is none.
func (s *Server) Note(ctx context.Context, name string) (value string, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) error {
		v, err := tx.Note(ctx, name)
		value = string(v)
		return err
	})
	return value, err
}

// SetNote keeps a note in the store.
func (s *Server) SetNote(ctx context.Context, name, value string) error {
	return s.Store.Update(ctx, func(tx journal.HubTx) error { return tx.SetNote(ctx, name, []byte(value)) })
}
