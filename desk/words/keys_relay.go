package words

// What is said of the relay of a branch.
const (
	SyncRelay        Key = "sync.relay"
	SyncRelayHolds   Key = "sync.relay_holds"   // {n} {relay}
	SyncRelayHas     Key = "sync.relay_has"     // {relay}
	SyncRelayGone    Key = "sync.relay_gone"    // {n}
	SyncRelayRefuses Key = "sync.relay_refuses" // {why}

	CliSyncRelay      Key = "cli.sync_relay" // {n} {relay}
	CliRelaying       Key = "cli.relaying"   // {relay} {library}
	CliRelayLeft      Key = "cli.relay_left" // {n} {desks}
	CliRelayHome      Key = "cli.relay_home"
	DesksInvitedRelay Key = "desks.invited_relay" // {at} {library}
	DesksRelay        Key = "desks.relay"
	DesksVia          Key = "desks.via" // {relay} {at}

	ErrorRelayKey     Key = "error.relay_key"
	ErrorRelayCentral Key = "error.relay_central"
	ErrorRelayNone    Key = "error.relay_none" // {desk}
)
