package local

import "context"

// A Recoverable is a journal that is sealed, and can be so for another key, too: that
// of a central system, by its public half. other: it took the place of another one.
type Recoverable interface {
	RecoverableBy(ctx context.Context, public string) (other bool, err error)
}

// RecoverableBy has the journal sealed for a recovery key, too, so that the central
// system can open it when the desk's own key is lost. A journal that is not sealed
// needs none; an empty key changes nothing.
func (d *Desk) RecoverableBy(ctx context.Context, public string) (other bool, err error) {
	j, ok := d.Journal.(Recoverable)
	if !ok || public == "" {
		return false, nil
	}
	return j.RecoverableBy(ctx, public)
}
