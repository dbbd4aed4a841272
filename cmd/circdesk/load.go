package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/uuid/v5"
	"github.com/spf13/cobra"

	"circdesk/cmd/internal/server"
	"circdesk/desk/circ"
	"circdesk/desk/load"
	"circdesk/desk/words"
)

func (p *program) loadCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "load", Short: "put patrons and titles into the central server", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.loadPatronsCommand(), p.loadTitlesCommand(), p.loadBlocksCommand())
	return c
}

// loads loads a file into the central server of the data folder. The exit code
// says whether records were left out.
func (p *program) loads(ctx context.Context, path string, file func(f *os.File) load.File) (err error) {
	where, err := p.folder()
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := where.Make(); err != nil {
		return err
	}
	s, err := server.Open(ctx, server.Config{Folder: where})
	if err != nil {
		return err
	}
	p.rulesRefused(s)
	defer func() { err = errors.Join(err, s.Close()) }()
	r, err := p.loadInto(ctx, s, path, file(f))
	if err != nil {
		return err
	}
	if r.Counts.Skipped > 0 {
		return code(exitLeft)
	}
	return nil
}

// madeAt gives when a file was made, as far as its folder says.
func madeAt(f *os.File) time.Time {
	is, err := f.Stat()
	if err != nil {
		return time.Now()
	}
	return is.ModTime()
}

// loadInto loads a file and says what came of it.
func (p *program) loadInto(ctx context.Context, s *server.Server, path string, file load.File) (load.Report, error) {
	w := p.words
	b := newBar(p.err, w)
	file.Progress = b.progress
	r, err := load.Into(ctx, load.Target{Store: s.Store, Server: s.HTTP.Server, Now: time.Now, NewID: entryID}, file)
	b.end()
	switch {
	case errors.Is(err, load.ErrNoRecords):
		return r, p.tell(exitFailed, words.ErrorNoRecords, "file", path)
	case errors.Is(err, context.Canceled):
		return r, p.tell(exitFailed, words.LoadStopped, "done", fmt.Sprint(r.Counts.Read))
	case err != nil:
		says, n := p.explain(err)
		return r, told{append([]string{w.Text(words.ErrorBadFile, "file", path, "why", says[0])}, says[1:]...), n}
	}
	p.note(p.loaded(r))
	return r, nil
}

func entryID() circ.EntryID { return circ.EntryID(uuid.Must(uuid.NewV7()).String()) }

// loaded says what a load did, in one line.
func (p *program) loaded(r load.Report) string {
	w, c := p.words, r.Counts
	var says []string
	switch r.Kind {
	case circ.KindPatron:
		says = append(says, w.N(words.LoadPatrons, c.Patrons))
	case circ.KindBlock:
		says = append(says, w.N(words.LoadBlocks, c.Blocks))
	default:
		says = append(says, w.N(words.LoadTitles, c.Titles), w.N(words.LoadItems, c.Items))
	}
	if r.Unchanged {
		says = append(says, w.Text(words.LoadAgain))
	} else if r.Merged.Same > 0 && r.Kind != circ.KindBlock { // among them patrons
		says = append(says, w.N(words.LoadUnchanged, r.Merged.Same))
	}
	if c.Skipped > 0 {
		says = append(says, w.N(words.LoadSkipped, c.Skipped))
	}
	return r.File + ": " + w.List(says...)
}

// trouble says what of a file was not taken over as it stands.
func (p *program) trouble(t load.Trouble) {
	w := p.words
	number := fmt.Sprint(t.Number)
	switch {
	case t.Field == "":
		p.note(w.Text(words.LoadRecord, "number", number, "id", t.ID, "why", t.Why))
	case t.Kept:
		p.note(w.Text(words.LoadKept, "number", number, "id", t.ID, "field", t.Field, "why", t.Why))
	default:
		p.note(w.Text(words.LoadField, "number", number, "id", t.ID, "field", t.Field, "why", t.Why))
	}
}
