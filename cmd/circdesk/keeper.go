package main

import (
	"cmp"
	"errors"
	"os"

	"circdesk/desk/words"
	"circdesk/store/secret"
)

// passphraseEnv names a file with the passphrase, where no flag does.
const passphraseEnv = "CIRCDESK_PASSPHRASE_FILE"

// keeper gives where this user's keys are kept: behind a passphrase where one is given,
// else in the keyring of the system.
func (p *program) keeper() (secret.Keeper, error) {
	file := cmp.Or(p.keyPass, os.Getenv(passphraseEnv))
	if file == "" {
		return secret.Keyring{}, nil
	}
	dir, err := secret.DefaultVault()
	if err != nil {
		return nil, err
	}
	return &secret.Vault{Dir: dir, Passphrase: secret.FromFile(file)}, nil
}

// keyError says a failure of the keeper with the way out.
func (p *program) keyError(err error) error {
	if errors.Is(err, secret.ErrNoKeyring) {
		return p.tell(exitFailed, words.EnrolNoKeyring)
	}
	return err
}
