package bolt

import (
	"encoding/hex"
	"fmt"
)

// Info is what a file says of itself to whoever has no key.
type Info struct {
	ID     string // of the store; it stays when the file is copied
	Sealed bool
	Held   string // what keeps the desk's key: see [Lock]; empty: nobody said
	// Recoveries are the public halves of the recovery keys that open all of it.
	Recoveries []string
	Entries    bool // there is at least one
}

// Look gives what a file says of itself. Its errors are those of [OpenJournal].
func Look(path string, opts ...Option) (Info, error) {
	o := optionsOf(opts)
	o.unchecked, o.keyless, o.lock = true, true, nil
	f, err := openToRead(path, o)
	if err != nil {
		return Info{}, fmt.Errorf("look at %s: %w", path, err)
	}
	defer f.db.Close() // of a file that was not written
	info, err := f.info()
	if err != nil {
		return info, fmt.Errorf("look at %s: %w", path, err)
	}
	return info, nil
}

// Info gives what an open journal says of itself: see [Look].
func (j *Journal) Info() (Info, error) { return j.f.info() }

func (f *file) info() (info Info, err error) {
	b, err := f.begin(false)
	if err != nil {
		return info, err
	}
	defer undo(b)
	t := &tx{f: f, b: b}
	defer t.guard(&err, "read what it is")
	info = Info{ID: hex.EncodeToString(f.id[:]), Sealed: f.sealed, Held: f.held}
	if entries := b.Bucket(bucketEntries); entries != nil {
		k, _ := entries.Cursor().First()
		info.Entries = k != nil
	}
	if v := b.Bucket(bucketMeta).Get(metaSeal); v != nil {
		form, err := readSealForm(v)
		if err != nil {
			return info, &DamagedError{f.path, "its keys: " + err.Error()}
		}
		info.Recoveries = form.recoveries()
	}
	return info, nil
}

// recoveries gives the recovery keys for which all keys are wrapped.
func (s sealForm) recoveries() (all []string) {
	if len(s.Keys) == 0 {
		return nil
	}
	for public := range s.Keys[0].To {
		every := true
		for _, k := range s.Keys {
			every = every && k.To[public] != nil
		}
		if every {
			all = append(all, public)
		}
	}
	return all
}
