package uplink

import (
	"context"
	"time"

	"circdesk/desk/central"
)

// askedAgain is how often it is asked who is in the branch while the line is there.
const askedAgain = time.Minute

// members keeps who is in the branch.
func (u *Uplink) members(ctx context.Context) {
	b, ok := u.System.(central.Brancher)
	if !ok || !u.Members {
		return
	}
	var asked time.Time
	for ctx.Err() == nil {
		_ = rest(ctx, askedAgain, u.who)
		if soon := time.Until(asked.Add(u.Again)); soon > 0 { // whoever knocks often is not asked after often
			_ = rest(ctx, soon, nil)
		}
		asked = time.Now()
		if !u.up() || ctx.Err() != nil {
			continue
		}
		if err := u.AskMembers(ctx, b); err != nil && ctx.Err() == nil {
			u.Log.Warn("who is in the branch could not be asked", "err", err)
		}
	}
}

// WhoIsThere says that somebody has come who is not known: it is asked who is in the
// branch.
func (u *Uplink) WhoIsThere() { poke(u.who) }

// AskMembers asks who is in the branch, now, and keeps it.
func (u *Uplink) AskMembers(ctx context.Context, b central.Brancher) error {
	u.asking.Lock() // what is kept is what was answered last
	defer u.asking.Unlock()
	c, cancel := context.WithTimeout(ctx, 10*u.Patience)
	defer cancel()
	all, err := b.Branch(c)
	if err != nil {
		return err
	}
	if err := u.Desk.KeepMembers(ctx, all); err != nil {
		return deskError(err)
	}
	if u.Branch != nil {
		u.Branch.Wake()
	}
	return nil
}
