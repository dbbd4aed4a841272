package hubserver

import (
	"context"
	"crypto/rand"

	"circdesk/desk/journal"
)

// noteBirth is the key of the marks of birth dates: see [circ.BirthMark]. It is made once,
// so that the marks in the copies of all desks stay good.
const noteBirth = "birth_key"

const birthKeySize = 32

// makeBirthKey makes the key where there is none.
func makeBirthKey(ctx context.Context, tx journal.HubTx) error {
	key, err := tx.Note(ctx, noteBirth)
	if err != nil || key != nil {
		return err
	}
	key = make([]byte, birthKeySize)
	rand.Read(key) // never fails: it ends the program instead
	return tx.SetNote(ctx, noteBirth, key)
}

// birthKey gives the key; nil: the server has not begun.
func birthKey(ctx context.Context, tx journal.HubTx) ([]byte, error) {
	return tx.Note(ctx, noteBirth)
}
