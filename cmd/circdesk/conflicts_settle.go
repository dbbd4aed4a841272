package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/local"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// settling is what settles a conflict.
type settling struct {
	which, why, as, pin string
}

// mostWhy bounds a reason, in characters.
const mostWhy = 500

func (p *program) conflictsSettleCommand() *cobra.Command {
	var s settling
	c := &cobra.Command{
		Use: "settle N|ENTRY", Short: "note that a conflict is settled, and how", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Notes that a person has settled a conflict: by its number in the list of open ones, or by
its entry. Who settles signs in: the PIN is asked for, or read from standard input.`,
		RunE: func(c *cobra.Command, args []string) error {
			s.which = args[0]
			return p.settle(c.Context(), s)
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&s.why, "why", "", "what was done about it")
	c.Flags().StringVar(&s.as, "as", "", "the operator's `name`")
	return c
}

func (p *program) settle(ctx context.Context, s settling) error {
	switch {
	case text.Clean(s.why, mostWhy) == "":
		return p.tell(exitUsage, words.RefusalReasonNeeded)
	case s.as == "":
		return usage{errors.New("--as names the operator who settles it")}
	}
	pin, err := p.readPIN()
	if err != nil {
		return err
	}
	s.pin = pin
	where, err := p.folder()
	if err != nil {
		return err
	}
	if p.running != nil {
		return p.settleAt(ctx, where, p.running, s)
	}
	if !where.Has(folder.Journal) {
		return folder.ErrNoJournal
	}
	args := []string{"conflicts", "settle", "--why", s.why, "--as", s.as, "--", s.which}
	return p.orAsk(ctx, where, args, pin+"\n", func() (err error) {
		b, err := p.openBooks(ctx, where, deskFlags{})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.close()) }()
		st, err := station.New(ctx, station.Config{
			Stores: b.stores, ID: circ.DeskID(b.settings.Desk), Library: b.library, Rules: b.rules, System: b.system,
			Words: p.words, Version: version(),
		})
		if err != nil {
			return err
		}
		return p.settleAt(ctx, where, st, s)
	})
}

// readPIN asks for a PIN, or reads it from the input.
func (p *program) readPIN() (string, error) { return p.readSecret(p.words.Text(words.FormPin)) }

// readSecret reads a line that nobody is to see from the terminal, or from standard
// input where that is none.
func (p *program) readSecret(prompt string) (string, error) {
	if f, ok := p.in.(*os.File); ok && terminal(f) {
		return p.secret(f, prompt)
	}
	line, err := bufio.NewReader(io.LimitReader(p.in, mostWhy)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (p *program) settleAt(ctx context.Context, where folder.Folder, st *station.Station, s settling) error {
	who, err := p.signedIn(ctx, where, s.as, s.pin)
	if err != nil {
		return err
	}
	id, err := p.conflictNamed(ctx, st, s.which)
	if err != nil {
		return err
	}
	err = st.Desk.SettleConflict(ctx, id, circ.OperatorID(who.Name), text.Clean(s.why, mostWhy))
	switch {
	case errors.Is(err, local.ErrNoConflict):
		return p.tell(exitFailed, words.RefusalNoSuchConflict)
	case err != nil:
		return err
	}
	if st.Session != nil {
		st.Session.Send(desk.Conflicts{}) // so that the desk counts again
	}
	_, err = fmt.Fprintln(p.out, p.words.Text(words.CliSettled))
	return err
}

// conflictNamed gives the entry of a conflict by its number among the open ones,
// or by itself.
func (p *program) conflictNamed(ctx context.Context, st *station.Station, which string) (circ.EntryID, error) {
	n, err := strconv.Atoi(which)
	if err != nil {
		return circ.EntryID(which), nil
	}
	open, err := st.Desk.Conflicts(ctx, false)
	switch {
	case err != nil:
		return "", err
	case n < 1 || n > len(open):
		return "", p.tell(exitFailed, words.RefusalNoSuchNumber, "number", which)
	}
	return open[n-1].Entry, nil
}
