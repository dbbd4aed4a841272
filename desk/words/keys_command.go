package words

// The command line.
const (
	DemoTitle        Key = "demo.title"
	DemoCard         Key = "demo.card" // {card} {name}
	DemoItem         Key = "demo.item" // {item} {title}
	DemoTryLead      Key = "demo.try_lead"
	DemoTryLend      Key = "demo.try_lend"       // {card} {item}
	DemoTryOwes      Key = "demo.try_owes"       // {card}
	DemoTryExpired   Key = "demo.try_expired"    // {card}
	DemoTryLost      Key = "demo.try_lost"       // {card}
	DemoTryHeld      Key = "demo.try_held"       // {item}
	DemoTryBack      Key = "demo.try_back"       // {item}
	DemoTryBackPlain Key = "demo.try_back_plain" // {item}
	DemoTryPull      Key = "demo.try_pull"
	DemoTryPullPlain Key = "demo.try_pull_plain"
	DemoPull         Key = "demo.pull"
	DemoPlug         Key = "demo.plug"
	DemoPullHelp     Key = "demo.pull_help"
	DemoPlugHelp     Key = "demo.plug_help"
	DemoSignedIn     Key = "demo.signed_in" // {name} {pin} {manager} {manager_pin}
	DemoLoading      Key = "demo.loading"
	DemoLoaded       Key = "demo.loaded" // {patrons} {titles} {items}
	DemoOther        Key = "demo.other"  // {folder}
	DemoLibrary      Key = "demo.library"
	DemoDesk         Key = "demo.desk"
)

// Load.
const (
	LoadProgress     Key = "load.progress"      // {done} {all}
	LoadProgressOpen Key = "load.progress_open" // {done}
	LoadPatrons      Key = "load.patrons"       // {n}
	LoadTitles       Key = "load.titles"        // {n}
	LoadItems        Key = "load.items"         // {n}
	LoadBlocks       Key = "load.blocks"        // {n}
	LoadUnchanged    Key = "load.unchanged"     // {n}
	LoadSkipped      Key = "load.skipped"       // {n}
	LoadRecord       Key = "load.record"        // {number} {id} {why}
	LoadField        Key = "load.field"         // {number} {id} {field} {why}
	LoadKept         Key = "load.kept"          // {number} {id} {field} {why}
	LoadAgain        Key = "load.again"
	LoadStopped      Key = "load.stopped" // {done}
)

// Scan.
const (
	ScanNone           Key = "scan.none"
	ScanDevice         Key = "scan.device" // {id} {name} {kind} {backend}
	ScanPos            Key = "scan.pos"
	ScanKeyboard       Key = "scan.keyboard"
	ScanSerial         Key = "scan.serial"
	ScanRead           Key = "scan.read"
	ScanNameIt         Key = "scan.name_it" // {id}
	ScanNotRead        Key = "scan.not_read"
	ScanDenied         Key = "scan.denied" // {file}
	ScanNoHid          Key = "scan.no_hid"
	ScanListening      Key = "scan.listening"
	ScanRaw            Key = "scan.raw"      // {raw}
	ScanText           Key = "scan.text"     // {text} {symbology}
	ScanFault          Key = "scan.fault"    // {why}
	ScanLeftOut        Key = "scan.left_out" // {ms}
	ScanKnown          Key = "scan.known"
	ScanScanIt         Key = "scan.scan_it"
	ScanNothingCame    Key = "scan.nothing_came"
	ScanOtherCame      Key = "scan.other_came" // {text}
	ScanTooShort       Key = "scan.too_short"
	ScanFound          Key = "scan.found"
	ScanFoundLayout    Key = "scan.found_layout" // {layouts}
	ScanFoundPrefix    Key = "scan.found_prefix" // {prefix}
	ScanFoundSuffix    Key = "scan.found_suffix" // {suffix}
	ScanFoundEnd       Key = "scan.found_end"    // {end}
	ScanFoundOpen      Key = "scan.found_open"
	ScanFoundSpeed     Key = "scan.found_speed" // {n} {median} {longest}
	ScanFoundCaps      Key = "scan.found_caps"
	ScanFoundEnds      Key = "scan.found_ends"
	ScanFoundCheck     Key = "scan.found_check"
	ScanFoundSymbology Key = "scan.found_symbology" // {symbology}
	ScanWriteIt        Key = "scan.write_it"
	ScanWriteTyping    Key = "scan.write_typing"
	ScanPlainTyping    Key = "scan.plain_typing"
	ScanDecoded        Key = "scan.decoded" // {code} {kind} {check} {symbology} {canonical}
)

