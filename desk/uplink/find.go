package uplink

import (
	"context"

	"circdesk/desk/central"
)

// Find has a card, or an item's barcode, looked up at a system that gives no list of
// what it has, and brings what was found into the copy; it waits as long as for a
// greeting. It does nothing where the line is not there, or the system gives lists:
// then the copy knows.
func (u *Uplink) Find(ctx context.Context, card, barcode string) error {
	f, ok := u.System.(central.Finder)
	if !ok || !u.up() {
		return nil
	}
	c, _, cancel := u.during(ctx, u.Patience)
	defer cancel()
	if err := f.Find(c, card, barcode); err != nil {
		return err
	}
	for {
		complete, err := u.line.Pull(c, 0)
		if err != nil || complete {
			return err
		}
	}
}

// Refresh has a card that the copy knows looked up anew, by and by.
func (u *Uplink) Refresh(card string) {
	if _, ok := u.System.(central.Finder); !ok {
		return
	}
	select {
	case u.find <- card:
	default: // so many wait: the next scan of the card will do
	}
}

// finds looks up what is to be looked up anew.
func (u *Uplink) finds(ctx context.Context) {
	f, ok := u.System.(central.Finder)
	if !ok {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case card := <-u.find:
			if !u.up() {
				continue
			}
			c, _, cancel := u.during(ctx, 10*u.Patience)
			if err := f.Find(c, card, ""); err != nil && ctx.Err() == nil {
				u.Log.Warn("a patron was not looked up", "err", err)
			}
			cancel()
			poke(u.pull)
		}
	}
}

// Carries reports whether the system can be told what a command, by its name, comes
// to: see [central.Carrier].
func (u *Uplink) Carries(command string) bool {
	c, ok := u.System.(central.Carrier)
	return !ok || c.Carries(command)
}
