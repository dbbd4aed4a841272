package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/store/bolt"
	"circdesk/store/secret"
)

// keeping says where the keys of desks are kept.
type keeping struct {
	keyring secret.Keeper          // the system's
	vault   func() (string, error) // the folder of what a passphrase opens
	work    int                    // of a new vault; 0: as it takes
}

// passphraseFlags say where a passphrase comes from.
type passphraseFlags struct {
	file  string
	fd    int
	vault string
}

func (f *passphraseFlags) flags(c *cobra.Command) {
	c.PersistentFlags().StringVar(&f.file, "passphrase-file", "", "a `file` whose first line opens the keys of a sealed desk")
	c.PersistentFlags().IntVar(&f.fd, "passphrase-fd", -1, "an open `descriptor` to read the passphrase from")
	c.PersistentFlags().StringVar(&f.vault, "keys", "", "the `folder` of keys behind a passphrase (default: among this user's settings)")
}

// safetyFlags say how a desk that starts keeps its files.
type safetyFlags struct {
	unsealed, temporary, anew bool
	mirror                    folder.Mirror
}

func (f *safetyFlags) flags(c *cobra.Command) {
	c.Flags().BoolVar(&f.unsealed, "unsealed", false, "do not seal the desk's files: whoever has them can read them")
	c.Flags().BoolVar(&f.temporary, "temporary", false, "work in a folder that may be gone when this computer starts again")
	c.Flags().StringVar(&f.mirror.Dir, "mirror", "", "a `folder` on another disk in which the journal is written a second time, before the beep")
	c.Flags().BoolVar(&f.mirror.Take, "from-mirror", false, "put the mirror in the place of the journal, which is moved aside")
	c.Flags().BoolVar(&f.mirror.Drop, "drop-mirror", false, "make the mirror anew, and give up what only it has")
	c.Flags().BoolVar(&f.anew, "anew", false, "begin a new journal, although a desk has worked here whose journal is gone")
}

// lasting refuses a folder that may be gone when the computer starts again.
func (p *program) lasting(where folder.Folder, f *safetyFlags) error {
	if p.keeping == nil || f.temporary {
		return nil
	}
	if why := where.Volatile(); why != "" {
		return told{[]string{
			p.words.Text(words.SealVolatile, "folder", string(where), "why", why), p.words.Text(words.SealVolatileOut),
		}, exitFailed}
	}
	return nil
}

// keys gives the keys of a folder's files as they are.
func (p *program) keys(where folder.Folder) (folder.Keys, error) {
	settings, err := where.ReadSettings()
	if err != nil {
		return folder.Keys{}, nil // whoever needs them says what is wrong
	}
	return p.keysOf(where, settings)
}

func (p *program) keysOf(where folder.Folder, s folder.Settings) (folder.Keys, error) {
	if p.keeping == nil {
		return folder.Keys{}, nil
	}
	kind, err := where.KeptBy()
	if err != nil {
		kind = "" // the open tells
	}
	ask := p.passphraseFrom(s)
	if ask == nil && kind != folder.KindPassphrase && (kind != "" || s.Seal.Keys != folder.KindPassphrase) {
		return folder.Keys{Keeper: p.keeping.keyring, Kind: folder.KindKeyring}, nil
	}
	if ask == nil {
		in, ok := p.in.(*os.File)
		if !ok || !terminal(in) {
			return folder.Keys{}, p.tell(exitFailed, words.SealInPassphrase, "file", where.File(folder.Journal))
		}
		ask = func() (string, error) { return p.secret(in, p.words.Text(words.SealAsk)) }
	}
	dir := p.passphrase.vault
	if dir == "" {
		if dir, err = p.keeping.vault(); err != nil {
			return folder.Keys{}, err
		}
	}
	return folder.Keys{Keeper: &secret.Vault{Dir: dir, Passphrase: ask, Work: p.keeping.work}, Kind: folder.KindPassphrase}, nil
}

