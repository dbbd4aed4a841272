// Package secret keeps a desk's keys where its files are not: in the keyring of
// the system, or behind a passphrase where there is no keyring.
//
// A [Keeper] keeps few and small values by name. [Keyring] is the system's: the
// credential manager of Windows, the keychain of macOS, the Secret Service of
// other desktops. [Vault] is a folder of sealed files that one passphrase opens.
// [Memory] forgets with the process. A [Recovery] is the other way to a sealed
// file, for whom its keys are wrapped too.
//
// It does not know what the keys open, nor how a person is asked for a
// passphrase.
package secret
