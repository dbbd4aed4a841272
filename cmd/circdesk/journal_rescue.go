package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

func (p *program) journalRescueCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "rescue FILE", Short: "at the server: deliver the journal of a desk that cannot", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Delivers what is in the journal of a desk that lost its key, was revoked or died: FILE is its
journal.db, or a copy of it, which stays as it is. The data folder is the central
server's; a server that runs on it does the work. It opens what the desk sealed with the
recovery key in its folder.

What the server has is not taken again, so a journal may be rescued twice. What the desk had
asked and shown to nobody is withdrawn, as the desk itself would have done.

The exit code is 4 when entries could not be taken, or there are conflicts to settle; 5 when the
file is damaged: what stands before the damage is delivered.`,
		RunE: func(c *cobra.Command, given []string) error { return p.rescue(c.Context(), given[0], asJSON) },
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object for each desk, a line each")
	return c
}

func (p *program) rescue(ctx context.Context, file string, asJSON bool) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if p.serving != nil {
		return p.rescueAt(ctx, p.serving, file, asJSON)
	}
	if file, err = filepath.Abs(file); err != nil { // the server stands in another folder
		return err
	}
	args := append(jsonArg([]string{"journal", "rescue"}, asJSON), dashed([]string{file})...)
	return p.orAskAny(ctx, []string{where.File(folder.Serving)}, args, "", func() (err error) {
		if !where.Has(folder.Server) {
			return p.tell(exitFailed, words.ErrorNotFound, "path", where.File(folder.Server))
		}
		s, err := server.Open(ctx, server.Config{Folder: where, Recovery: true})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		p.recoveryKey(where, s)
		return p.rescueAt(ctx, s, file, asJSON)
	})
}

func (p *program) rescueAt(ctx context.Context, s *server.Server, file string, asJSON bool) error {
	all, problems, err := s.Rescue(ctx, file)
	if errors.Is(err, bolt.ErrSealed) || errors.Is(err, bolt.ErrOtherKey) {
		return told{[]string{err.Error()}, exitFailed}
	}
	left := false
	for _, r := range all {
		left = left || r.Why != "" || r.Objections > 0
		if err := p.tellRescued(r, asJSON); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		return err
	case len(problems) > 0:
		return p.problems(bolt.Report{Problems: problems})
	case left:
		return code(exitLeft)
	case len(all) == 0:
		p.note(p.words.Text(words.SealRescuedNone, "file", file))
	}
	return nil
}

func (p *program) tellRescued(r server.Rescued, asJSON bool) error {
	if asJSON {
		return writeJSON(p.out, r)
	}
	w, n := p.words, strconv.Itoa
	lines := []string{w.Text(words.SealRescued,
		"desk", string(r.Desk), "n", n(r.Entries), "fresh", n(r.Fresh), "again", n(r.Again), "withdrawn", n(r.Withdrawn))}
	if r.Objections > 0 {
		lines = append(lines, w.N(words.SealRescuedObjections, r.Objections))
	}
	if r.Why != "" {
		lines = append(lines, w.Text(words.SealRescuedNot, "desk", string(r.Desk), "seq", strconv.FormatUint(r.From, 10), "why", r.Why))
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(p.out, l); err != nil {
			return err
		}
	}
	return nil
}
