package words

// What is said of conflicts.
const (
	OutcomeAssigned     Key = "outcome.assigned"       // {title} {who}
	OutcomeAssignedNone Key = "outcome.assigned_none"  // {title}
	OutcomeCallBack     Key = "outcome.call_back"      // {title} {until}
	OutcomeCallBackNow  Key = "outcome.call_back_now"  // {title}
	OutcomeReachNone    Key = "outcome.reach_none"     // {who}
	RefusalNoSuchAction Key = "refusal.no_such_action" // {text}

	ConflictsHere       Key = "conflicts.here"  // {command} {who} {desk} {at} {operator}
	ConflictsTitle      Key = "conflicts.title" // {class} {title}
	ConflictsDid        Key = "conflicts.did"
	ConflictsOther      Key = "conflicts.other"
	ConflictsMet        Key = "conflicts.met"
	ConflictsState      Key = "conflicts.state"
	ConflictsOffers     Key = "conflicts.offers"
	ConflictsStands     Key = "conflicts.stands"
	ConflictsOpen       Key = "conflicts.open"
	ConflictsNobody     Key = "conflicts.nobody"
	ConflictsOwner      Key = "conflicts.owner"       // {who}
	ConflictsWaitsUntil Key = "conflicts.waits_until" // {until}
	ConflictsPast       Key = "conflicts.past"        // {until}
	ConflictsSeen       Key = "conflicts.seen"        // {n} {who} {at}
	ConflictsSettledBy  Key = "conflicts.settled_by"  // {who} {at} {how} {why}
	ConflictsWho        Key = "conflicts.who"
	ConflictsWhoNote    Key = "conflicts.who_note"
	ConflictsOn         Key = "conflicts.on"
	ConflictsOnNote     Key = "conflicts.on_note"
	ConflictsHow        Key = "conflicts.how"
	ConflictsReachOther Key = "conflicts.reach_other"
	ConflictsReachThis  Key = "conflicts.reach_this"
	ConflictsWhom       Key = "conflicts.whom"
	ConflictsReachNote  Key = "conflicts.reach_note"
	ConflictsLine       Key = "conflicts.line" // {class} {title} {barcode} {here} {other} {met} {state}

	LabelAssign   Key = "label.assign"
	LabelCallBack Key = "label.call_back"
	LabelContact  Key = "label.contact"
	HelpAssign    Key = "help.assign"
	HelpCallBack  Key = "help.call_back"
	HelpContact   Key = "help.contact"

	PlainHelpConflict Key = "plain.help_conflict"
	PlainHelpAssign   Key = "plain.help_assign"
	PlainHelpCallback Key = "plain.help_callback"
	PlainHelpContact  Key = "plain.help_contact"
)
