package server

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
	"circdesk/store/secret"
)

// noteRecovery is the public half of the recovery key that the store was last
// served with.
const noteRecovery = "recovery"

// recoveryOf reads the recovery keys of a server's folder. Where there are none one
// is made: gone says that there was another before.
func recoveryOf(ctx context.Context, where folder.Folder, store *bolt.Hub, now time.Time) (r secret.Recovery, made, gone bool, err error) {
	text, err := os.ReadFile(where.File(folder.Recovery))
	if errors.Is(err, fs.ErrNotExist) {
		var fresh string
		if fresh, err = secret.NewRecovery(now); err != nil {
			return r, false, false, err
		}
		if made, err = where.Keep(folder.Recovery, []byte(fresh)); err != nil {
			return r, false, false, err
		}
		text, err = os.ReadFile(where.File(folder.Recovery))
	}
	if err != nil {
		return r, false, false, err
	}
	if r, err = secret.ReadRecovery(string(text)); err != nil {
		return r, false, false, err
	}
	err = store.Update(ctx, func(tx journal.HubTx) error {
		was, err := tx.Note(ctx, noteRecovery)
		if gone = was != nil && !r.Has(string(was)); err != nil || string(was) == r.Public() {
			return err
		}
		return tx.SetNote(ctx, noteRecovery, []byte(r.Public()))
	})
	return r, made, gone, err
}
