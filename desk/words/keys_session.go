package words

// What the session says of a scan or a command. Outcome: the line behind the word.
const (
	OutcomeDue           Key = "outcome.due"       // {title} {due}
	OutcomeIn            Key = "outcome.in"        // {title} {route}
	OutcomeTitle         Key = "outcome.title"     // {title}
	OutcomeTold          Key = "outcome.told"      // {line} {tell}
	OutcomeStop          Key = "outcome.stop"      // {what} {reasons}
	OutcomeStopBare      Key = "outcome.stop_bare" // {reasons}
	OutcomeAsk           Key = "outcome.ask"       // {n} {reasons}
	OutcomeAskFor        Key = "outcome.ask_for"   // {n} {name}
	OutcomeCard          Key = "outcome.card"      // {name}
	OutcomeCardUnknown   Key = "outcome.card_unknown"
	OutcomeQueued        Key = "outcome.queued" // {scanned}
	OutcomeDone          Key = "outcome.done"   // {name}
	OutcomeDoneNobody    Key = "outcome.done_nobody"
	OutcomeAgain         Key = "outcome.again"        // {title}
	OutcomeCentral       Key = "outcome.central"      // {reasons}
	OutcomeRenewedAll    Key = "outcome.renewed_all"  // {n}
	OutcomeRenewedSome   Key = "outcome.renewed_some" // {done} {all}
	OutcomeRenewNothing  Key = "outcome.renew_nothing"
	OutcomeRequested     Key = "outcome.requested"     // {title} {name} {place}
	OutcomeCancelled     Key = "outcome.cancelled"     // {title}
	OutcomeOnShelf       Key = "outcome.on_shelf"      // {title} {name} {until}
	OutcomeOffShelf      Key = "outcome.off_shelf"     // {title} {route}
	OutcomePaid          Key = "outcome.paid"          // {amount} {name} {owes} {receipt}
	OutcomeCreditUsed    Key = "outcome.credit_used"   // {name} {owes}
	OutcomeCharged       Key = "outcome.charged"       // {name} {amount} {kind} {owes}
	OutcomeWaived        Key = "outcome.waived"        // {name} {owes}
	OutcomeDisputed      Key = "outcome.disputed"      // {name} {owes}
	OutcomeRestored      Key = "outcome.restored"      // {name} {owes}
	OutcomeRefunded      Key = "outcome.refunded"      // {amount} {name} {owes} {receipt}
	OutcomeMarked        Key = "outcome.marked"        // {title} {state}
	OutcomeReturned      Key = "outcome.returned"      // {title} {at}
	OutcomeRecalled      Key = "outcome.recalled"      // {title} {due}
	OutcomeRecallLifted  Key = "outcome.recall_lifted" // {title} {due}
	OutcomeBlocked       Key = "outcome.blocked"       // {name}
	OutcomeUnblocked     Key = "outcome.unblocked"     // {name}
	OutcomeAlerted       Key = "outcome.alerted"       // {name}
	OutcomeAlertEnded    Key = "outcome.alert_ended"   // {name}
	OutcomeRegistered    Key = "outcome.registered"    // {name} {card}
	OutcomeEdited        Key = "outcome.edited"        // {name}
	OutcomeCardRenewed   Key = "outcome.card_renewed"  // {name} {until}
	OutcomeCardReplaced  Key = "outcome.card_replaced" // {name} {card}
	OutcomeLinked        Key = "outcome.linked"        // {name} {link} {other}
	OutcomeMerged        Key = "outcome.merged"        // {name} {other}
	OutcomeUndone        Key = "outcome.undone"        // {what}
	OutcomeUndoneAll     Key = "outcome.undone_all"    // {n}
	OutcomeUndoneSome    Key = "outcome.undone_some"   // {done} {all}
	OutcomeAddedStaff    Key = "outcome.added_staff"
	OutcomeUndoneScans   Key = "outcome.undone_scans" // {n}
	OutcomeUndoList      Key = "outcome.undo_list"    // {n}
	OutcomeUndoNone      Key = "outcome.undo_none"
	OutcomeInHouseOn     Key = "outcome.in_house_on"
	OutcomeInHouseOff    Key = "outcome.in_house_off"
	OutcomeBookdropOn    Key = "outcome.bookdrop_on" // {date} {ends}
	OutcomeBookdropOff   Key = "outcome.bookdrop_off"
	OutcomePlace         Key = "outcome.place"     // {place}
	OutcomeSignedIn      Key = "outcome.signed_in" // {name}
	OutcomeSignedOut     Key = "outcome.signed_out"
	OutcomeSlip          Key = "outcome.slip"      // {name}
	OutcomeSettled       Key = "outcome.settled"   // {title}
	OutcomeConflicts     Key = "outcome.conflicts" // {n}
	OutcomeConflictsNone Key = "outcome.conflicts_none"
	OutcomeSynced        Key = "outcome.synced"
	OutcomePaused        Key = "outcome.paused"  // {n}
	OutcomeGoesOn        Key = "outcome.goes_on" // {n}
	OutcomeSyncedAll     Key = "outcome.synced_all"
	OutcomeSyncedHere    Key = "outcome.synced_here"  // {desks}
	OutcomeSyncedHolds   Key = "outcome.synced_holds" // {n} {desk}
	OutcomeSyncedCopy    Key = "outcome.synced_copy"  // {why}
	OutcomeSyncedNot     Key = "outcome.synced_not"   // {n} {why}
	OutcomeFound         Key = "outcome.found"        // {n}
	OutcomeFoundNear     Key = "outcome.found_near"   // {n}
	OutcomeBorn          Key = "outcome.born"         // {name}
	OutcomeFoundComing   Key = "outcome.found_coming"
	OutcomeShelf         Key = "outcome.shelf" // {n}
	OutcomeShelfNone     Key = "outcome.shelf_none"
	OutcomeOverdue       Key = "outcome.overdue"      // {n}
	OutcomeOverdueMore   Key = "outcome.overdue_more" // {n}
	OutcomeOverdueNone   Key = "outcome.overdue_none"
	// OutcomeOverdueNoneLong: only what is long overdue was asked for.
	OutcomeOverdueNoneLong Key = "outcome.overdue_none_long"
	OutcomeSlept           Key = "outcome.slept"
)