// Journal.
const (
	JournalOk           Key = "journal.ok" // {n}
	JournalNoMirror     Key = "journal.no_mirror"
	JournalCut          Key = "journal.cut"
	JournalDamaged      Key = "journal.damaged" // {number} {why}
	JournalLine         Key = "journal.line"    // {seq} {at} {operator} {command} {mode}
	JournalNone         Key = "journal.none"
	JournalUnknownEntry Key = "journal.unknown_entry" // {entry}

	ExportNoFormat Key = "export.no_format" // {format}
	ExportNoneYet  Key = "export.none_yet"
	ExportNothing  Key = "export.nothing"
	ExportWaits    Key = "export.waits"
	ExportDone     Key = "export.done"   // {n} {entries} {taken_back} {file}
	ExportLeft     Key = "export.left"   // {at} {what} {amount} {card} {barcode} {why} {entry}
	ExportPartly   Key = "export.partly" // {at} {what} {amount} {card} {barcode} {date} {why} {entry}
	ExportLine     Key = "export.line"   // {n} {at} {format} {from} {to} {cut_short} {file}
	ExportCutShort Key = "export.cut_short"

	ImportNoFormat     Key = "import.no_format"  // {format} {formats}
	ImportNoLibrary    Key = "import.no_library" // {library} {libraries}
	ImportLine         Key = "import.line"       // {line} {said} {result} {why}
	ImportDone         Key = "import.done"       // {n} {conflicts} {known} {not}
	ImportTaken        Key = "import.taken"
	ImportKnown        Key = "import.known"
	ImportConflict     Key = "import.conflict"
	ImportNotRead      Key = "import.not_read"
	ImportRaised       Key = "import.raised"
	ImportJoined       Key = "import.joined"
	ImportOther        Key = "import.other"
	ImportNoExceptions Key = "import.no_exceptions"

	OverridesLine      Key = "overrides.line"       // {at} {operator} {by} {command} {item} {reasons} {why} {verdict} {entry}
	OverridesCount     Key = "overrides.count"      // {n} {reason} {operator} {by}
	AccountsNotWritten Key = "accounts.not_written" // {file} {why}
	AccountsNoFolder   Key = "accounts.no_folder"   // {folder}
	AccountsIsFolder   Key = "accounts.is_folder"
	UsesLine           Key = "uses.line"      // {n} {of}
	UsesAll            Key = "uses.all"       // {n}
	OverridesNone      Key = "overrides.none" // {from} {to}
)

