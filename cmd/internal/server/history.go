package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os/user"
	"slices"
	"strconv"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// How says how rules came into force. It is stored: never renamed.
type How string

// The ways.
const (
	FromFile How = "file"   // rules.toml was new, or another one, when a server began
	Given    How = "given"  // the program gave them to a store that had none
	Reverted How = "revert" // a person put old ones in force again
	Before   How = "before" // a history was not kept yet
)

// Version is one time that rules were put in force.
type Version struct {
	N     int       `json:"n"` // counts from 1, and is never given again
	Rules string    `json:"version"`
	At    time.Time `json:"at,omitzero"` // zero: nobody knows
	How   How       `json:"how"`
	Of    int       `json:"of,omitempty"` // Reverted: which they were
	By    string    `json:"by,omitempty"` // the machine's user; empty: it does not say
	Hash  string    `json:"hash"`         // of their text
	Bytes int       `json:"bytes"`
}

// Bounds of the history; the oldest go first, and those in force never.
const (
	mostVersions = 200
	mostTexts    = 16 << 20 // bytes, each text once
)

const (
	noteHistory = "rules.history"
	noteText    = "rules.text." // and the hash
)

// History gives what was in force, the oldest first; the last is.
func History(ctx context.Context, store journal.Store[journal.HubTx]) (all []Version, err error) {
	err = store.View(ctx, func(tx journal.HubTx) error {
		all, err = readHistory(ctx, tx)
		return err
	})
	return all, err
}

func readHistory(ctx context.Context, tx journal.HubTx) (all []Version, err error) {
	v, err := tx.Note(ctx, noteHistory)
	if err != nil || v == nil {
		return nil, err
	}
	if err := json.Unmarshal(v, &all); err != nil {
		return nil, fmt.Errorf("read the history of the rules: %w", err)
	}
	return all, nil
}

