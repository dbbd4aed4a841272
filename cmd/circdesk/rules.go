package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

func (p *program) rulesCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "the library's rules: what they say, and what is wrong with them", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.rulesExplainCommand(), p.rulesCheckCommand(), p.rulesTestCommand(), p.rulesImportCommand(), p.rulesSampleCommand(), p.rulesHistoryCommand(), p.rulesRevertCommand(), p.rulesShadowCommand())
	return c
}

// mostRules bounds a file of rules that is read, in bytes: what is longer than
// [policy.Parse] takes is told by it.
const mostRules = 1 << 20

// readRules reads rules from a file. Mistakes are a *server.RulesError, which is
// told with every line.
func readRules(path string) (*policy.Set, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostRules))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	set, err := policy.Parse(text)
	if err != nil {
		return nil, &server.RulesError{Err: err}
	}
	return set, nil
}

// rulesInForce gives the rules by which the folder's desk decides: those that it
// has from its server, else those of the folder's own file, else the default.
func (p *program) rulesInForce(ctx context.Context, where folder.Folder) (*policy.Set, error) {
	cache, done, err := p.cacheOf(ctx, where)
	if err != nil {
		return nil, err
	}
	if cache != nil {
		defer done()
		var rules circ.Rules
		var found bool
		err := cache.View(ctx, func(tx journal.CacheTx) (err error) {
			rules, found, err = journal.RulesOf(ctx, tx)
			return err
		})
		if err != nil {
			return nil, err
		}
		if found {
			return policy.Parse([]byte(rules.Body))
		}
	}
	set, err := readRules(where.File(folder.Rules))
	if errors.Is(err, fs.ErrNotExist) {
		return policy.Default(server.Currency, server.Zone().String()), nil
	}
	return set, err
}

// cacheOf gives the copy of the folder's desk: the one that is open in this
// process, or the file; nil: there is none.
func (p *program) cacheOf(ctx context.Context, where folder.Folder) (*bolt.Cache, func(), error) {
	if p.running != nil {
		return p.running.Stores().Cache, func() {}, nil
	}
	if !where.Has(folder.Cache) {
		return nil, nil, nil
	}
	keys, err := p.keys(where)
	if err != nil {
		return nil, nil, err
	}
	cache, err := where.OpenCache(ctx, keys)
	if cache == nil || err != nil {
		return nil, nil, err
	}
	return cache, func() { _ = cache.Close() }, nil
}
