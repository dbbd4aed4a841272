package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/words"
)

func (p *program) sealCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "seal", Short: "seal a desk's files, so that nobody else can read them", Args: takesArgs(cobra.NoArgs),
		Long: `Seals the journal and the copy of a desk that are still open, as the start of a desk does
where it can. Their keys come into this user's keyring, or behind a passphrase (--passphrase-file,
--passphrase-fd). Each file is written anew and takes the other's place when it is whole: stopped
half way, nothing has changed. What stood open may leave traces on the disk itself; encrypt the
whole disk, too. A server's store is not sealed.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.seal(c.Context()) },
	}
	p.dataFlag(c)
	return c
}

func (p *program) seal(ctx context.Context) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if !where.Has(folder.Journal) {
		return folder.ErrNoJournal
	}
	settings, err := where.ReadSettings()
	if err != nil {
		return err
	}
	k, err := p.keysOf(where, settings)
	if err != nil {
		return err
	}
	k.Seal = true
	k.Sealing = p.sealing(where)
	stores, err := where.OpenWith(ctx, k)
	if err != nil {
		return err
	}
	if err := stores.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, p.words.Text(words.SealDone, "folder", string(where), "kind", p.keptWhere(k.Kind)))
	return err
}