// passphraseFrom gives what reads the passphrase; nil: nothing was said of one.
func (p *program) passphraseFrom(s folder.Settings) func() (string, error) {
	switch f := p.passphrase; {
	case f.fd >= 0:
		return secret.FromDescriptor(uintptr(f.fd))
	case f.file != "":
		return secret.FromFile(f.file)
	case s.Seal.PassphraseFile != "":
		return secret.FromFile(s.Seal.PassphraseFile)
	}
	return nil
}

// keysToSeal gives the keys of a desk that starts: what is not sealed yet is to be.
// Where no keyring answers, files that are open stay so, and the clerk is told; new
// ones are not made. Nil flags: the files are opened as they are.
func (p *program) keysToSeal(where folder.Folder, s folder.Settings, f *safetyFlags) (folder.Keys, error) {
	k, err := p.keysOf(where, s)
	if err != nil || k.Keeper == nil || f == nil {
		return k, err
	}
	kind, err := where.KeptBy()
	k.Anew = f.anew
	switch {
	case err != nil || kind != "": // damaged or held, which the open tells; or sealed
		k.Seal = kind != ""
	case f.unsealed || s.Seal.Keys == "none":
		p.note(p.words.Text(words.SealNot, "folder", string(where)))
		return folder.Keys{}, nil
	default:
		if _, err := k.Keeper.Get("whether somebody answers"); errors.Is(err, secret.ErrNoKeyring) {
			if where.Has(folder.Journal) {
				p.note(p.words.Text(words.SealNot, "folder", string(where)))
				return folder.Keys{}, nil
			}
			return k, told{p.explainKeys(where, err), exitFailed}
		}
		k.Seal = true
	}
	k.Sealing = p.sealing(where)
	return k, nil
}

// sealing tells how far a file is sealed.
func (p *program) sealing(where folder.Folder) func(file string, n int) {
	return func(file string, n int) {
		p.note(p.words.Text(words.SealSealing, "file", where.File(file), "n", strconv.Itoa(n)))
	}
}

// isOfKeys reports whether an error is one of the keys of a desk's files.
func isOfKeys(err error) bool {
	_, other := errors.AsType[*folder.OtherKeeperError](err)
	if other {
		return true
	}
	for _, is := range []error{folder.ErrKeyGone, folder.ErrJournalGone, bolt.ErrOtherKey, bolt.ErrSealed, secret.ErrPassphrase, secret.ErrNoKeyring} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

// explainKeys says such an error and the way out.
func (p *program) explainKeys(where folder.Folder, err error) []string {
	w := p.words
	if other, ok := errors.AsType[*folder.OtherKeeperError](err); ok {
		if other.Kind == folder.KindPassphrase {
			return []string{w.Text(words.SealInPassphrase, "file", other.File)}
		}
		return []string{w.Text(words.SealInKeyring, "file", other.File)}
	}
	switch {
	case errors.Is(err, folder.ErrJournalGone):
		return []string{w.Text(words.SealJournalGone, "folder", string(where)), w.Text(words.SealJournalGoneOut)}
	case errors.Is(err, secret.ErrPassphrase):
		return []string{w.Text(words.SealWrong)}
	case errors.Is(err, secret.ErrNoKeyring):
		return []string{w.Text(words.SealNoKeyring, "why", text.Clean(err.Error(), shown)), w.Text(words.SealNoKeyringOut)}
	}
	return []string{w.Text(words.SealKeyGone, "file", where.File(folder.Journal)), w.Text(words.SealKeyGoneOut)}
}

// keptWhere says where the keys of a kind are.
func (p *program) keptWhere(kind string) string {
	switch kind {
	case folder.KindKeyring:
		return p.words.Text(words.SealKeyring)
	case folder.KindPassphrase:
		return p.words.Text(words.SealPassphrase)
	}
	return fmt.Sprintf("%q", kind)
}
