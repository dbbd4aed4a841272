package main

import (
	"context"
	"errors"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/station"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// deskFiles is a desk and its journal: the one in this process, or what is in a folder.
type deskFiles struct {
	*local.Desk
	journal *bolt.Journal
}

// withDesk opens the desk of a folder, unless it runs in this process. One that does
// not run is there to be read: it has no id of its own and makes none.
func (p *program) withDesk(ctx context.Context, where folder.Folder, do func(deskFiles) error) (err error) {
	if p.running != nil {
		return do(deskFiles{p.running.Desk, p.running.Stores().Journal})
	}
	if !where.Has(folder.Journal) {
		return folder.ErrNoJournal
	}
	rules, err := p.rulesInForce(ctx, where)
	if err != nil {
		return err
	}
	settings, err := where.ReadSettings()
	if err != nil {
		return err
	}
	keys, err := p.keys(where)
	if err != nil {
		return err
	}
	stores, err := where.OpenWith(ctx, keys)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stores.Close()) }()
	lib, err := station.Library(ctx, stores.Journal, policy.LibraryID(settings.Library))
	if err != nil {
		return err
	}
	id, err := station.Known(ctx, stores.Journal) // what it has not delivered counts, too
	if err != nil {
		return err
	}
	d, err := local.Open(ctx, local.Config{
		ID: id, Library: lib, Journal: stores.Journal, Cache: stores.Cache, Rules: rules, Now: time.Now,
	})
	if err != nil {
		return err
	}
	return do(deskFiles{d, stores.Journal})
}
