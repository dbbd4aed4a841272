package words

// How a desk's files are kept from others. Seal: how a desk's files are kept from others, and brought home when its key is gone.
const (
	SealSealing      Key = "seal.sealing" // {file} {n}
	SealDone         Key = "seal.done"    // {folder} {kind}
	SealKeyring      Key = "seal.keyring"
	SealPassphrase   Key = "seal.passphrase"
	SealNot          Key = "seal.not" // {folder}
	SealDemo         Key = "seal.demo"
	SealAsk          Key = "seal.ask"
	SealNoKeyring    Key = "seal.no_keyring"    // {why}
	SealInKeyring    Key = "seal.in_keyring"    // {file}
	SealInPassphrase Key = "seal.in_passphrase" // {file}
	SealWrong        Key = "seal.wrong"
	SealKeyGone      Key = "seal.key_gone"     // {file}
	SealJournalGone  Key = "seal.journal_gone" // {folder}
	SealVolatile     Key = "seal.volatile"     // {folder} {why}
)