// Cli.
const (
	RulesVersion      Key = "rules.version"      // {version}
	RulesDue          Key = "rules.due"          // {at} {due}
	RulesBack         Key = "rules.back"         // {at} {amount}
	RulesUnlisted     Key = "rules.unlisted"     // {what}
	RulesBadCurrency  Key = "rules.bad_currency" // {text}
	RulesBadZone      Key = "rules.bad_zone"     // {text}
	RulesNoTime       Key = "rules.no_time"      // {text}
	RulesDesk         Key = "rules.desk"
	RulesBlocks       Key = "rules.blocks"
	RulesStands       Key = "rules.stands" // {reason} {says}
	RulesBlock        Key = "rules.block"  // {reason} {acts} {says}
	RulesDoubt        Key = "rules.doubt"  // {line} {row} {why}
	RulesFine         Key = "rules.fine"
	RulesLeft         Key = "rules.left"     // {line} {rule} {value} {why}
	RulesLeftIn       Key = "rules.left_in"  // {file} {line} {rule} {value} {why}
	RulesTables       Key = "rules.tables"   // {why}
	RulesLeftAll      Key = "rules.left_all" // {n}
	RulesHistory      Key = "rules.history"  // {n} {at} {version} {how} {by} {in_force}
	RulesHowFile      Key = "rules.how_file"
	RulesHowGiven     Key = "rules.how_given"
	RulesHowRevert    Key = "rules.how_revert" // {of}
	RulesHowBefore    Key = "rules.how_before"
	RulesInForce      Key = "rules.in_force"
	RulesNoHistory    Key = "rules.no_history"
	RulesNoServer     Key = "rules.no_server"     // {folder} {central}
	RulesNoVersion    Key = "rules.no_version"    // {version}
	RulesSeveral      Key = "rules.several"       // {version} {numbers}
	RulesReverted     Key = "rules.reverted"      // {version}
	RulesFileToo      Key = "rules.file_too"      // {file}
	RulesNoFile       Key = "rules.no_file"       // {file}
	RulesPutAway      Key = "rules.put_away"      // {file}
	RulesAlready      Key = "rules.already"       // {version}
	RulesShadow       Key = "rules.shadow"        // {n} {what} {code} {rule} {their_rule}
	RulesShadowOne    Key = "rules.shadow_one"    // {at} {command} {item} {why} {entry}
	RulesShadowValues Key = "rules.shadow_values" // {ours} {theirs}
	RulesShadowAll    Key = "rules.shadow_all"    // {n} {same} {other}
	RulesShadowWaits  Key = "rules.shadow_waits"  // {n}
	RulesCasesFine    Key = "rules.cases_fine"    // {n}
	RulesCasesWrong   Key = "rules.cases_wrong"   // {n} {all}

	Sip2Password     Key = "sip2.password"
	Sip2Is           Key = "sip2.is" // {address} {version} {library} {institution} {says}
	Sip2Offline      Key = "sip2.offline"
	Sip2Tried        Key = "sip2.tried" // {code} {name} {how} {result} {took}
	Sip2Lacks        Key = "sip2.lacks" // {messages}
	Sip2WantsLogin   Key = "sip2.wants_login"
	Sip2Ends         Key = "sip2.ends"          // {terminator}
	Sip2Charset      Key = "sip2.charset"       // {charset}
	Sip2CharsetGuess Key = "sip2.charset_guess" // {charset}
	Sip2CharsetOpen  Key = "sip2.charset_open"
	Sip2DueOpen      Key = "sip2.due_open"
	Sip2DueOdd       Key = "sip2.due_odd" // {due}
	Sip2Clock        Key = "sip2.clock"   // {off}
	Sip2Speed        Key = "sip2.speed"   // {connect} {median} {slowest} {replay}
	Sip2Fits         Key = "sip2.fits"    // {profile} {why}
	Sip2Nothing      Key = "sip2.nothing"
	Sip2WriteIt      Key = "sip2.write_it"

	CliSyncDone           Key = "cli.sync_done"
	CliSyncLeft           Key = "cli.sync_left"        // {n}
	CliSyncConflicts      Key = "cli.sync_conflicts"   // {n}
	CliServing            Key = "cli.serving"          // {address}
	CliServingOpen        Key = "cli.serving_open"     // {address}
	CliSip2               Key = "cli.sip2"             // {address}
	CliSip2Tls            Key = "cli.sip2_tls"         // {address}
	CliSip2Plain          Key = "cli.sip2_plain"       // {address}
	CliTerminalAdded      Key = "cli.terminal_added"   // {login} {desk}
	CliTerminalRemoved    Key = "cli.terminal_removed" // {login}
	CliTerminalsNone      Key = "cli.terminals_none"
	CliTerminalsFine      Key = "cli.terminals_fine" // {file}
	CliTerminalsFactsNone Key = "cli.terminals_facts_none"
	CliPinSet             Key = "cli.pin_set"
	CliPinRemoved         Key = "cli.pin_removed"
	CliStopped            Key = "cli.stopped"
	CliSettled            Key = "cli.settled"
	CliNoted              Key = "cli.noted"
	CliVersion            Key = "cli.version"   // {version}
	CliSyncSent           Key = "cli.sync_sent" // {n}
	CliSyncHere           Key = "cli.sync_here"
	CliSyncHolds          Key = "cli.sync_holds" // {n} {desk} {at}
	CliAddOperator        Key = "cli.add_operator"
	CliAttached           Key = "cli.attached" // {folder}
)

// The desks of a central server, and how one is enrolled.
const (
	DesksNoServer  Key = "desks.no_server" // {folder}
	DesksNone      Key = "desks.none"      // {desk}
	DesksEmpty     Key = "desks.empty"
	DesksInvited   Key = "desks.invited" // {at} {desk}
	DesksRevoked   Key = "desks.revoked" // {desk}
	DesksRenamed   Key = "desks.renamed" // {desk} {name}
	DesksSeen      Key = "desks.seen"    // {at}
	DesksNeverSeen Key = "desks.never_seen"
	DesksLast      Key = "desks.last"       // {epoch} {last}
	DesksHolds     Key = "desks.holds"      // {n}
	DesksDays      Key = "desks.days"       // {n}
	EnrolNeedsCode Key = "enrol.needs_code" // {url}
	EnrolAsk       Key = "enrol.ask"        // {url}
	EnrolRefused   Key = "enrol.refused"    // {why}
	EnrolDone      Key = "enrol.done"       // {desk} {at}
	EnrolNoKey     Key = "enrol.no_key"     // {desk} {why}
	EnrolNoKeyring Key = "enrol.no_keyring"
)

// Whether a desk would survive an outage.
const (
	CliReadyYes   Key = "cli.ready_yes"
	CliReadyNo    Key = "cli.ready_no"    // {n}
	CliReadyIs    Key = "cli.ready_is"    // {what}
	CliReadyLacks Key = "cli.ready_lacks" // {what}
	CliReadySpare Key = "cli.ready_spare" // {n} {desk} {at}
)
