package words

import "circdesk/desk/circ"

// What is said of parts, and of what waits for somebody's work.
const (
	OutcomeCalled      Key = "outcome.called"      // {title} {how} {until}
	OutcomeCalledAll   Key = "outcome.called_all"  // {n} {name} {how} {until}
	OutcomeCalledSome  Key = "outcome.called_some" // {name} {how} {done} {all} {until}
	OutcomeNoneOverdue Key = "outcome.none_overdue"
	OutcomeWaysToPay   Key = "outcome.ways_to_pay" // {said} {methods}
	OutcomeNoLoanOfFee Key = "outcome.no_loan_of_fee"
	OutcomeParts       Key = "outcome.parts"     // {title} {text}
	OutcomeWork        Key = "outcome.work"      // {n} {at}
	OutcomeWorkNone    Key = "outcome.work_none" // {at}

	SlipMissing       Key = "slip.missing"
	PatronMissing     Key = "patron.missing"      // {text}
	ItemsParts        Key = "items.parts"         // {text}
	ItemsMissingTitle Key = "items.missing_title" // {title}
	ItemsMissing      Key = "items.missing"
	ItemsMissingNote  Key = "items.missing_note"
	ItemsPartsTitle   Key = "items.parts_title" // {title}
	ItemsPartsLabel   Key = "items.parts_label"
	ItemsAddTitle     Key = "items.add_title"
	ItemsAddNote      Key = "items.add_note"
	ItemsAddCode      Key = "items.add_code"
	ItemsAddLabel     Key = "items.add_label"
	ItemsPartsNote    Key = "items.parts_note"

	WorklistTitle       Key = "worklist.title"
	WorklistEmpty       Key = "worklist.empty"
	WorklistAsOf        Key = "worklist.as_of" // {at}
	WorklistDays        Key = "worklist.days"  // {n}
	WorklistToday       Key = "worklist.today"
	WorklistTimes       Key = "worklist.times"      // {n}
	WorklistDue         Key = "worklist.due"        // {n}
	WorklistCallTitle   Key = "worklist.call_title" // {title}
	WorklistCallNote    Key = "worklist.call_note"  // {name} {phone}
	WorklistAgain       Key = "worklist.again"
	WorklistBy          Key = "worklist.by"
	WorklistBillTitle   Key = "worklist.bill_title"    // {title}
	WorklistGiveUpTitle Key = "worklist.give_up_title" // {title}
	WorklistBecomes     Key = "worklist.becomes"
	WorklistFewer       Key = "worklist.fewer"
	WorklistCount       Key = "worklist.count" // {n}
	WorklistAge         Key = "worklist.age"
	WorklistNext        Key = "worklist.next"
	WorklistOff         Key = "worklist.off"  // {kind}
	WorklistLine        Key = "worklist.line" // {kind} {age} {title} {barcode} {text} {name} {times} {step}

	LabelIncomplete Key = "label.incomplete"
	LabelComplete   Key = "label.complete"
	LabelGiveUp     Key = "label.give_up"
	LabelCall       Key = "label.call"
	NoticeFormTitle Key = "notice_form.title" // {title}
	NoticeFormAll   Key = "notice_form.all"   // {n}
	LabelNotice     Key = "label.notice"
	LabelBill       Key = "label.bill"
	LabelRound      Key = "label.round"
	LabelParts      Key = "label.parts"
	LabelAddItem    Key = "label.add_item"
	LabelWorklist   Key = "label.worklist"
	LabelWorkKind   Key = "label.work_kind"
	LabelAllThere   Key = "label.all_there"
	LabelNotAll     Key = "label.not_all"
	HelpIncomplete  Key = "help.incomplete"
	HelpComplete    Key = "help.complete"
	HelpGiveUp      Key = "help.give_up"
	HelpCall        Key = "help.call"
	HelpFeeNotice   Key = "help.fee_notice"
	HelpNotice      Key = "help.notice"
	HelpBill        Key = "help.bill"
	HelpRound       Key = "help.round"
	HelpParts       Key = "help.parts"
	HelpAddItem     Key = "help.add_item"
	HelpWorklist    Key = "help.worklist"
	HelpWorkKind    Key = "help.work_kind"

	PlainHelpIncomplete Key = "plain.help_incomplete"
	PlainHelpGiveup     Key = "plain.help_giveup"
	PlainHelpCall       Key = "plain.help_call"
	PlainHelpNotice     Key = "plain.help_notice"
	PlainHelpBill       Key = "plain.help_bill"
	PlainHelpParts      Key = "plain.help_parts"
	PlainHelpAddItem    Key = "plain.help_add_item"
	PlainHelpWorklist   Key = "plain.help_worklist"
	PlainAskWayParts    Key = "plain.ask_way_parts"
)

// Channel gives how a patron was told: "letter".
func (b *Book) Channel(c circ.Channel) string { return b.coded("channel", string(c)) }

// WorkKind gives what waits for somebody's work: "incomplete".
func (b *Book) WorkKind(code string) string { return b.coded("work_kind", code) }

// WorkStep gives what is next: "call". When, empty for now, is when it is due.
func (b *Book) WorkStep(code, when string) string {
	key := Key("work_step." + code)
	if !b.Has(key) {
		return value(code)
	}
	return b.Text(key, "at", when)
}
