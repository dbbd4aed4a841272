package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

// The exit codes: see [exits].
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitHeld    = 3
	exitLeft    = 4
	exitDamaged = 5
)

// usage is a command line that was not understood.
type usage struct{ error }

// takesArgs makes the arguments of a command that are not as they should be a command
// line that was not understood.
func takesArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, given []string) error {
		if err := check(c, given); err != nil {
			return usage{err}
		}
		return nil
	}
}

// code ends a command with an exit code when all has been said.
type code int

func (c code) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// told is an error in words for people.
type told struct {
	says []string
	code int
}

func (t told) Error() string { return strings.Join(t.says, "\n") }

// tell is an error in words.
func (p *program) tell(c int, key words.Key, args ...string) error {
	return told{[]string{p.words.Text(key, args...)}, c}
}

// exit says an error and gives the exit code for it.
func (p *program) exit(c *cobra.Command, err error) int {
	if err == nil {
		return exitDone
	}
	if n, ok := errors.AsType[code](err); ok {
		return int(n)
	}
	if t, ok := errors.AsType[told](err); ok {
		p.note(t.says...)
		return t.code
	}
	if u, ok := errors.AsType[usage](err); ok {
		p.note(text.Clean(u.Error(), shown), "", c.UsageString())
		return exitUsage
	}
	if errors.Is(err, context.Canceled) {
		return exitFailed
	}
	says, n := p.explain(err)
	p.note(says...)
	return n
}

// shown is how much of an error is shown.
const shown = 1000

// explain says an error and the way out.
func (p *program) explain(err error) ([]string, int) {
	w := p.words
	where, _ := p.folder()
	if m, ok := errors.AsType[*folder.MirrorError](err); ok {
		return p.explainMirror(m), exitFailed
	}
	if damaged, ok := errors.AsType[*bolt.DamagedError](err); ok {
		return []string{w.Text(words.ErrorJournalDamaged, "file", damaged.Path), damaged.Reason}, exitDamaged
	}
	if bad, ok := errors.AsType[*server.RulesError](err); ok {
		return p.rulesWrong(cmp.Or(bad.File, where.File(folder.Rules)), bad), exitFailed
	}
	path := string(where)
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		path = at.Path
	}
	switch {
	case errors.Is(err, journal.ErrHeld):
		_, pid, ok := strings.Cut(err.Error(), journal.ErrHeld.Error()+": process ")
		if !ok {
			return []string{w.Text(words.ErrorHeldUnknown, "folder", string(where))}, exitHeld
		}
		return []string{w.Text(words.ErrorHeld, "folder", string(where), "pid", pid)}, exitHeld
	case errors.Is(err, journal.ErrTooNew):
		return []string{w.Text(words.ErrorLaterVersion, "file", string(where)), text.Clean(err.Error(), shown)}, exitDamaged
	case errors.Is(err, folder.ErrNoJournal):
		return []string{w.Text(words.ErrorNoJournal, "folder", string(where))}, exitFailed
	case isOfKeys(err):
		return p.explainKeys(where, err), exitFailed
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG):
		return []string{w.Text(words.ErrorDiskFullPath, "path", path)}, exitFailed
	case errors.Is(err, fs.ErrPermission):
		return []string{w.Text(words.ErrorNoPermission, "path", path)}, exitFailed
	case errors.Is(err, fs.ErrNotExist):
		return []string{w.Text(words.ErrorNotFound, "path", path)}, exitFailed
	}
	return []string{text.Clean(err.Error(), shown)}, exitFailed
}

// rulesRefused says why the folder's rules are not in force.
func (p *program) rulesRefused(s *server.Server) {
	if err := s.Refused(); err != nil {
		says, _ := p.explain(err)
		p.note(says...)
	}
}

// rulesWrong names each mistake with its line.
func (p *program) rulesWrong(file string, err error) []string {
	w := p.words
	head := words.ErrorBadRules
	if bad, ok := errors.AsType[*server.RulesError](err); ok && bad.Cases {
		head = words.ErrorBadCases
	}
	says := []string{w.Text(head, "file", file)}
	all, ok := errors.AsType[policy.Problems](err)
	if !ok {
		return append(says, text.Clean(err.Error(), shown))
	}
	for _, bad := range all {
		says = append(says, w.Text(words.ErrorBadRulesLine, "line", strconv.Itoa(bad.Line), "row", bad.Row, "why", bad.Text))
	}
	return says
}
