package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// onConflict is what somebody does about a conflict: by its number among the open ones,
// or its entry.
type onConflict struct {
	which, as string
	args      []string // the command, as a desk that runs is asked
	more      []string // what stands behind which
	do        func(circ.EntryID) circ.Command
	says      words.Key
}

// mostWhy bounds a reason, in characters.
const mostWhy = 500

func (p *program) conflictsSettleCommand() *cobra.Command {
	var why, as, how string
	c := &cobra.Command{
		Use: "settle N|ENTRY", Short: "say that a conflict is settled, and how", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Says that a person has settled a conflict: by its number in the list of open ones, or by
its entry. With --how it is done, too: return (the loan that is open ends), renew, undo (what the
desk did), bill_nobody (what it still costs is waived), merge (both records are of one person:
what stands under the one that was registered goes to the other, its card, too); without, it is
kept as it stands. 'conflicts show' says which of them fit. Who settles needs the right to, and
signs in: the PIN is asked for, or read from standard input.`,
		RunE: func(c *cobra.Command, args []string) error {
			said := text.Clean(why, mostWhy)
			switch action := circ.ConflictAction(how); {
			case said == "":
				return p.tell(exitUsage, words.RefusalReasonNeeded)
			case !slices.Contains(circ.ConflictActions(), action):
				return usage{fmt.Errorf("--how is one of %v", circ.ConflictActions())}
			}
			return p.onConflict(c.Context(), onConflict{
				which: args[0], as: as, args: []string{"settle", "--why", why, "--how", how}, says: words.CliSettled,
				do: func(id circ.EntryID) circ.Command {
					return circ.SettleConflict{Conflict: id, How: circ.ConflictAction(how), Text: said}
				},
			})
		},
	}
	p.dataFlag(c)
	c.Flags().StringVar(&why, "why", "", "what was done about it")
	c.Flags().StringVar(&as, "as", "", "the operator's `name`")
	c.Flags().StringVar(&how, "how", string(circ.ConflictKeep), "what is done: keep, return, renew, undo, bill_nobody, merge")
	return c
}

// onConflict signs in who does it, and does it.
func (p *program) onConflict(ctx context.Context, o onConflict) error {
	if o.as == "" {
		return usage{errors.New("--as names the operator who does it")}
	}
	pin, err := p.readPIN()
	if err != nil {
		return err
	}
	where, err := p.folder()
	if err != nil {
		return err
	}
	args := append(append([]string{"conflicts"}, o.args...), "--as", o.as, "--", o.which)
	args = append(args, o.more...)
	return p.atDeskWith(ctx, args, pin+"\n", deskFlags{}, func(ctx context.Context, st *station.Station) error {
		who, err := p.signedIn(ctx, where, o.as, pin)
		if err != nil {
			return err
		}
		found, err := p.conflictNamed(ctx, st, o.which)
		if err != nil {
			return err
		}
		why, err := desk.WorkOnConflict(ctx, st.Desk, deliverer(st), *who, o.do(found.ID))
		if err != nil {
			return err
		}
		if len(why) > 0 {
			return told{p.conflictRefused(why), exitFailed}
		}
		if st.Session != nil {
			st.Session.Send(desk.Conflicts{}) // so that the desk counts again
		}
		if st.Up != nil {
			st.Up.Wake()
		}
		_, err = fmt.Fprintln(p.out, p.words.Text(o.says))
		return err
	})
}

// deliverer delivers what a desk has not sent; nil: there is nobody to deliver to.
func deliverer(st *station.Station) func(context.Context) error {
	if st.Up == nil {
		return nil
	}
	return st.Up.Sync
}

func (p *program) conflictRefused(why []circ.Remark) (says []string) {
	for _, r := range why {
		switch r.Reason {
		case desk.NoLine:
			says = append(says, p.words.Text(words.RefusalNoLine))
		case desk.NoSuchAction:
			says = append(says, p.words.Text(words.RefusalNoSuchAction, "text", r.Text))
		default:
			says = append(says, p.words.Reason(r, words.Names{}))
		}
	}
	return says
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

// conflictNamed gives a conflict by its number among the open ones, or by its entry.
func (p *program) conflictNamed(ctx context.Context, st *station.Station, which string) (desk.Conflict, error) {
	cs, err := p.conflicts(ctx, st, true)
	if err != nil {
		return desk.Conflict{}, err
	}
	n, err := strconv.Atoi(which)
	i := slices.IndexFunc(cs, func(c desk.Conflict) bool {
		if err == nil {
			return c.Open() && c.N == n
		}
		return string(c.ID) == which
	})
	switch {
	case i < 0 && err == nil:
		return desk.Conflict{}, p.tell(exitFailed, words.RefusalNoSuchNumber, "number", which)
	case i < 0:
		return desk.Conflict{}, p.tell(exitFailed, words.RefusalNoSuchConflict)
	}
	return cs[i], nil
}
