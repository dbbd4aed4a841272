package words

// What went wrong, and the way out. Error: what went wrong, and the way out.
const (
	ErrorHeld               Key = "error.held"          // {folder} {pid}
	ErrorHeldUnknown        Key = "error.held_unknown"  // {folder}
	ErrorLaterVersion       Key = "error.later_version" // {file}
	ErrorDiskFull           Key = "error.disk_full"
	ErrorDiskFullPath       Key = "error.disk_full_path"      // {path}
	ErrorJournalDamaged     Key = "error.journal_damaged"     // {file}
	ErrorJournalBehind      Key = "error.journal_behind"      // {file}
	ErrorCacheDamaged       Key = "error.cache_damaged"       // {file}
	ErrorNoJournal          Key = "error.no_journal"          // {folder}
	ErrorNoPermission       Key = "error.no_permission"       // {path}
	ErrorNotFound           Key = "error.not_found"           // {path}
	ErrorCentralUnreachable Key = "error.central_unreachable" // {url}
	ErrorCentralRefused     Key = "error.central_refused"     // {url} {why}
	ErrorAddressTaken       Key = "error.address_taken"       // {address}
	ErrorBadFile            Key = "error.bad_file"            // {file} {why}
	ErrorNoTerminals        Key = "error.no_terminals"        // {file}
	ErrorBadTerminals       Key = "error.bad_terminals"       // {file}
	ErrorBadTerminalsLine   Key = "error.bad_terminals_line"  // {line} {row} {why}
	ErrorSip2Plain          Key = "error.sip2_plain"          // {address}
	ErrorSip2Taken          Key = "error.sip2_taken"          // {address}
	ErrorSip2Half           Key = "error.sip2_half"
	ErrorNoSuchTerminal     Key = "error.no_such_terminal" // {login}
	ErrorNoSuchCard         Key = "error.no_such_card"     // {card}
	ErrorNoRecords          Key = "error.no_records"       // {file}
	ErrorBadRules           Key = "error.bad_rules"        // {file}
	ErrorBadCases           Key = "error.bad_cases"        // {file}
	ErrorBadRulesLine       Key = "error.bad_rules_line"   // {line} {row} {why}
	ErrorNoOperators        Key = "error.no_operators"     // {file}
	ErrorNoTerminal         Key = "error.no_terminal"
	ErrorFailed             Key = "error.failed"     // {what} {why}
	ErrorBug                Key = "error.bug"        // {why}
	ErrorClockBack          Key = "error.clock_back" // {at}
	ErrorForked             Key = "error.forked"
)