// Text gives the rules of a version, as they were written.
func Text(ctx context.Context, store journal.Store[journal.HubTx], v Version) (body []byte, err error) {
	err = store.View(ctx, func(tx journal.HubTx) error {
		body, err = tx.Note(ctx, noteText+v.Hash)
		return err
	})
	if err == nil && hashOf(body) != v.Hash {
		err = fmt.Errorf("read the rules %s: their text is not what it was", v.Rules)
	}
	return body, err
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// putVersion puts rules in force, and into the history.
func putVersion(ctx context.Context, tx journal.HubTx, rules circ.Rules, v Version) error {
	all, err := readHistory(ctx, tx)
	if err != nil {
		return err
	}
	if err := tx.Put(ctx, []circ.Row{rules}); err != nil {
		return err
	}
	return addVersion(ctx, tx, all, rules, v)
}

// addVersion adds to the history, and lets go of what is too much.
func addVersion(ctx context.Context, tx journal.HubTx, all []Version, rules circ.Rules, v Version) error {
	body := []byte(rules.Body)
	v.N, v.Rules, v.Hash, v.Bytes = 1, rules.Version, hashOf(body), len(body)
	if len(all) > 0 {
		v.N = all[len(all)-1].N + 1
	}
	if err := tx.SetNote(ctx, noteText+v.Hash, body); err != nil {
		return err
	}
	all = append(all, v)
	for first := all[0]; len(all) > 1 && (len(all) > mostVersions || texts(all) > mostTexts); first = all[0] {
		all = all[1:]
		if slices.ContainsFunc(all, func(v Version) bool { return v.Hash == first.Hash }) {
			continue
		}
		if err := tx.SetNote(ctx, noteText+first.Hash, nil); err != nil {
			return err
		}
	}
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return tx.SetNote(ctx, noteHistory, b)
}

// texts gives how many bytes the texts have together.
func texts(all []Version) (n int) {
	seen := map[string]bool{}
	for _, v := range all {
		if !seen[v.Hash] {
			seen[v.Hash] = true
			n += v.Bytes
		}
	}
	return n
}

// beginHistory notes the rules of a store that kept no history yet.
func beginHistory(ctx context.Context, store journal.Store[journal.HubTx], have circ.Rules) error {
	all, err := History(ctx, store)
	if err != nil || len(all) > 0 {
		return err
	}
	return store.Update(ctx, func(tx journal.HubTx) error {
		return addVersion(ctx, tx, nil, have, Version{How: Before})
	})
}

// ErrNoVersion says that the history has no such version.
var ErrNoVersion = errors.New("no such version")

// SeveralError says that rules of one version were not always the same.
type SeveralError struct {
	Version string
	Numbers []int
}

func (e *SeveralError) Error() string {
	return fmt.Sprintf("version %s stands for different rules: number %v", e.Version, e.Numbers)
}

// Find gives what a person names: a version, or the number of one. Of the same
// rules that were in force more than once it is the last time.
func Find(all []Version, name string) (Version, error) {
	var found []Version
	for _, v := range all {
		if v.Rules == name {
			found = slices.DeleteFunc(found, func(o Version) bool { return o.Hash == v.Hash })
			found = append(found, v)
		}
	}
	switch len(found) {
	case 0:
		n, err := strconv.Atoi(name)
		if i := slices.IndexFunc(all, func(v Version) bool { return v.N == n }); err == nil && i >= 0 {
			return all[i], nil
		}
		return Version{}, fmt.Errorf("version %q: %w", name, ErrNoVersion)
	case 1:
		return found[0], nil
	}
	several := &SeveralError{Version: name}
	for _, v := range found {
		several.Numbers = append(several.Numbers, v.N)
	}
	return Version{}, several
}

// Done says what a revert did.
type Done struct {
	Was     bool   // they were in force, and rules.toml had them: nothing was done
	File    bool   // rules.toml was written anew
	PutAway string // where the text of rules.toml went that no version has; empty: there was none
}

// Revert puts the rules of a version in force again, as a new act, after the same
// checks as a new file: they can be read, and do what the folder's stored cases say;
// else the error is a *RulesError and nothing has changed.
//
// The folder's rules.toml is written anew where there is one: a server that begins
// puts the file in force, so a file that stayed would take the revert back. A text of
// it that was never in force is put away beside it.
func Revert(ctx context.Context, store journal.Store[journal.HubTx], where folder.Folder, v Version, now time.Time) (done Done, err error) {
	body, err := Text(ctx, store, v)
	if err != nil {
		return done, err
	}
	set, err := policy.Parse(body)
	if err != nil {
		return done, &RulesError{Err: err, File: v.Rules}
	}
	if refused, err := tryCases(where, set); err != nil || refused != nil {
		return done, errors.Join(err, asError(refused))
	}
	have, err := rulesOf(ctx, store)
	if err != nil {
		return done, err
	}
	file, given, err := rulesFile(Config{Folder: where})
	if err != nil {
		return done, err
	}
	inForce := have != nil && have.Body == string(body)
	if inForce && (!given || bytes.Equal(file, body)) {
		return Done{Was: true}, nil
	}
	if given && !bytes.Equal(file, body) {
		if done, err = replaceFile(ctx, store, where, file, body, now); err != nil {
			return done, err
		}
	}
	if inForce {
		return done, nil
	}
	err = store.Update(ctx, func(tx journal.HubTx) error {
		return putVersion(ctx, tx, circ.Rules{Version: set.Version(), Body: string(body)}, Version{At: now.UTC(), How: Reverted, Of: v.N, By: userName()})
	})
	if err != nil {
		if done.File {
			err = errors.Join(err, where.Replace(folder.Rules, file))
		}
		return Done{}, fmt.Errorf("put rules %s into the store: %w", set.Version(), err)
	}
	return done, nil
}

// asError is an error only when there is one.
func asError(refused *RulesError) error {
	if refused == nil {
		return nil
	}
	return refused
}

// replaceFile writes rules.toml anew. What it had is put away, unless the history
// has it.
func replaceFile(ctx context.Context, store journal.Store[journal.HubTx], where folder.Folder, was, body []byte, now time.Time) (done Done, err error) {
	all, err := History(ctx, store)
	if err != nil {
		return done, err
	}
	if hash := hashOf(was); !slices.ContainsFunc(all, func(v Version) bool { return v.Hash == hash }) {
		away := folder.Rules + now.Format(".20060102-150405")
		if err := where.Replace(away, was); err != nil {
			return done, err
		}
		done.PutAway = where.File(away)
	}
	if err := where.Replace(folder.Rules, body); err != nil {
		return done, err
	}
	done.File = true
	return done, nil
}

// userName gives the name of who runs the program, where the machine tells it.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return text.Clean(u.Username, 100)
}
