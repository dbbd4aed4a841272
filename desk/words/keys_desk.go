package words

// Undo, operator, sync.
const (
	UndoTitle  Key = "undo.title"
	UndoNone   Key = "undo.none"
	UndoMarked Key = "undo.marked" // {n}
	UndoUndone Key = "undo.undone"
	UndoKeys   Key = "undo.keys" // {mark} {undo}
)

// Operator.
const (
	OperatorTitle      Key = "operator.title"
	OperatorName       Key = "operator.name"
	OperatorPin        Key = "operator.pin"
	OperatorStays      Key = "operator.stays"
	OperatorIs         Key = "operator.is" // {name}
	OperatorLookupOnly Key = "operator.lookup_only"
	OperatorChecking   Key = "operator.checking"
)

// Sync.
const (
	SyncTitle          Key = "sync.title"
	SyncLine           Key = "sync.line"
	SyncLineUp         Key = "sync.line_up"   // {since}
	SyncLineDown       Key = "sync.line_down" // {since} {at}
	SyncLineNever      Key = "sync.line_never"
	SyncLineAlone      Key = "sync.line_alone"
	SyncStuck          Key = "sync.stuck" // {why}
	SyncPaused         Key = "sync.paused"
	SyncStuckWay       Key = "sync.stuck_way"
	SyncWaiting        Key = "sync.waiting"
	SyncWaitingNone    Key = "sync.waiting_none"
	SyncWaitingEntries Key = "sync.waiting_entries" // {n} {what}
	SyncFacts          Key = "sync.facts"
	SyncFactsCopy      Key = "sync.facts_copy" // {at}
	SyncFactsNone      Key = "sync.facts_none"
	SyncOthers         Key = "sync.others"
	SyncWell           Key = "sync.well"
	SyncOthersNone     Key = "sync.others_none" // {at}
	SyncOthersHold     Key = "sync.others_hold" // {what} {at}
	SyncAllHome        Key = "sync.all_home"
	SyncSending        Key = "sync.sending"
	SyncOutage         Key = "sync.outage"
	SyncOutageWas      Key = "sync.outage_was"     // {from} {to} {done}
	SyncOutageNow      Key = "sync.outage_now"     // {from} {done}
	SyncOutageClashed  Key = "sync.outage_clashed" // {met} {open}
	SyncMirror         Key = "sync.mirror"
	SyncMirrorWhole    Key = "sync.mirror_whole" // {dir}
	SyncMirrorSame     Key = "sync.mirror_same"
	SyncMirrorBehind   Key = "sync.mirror_behind" // {since} {dir} {why}
	SyncReady          Key = "sync.ready"
	SyncReadyIs        Key = "sync.ready_is"    // {at}
	SyncReadyLacks     Key = "sync.ready_lacks" // {n} {what}
	SyncReadyUnknown   Key = "sync.ready_unknown"
	SyncConflicts      Key = "sync.conflicts"
	SyncConflictsNone  Key = "sync.conflicts_none"
	SyncConflictsOpen  Key = "sync.conflicts_open" // {n} {at}
	SyncSettleTitle    Key = "sync.settle_title"
	SyncSettleNote     Key = "sync.settle_note"
	SyncSettled        Key = "sync.settled"
	SyncOpen           Key = "sync.open"
)
