package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/server"
	"circdesk/desk/format/pending"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) journalExceptionsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "exceptions FILE", Short: "at the server: what Evergreen says of an exported journal", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Makes what Evergreen did not take as it was, of a file that 'journal export --format xacts' wrote,
conflicts of the entries that it is of. FILE is the list of exceptions as Evergreen's offline.pl
gives it (status_type=exceptions); its uuid names our entry. The data folder is the central server's.

An exception of an entry that has a conflict already is joined with it. One of no entry that the
server has is listed. It may be taken twice. The exit code is 4 when there are conflicts now, or
exceptions that belong to no entry.`,
		RunE: func(c *cobra.Command, given []string) error { return p.takeExceptions(c.Context(), given[0], asJSON) },
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// exceptedLine is an exception in JSON, without anything of a patron. Its names are for
// scripts: never renamed.
type exceptedLine struct {
	N      int    `json:"n"`
	Result string `json:"result"`
	Entry  string `json:"entry,omitempty"`
	Item   string `json:"item,omitempty"`
	Code   string `json:"code,omitempty"`
	Why    string `json:"why,omitempty"`
}

func (p *program) takeExceptions(ctx context.Context, file string, asJSON bool) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	args := jsonArg([]string{"journal", "exceptions"}, asJSON)
	return p.atServer(ctx, append(args, dashed([]string{file})...), func(s *server.Server) error {
		body, err := readOffline(file)
		if err != nil {
			return err
		}
		all, problems, err := pending.ReadExceptions(body)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		left := len(problems) > 0
		for _, b := range problems {
			if err := p.tellExcepted(exceptedLine{N: b.Line, Result: string(server.NotRead), Why: text.Clean(b.Text, 200)}, asJSON); err != nil {
				return err
			}
		}
		err = s.TakeExceptions(ctx, all, func(x server.Excepted) error {
			left = left || x.As != server.ExceptionKnown
			return p.tellExcepted(exceptedLine{N: x.N, Result: string(x.As), Entry: text.Clean(string(x.Entry), shown), Item: text.Clean(x.Barcode, shown), Code: text.Clean(x.Code, shown)}, asJSON)
		})
		switch {
		case err != nil:
			return err
		case left:
			return code(exitLeft)
		case len(all) == 0 && !asJSON:
			p.note(p.words.Text(words.ImportNoExceptions))
		}
		return nil
	})
}

func (p *program) tellExcepted(l exceptedLine, asJSON bool) error {
	if asJSON {
		return writeJSON(p.out, l)
	}
	w := p.words
	key := map[string]words.Key{
		string(server.ExceptionRaised): words.ImportRaised, string(server.ExceptionJoined): words.ImportJoined, string(server.ExceptionKnown): words.ImportKnown,
		string(server.ExceptionOther): words.ImportOther, string(server.NotRead): words.ImportNotRead,
	}[l.Result]
	_, err := fmt.Fprintln(p.out, w.Text(words.ImportLine, "line", strconv.Itoa(l.N), "said", w.List(l.Code, l.Item, l.Entry), "result", w.Text(key), "why", l.Why))
	return err
}