// OutcomePatron: "SILVA, Maria: 4 out, 1 overdue, 1 hold ready on shelf 14, owes 3.20".
const (
	OutcomePatronLine    Key = "outcome_patron.line"    // {name} {facts}
	OutcomePatronOut     Key = "outcome_patron.out"     // {n}
	OutcomePatronOverdue Key = "outcome_patron.overdue" // {n}
	OutcomePatronReady   Key = "outcome_patron.ready"   // {n}
	OutcomePatronOwes    Key = "outcome_patron.owes"    // {amount}
	OutcomePatronCredit  Key = "outcome_patron.credit"  // {amount}
	OutcomePatronBlocked Key = "outcome_patron.blocked"
	OutcomePatronExpired Key = "outcome_patron.expired" // {date}
	OutcomePatronNote    Key = "outcome_patron.note"    // {text}
)

// Refusal: what the session itself says no to.
const (
	RefusalSignInFirst    Key = "refusal.sign_in_first"
	RefusalAnswerFirst    Key = "refusal.answer_first"
	RefusalNoQuestion     Key = "refusal.no_question"
	RefusalNoPatron       Key = "refusal.no_patron"
	RefusalNoPatronFound  Key = "refusal.no_patron_found" // {query}
	RefusalNoTitleFound   Key = "refusal.no_title_found"  // {query}
	RefusalNoSuchNumber   Key = "refusal.no_such_number"  // {number}
	RefusalNothingTyped   Key = "refusal.nothing_typed"
	RefusalEmptyScan      Key = "refusal.empty_scan"
	RefusalNotACode       Key = "refusal.not_a_code" // {text}
	RefusalTooLong        Key = "refusal.too_long"
	RefusalUnknownCode    Key = "refusal.unknown_code" // {code}
	RefusalIsbnTitle      Key = "refusal.isbn_title"   // {title}
	RefusalWrongPin       Key = "refusal.wrong_pin"
	RefusalWait           Key = "refusal.wait" // {n}
	RefusalReasonNeeded   Key = "refusal.reason_needed"
	RefusalRightNeeded    Key = "refusal.right_needed"     // {name} {right}
	RefusalAmountTooBig   Key = "refusal.amount_too_big"   // {text} {most}
	RefusalNoSuchFeeType  Key = "refusal.no_such_fee_type" // {text} {kinds}
	RefusalWhichFee       Key = "refusal.which_fee"        // {n}
	RefusalOnlyDisputed   Key = "refusal.only_disputed"
	RefusalBadAmount      Key = "refusal.bad_amount" // {text}
	RefusalBadDate        Key = "refusal.bad_date"   // {text}
	RefusalNoCentral      Key = "refusal.no_central"
	RefusalNoLine         Key = "refusal.no_line"
	RefusalNoSlip         Key = "refusal.no_slip"
	RefusalSlipFailed     Key = "refusal.slip_failed" // {why}
	RefusalNoSuchConflict Key = "refusal.no_such_conflict"
	RefusalNotWritten     Key = "refusal.not_written" // {why}
	RefusalDiskFull       Key = "refusal.disk_full"
	RefusalFailed         Key = "refusal.failed" // {why}
	RefusalStopping       Key = "refusal.stopping"
	RefusalNeverShown     Key = "refusal.never_shown"
	RefusalBornOtherwise  Key = "refusal.born_otherwise" // {n}
	RefusalBirthNotKnown  Key = "refusal.birth_not_known"
	RefusalTooManyDates   Key = "refusal.too_many_dates"
	RefusalNotInCopy      Key = "refusal.not_in_copy" // {what} {at}
	RefusalNoCopy         Key = "refusal.no_copy"     // {what}
)

// Visit.
const (
	VisitStillFor    Key = "visit.still_for" // {name}
	VisitStillForWay Key = "visit.still_for_way"
)
