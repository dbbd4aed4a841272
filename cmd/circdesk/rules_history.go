package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/journal"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (p *program) rulesHistoryCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "history [VERSION]", Short: "which rules were in force, since when, and by whom", Args: takesArgs(cobra.MaximumNArgs(1)),
		Long: `Lists the rules that were put in force, the oldest first, from the store of the central server
in the data folder, also while it or a desk with a server of its own runs there. With a version,
or the number of one, it writes those rules to the output, as they were.

The server keeps the last 200, or less when their texts have more than 16 MiB.`,
		RunE: func(c *cobra.Command, given []string) error {
			args := jsonArg(append([]string{"rules", "history"}, dashed(given)...), asJSON)
			return p.withRules(c.Context(), args, func(ctx context.Context, where folder.Folder, store rulesStore) error {
				if len(given) > 0 {
					return p.showRules(ctx, store, given[0])
				}
				return p.listRules(ctx, store, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// dashed keeps what a person named from being read as a flag.
func dashed(given []string) []string {
	if len(given) == 0 {
		return nil
	}
	return append([]string{"--"}, given...)
}

// rulesStore is the store that the rules are kept in.
type rulesStore = journal.Store[journal.HubTx]

// withRules runs what needs the central server's store: that of the server in this
// process, of one that runs on the folder, or the file itself.
func (p *program) withRules(ctx context.Context, args []string, do func(context.Context, folder.Folder, rulesStore) error) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if p.serving != nil {
		return do(ctx, where, p.serving.HTTP.Server.Store)
	}
	file := func() (err error) {
		if !where.Has(folder.Server) {
			settings, err := where.ReadSettings()
			if err != nil {
				return p.tell(exitFailed, words.ErrorBadFile, "file", where.File(folder.DeskTOML), "why", err.Error())
			}
			return p.tell(exitFailed, words.RulesNoServer, "folder", string(where), "central", settings.Central)
		}
		store, err := where.OpenServer(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, store.Close()) }()
		return do(ctx, where, store)
	}
	if p.running != nil {
		return file()
	}
	return p.orAskAny(ctx, []string{where.File(folder.Serving), where.File(folder.Reach)}, args, "", file)
}

// putInForce is one line of the history in JSON. Its names are for scripts: never
// renamed.
type putInForce struct {
	server.Version
	InForce bool `json:"in_force"`
}

func (p *program) listRules(ctx context.Context, store rulesStore, asJSON bool) error {
	all, err := server.History(ctx, store)
	if err != nil {
		return err
	}
	if len(all) == 0 && !asJSON {
		p.note(p.words.Text(words.RulesNoHistory))
	}
	for i, v := range all {
		last := i == len(all)-1
		if asJSON {
			err = writeJSON(p.out, putInForce{v, last})
		} else {
			_, err = fmt.Fprintln(p.out, p.versionLine(v, last))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *program) versionLine(v server.Version, inForce bool) string {
	w := p.words
	how := map[server.How]string{
		server.FromFile: w.Text(words.RulesHowFile), server.Given: w.Text(words.RulesHowGiven),
		server.Reverted: w.Text(words.RulesHowRevert, "of", strconv.Itoa(v.Of)), server.Before: w.Text(words.RulesHowBefore),
	}[v.How]
	at, now := "", ""
	if !v.At.IsZero() {
		at = w.DateTime(v.At, time.Local)
	}
	if inForce {
		now = w.Text(words.RulesInForce)
	}
	return w.Text(words.RulesHistory, "n", strconv.Itoa(v.N), "at", at, "version", v.Rules, "how", how, "by", v.By, "in_force", now)
}

func (p *program) showRules(ctx context.Context, store rulesStore, name string) error {
	v, err := p.findRules(ctx, store, name)
	if err != nil {
		return err
	}
	body, err := server.Text(ctx, store, v)
	if err != nil {
		return err
	}
	_, err = p.out.Write(body)
	return err
}

// findRules gives the version that a person names.
func (p *program) findRules(ctx context.Context, store rulesStore, name string) (server.Version, error) {
	all, err := server.History(ctx, store)
	if err != nil {
		return server.Version{}, err
	}
	v, err := server.Find(all, name)
	if errors.Is(err, server.ErrNoVersion) {
		return v, p.tell(exitFailed, words.RulesNoVersion, "version", text.Clean(name, shown))
	}
	if several, ok := errors.AsType[*server.SeveralError](err); ok {
		var numbers []string
		for _, n := range several.Numbers {
			numbers = append(numbers, strconv.Itoa(n))
		}
		return v, p.tell(exitFailed, words.RulesSeveral, "version", text.Clean(name, shown), "numbers", strings.Join(numbers, ", "))
	}
	return v, err
}
