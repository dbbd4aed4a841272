package words

// How a desk's files are kept from others. Seal: how a desk's files are kept from others, and brought home when its key is gone.
const (
	SealSealing           Key = "seal.sealing" // {file} {n}
	SealDone              Key = "seal.done"    // {folder} {kind}
	SealKeyring           Key = "seal.keyring"
	SealPassphrase        Key = "seal.passphrase"
	SealNot               Key = "seal.not" // {folder}
	SealDemo              Key = "seal.demo"
	SealEmptied           Key = "seal.emptied" // {file}
	SealAsk               Key = "seal.ask"
	SealNoKeyring         Key = "seal.no_keyring" // {why}
	SealNoKeyringOut      Key = "seal.no_keyring_out"
	SealInKeyring         Key = "seal.in_keyring"    // {file}
	SealInPassphrase      Key = "seal.in_passphrase" // {file}
	SealWrong             Key = "seal.wrong"
	SealKeyGone           Key = "seal.key_gone" // {file}
	SealKeyGoneOut        Key = "seal.key_gone_out"
	SealJournalGone       Key = "seal.journal_gone" // {folder}
	SealJournalGoneOut    Key = "seal.journal_gone_out"
	SealMirrorGone        Key = "seal.mirror_gone"    // {folder} {dir}
	SealMirrorDamaged     Key = "seal.mirror_damaged" // {folder} {why} {dir}
	SealMirrorAhead       Key = "seal.mirror_ahead"   // {n} {dir} {folder}
	SealMirrorApart       Key = "seal.mirror_apart"   // {folder} {dir}
	SealMirrorOther       Key = "seal.mirror_other"   // {dir}
	SealMirrorApartOut    Key = "seal.mirror_apart_out"
	SealMirrorOut         Key = "seal.mirror_out"
	SealMirrorOutDrop     Key = "seal.mirror_out_drop"
	SealMirrorSame        Key = "seal.mirror_same"   // {dir}
	SealMirrorBehind      Key = "seal.mirror_behind" // {dir} {why}
	SealVolatile          Key = "seal.volatile"      // {folder} {why}
	SealVolatileOut       Key = "seal.volatile_out"
	SealRecovery          Key = "seal.recovery"           // {file}
	SealRecoveryGone      Key = "seal.recovery_gone"      // {file}
	SealRescued           Key = "seal.rescued"            // {desk} {n} {fresh} {again} {withdrawn}
	SealRescuedNot        Key = "seal.rescued_not"        // {desk} {seq} {why}
	SealRescuedObjections Key = "seal.rescued_objections" // {n}
	SealRescuedNone       Key = "seal.rescued_none"       // {file}
)
