package words

// The story of a fee, a line each.
const (
	StoryCharged   Key = "story.charged"    // {kind} {amount} {at} {place} {operator} {text}
	StoryLent      Key = "story.lent"       // {at} {place} {operator} {due}
	StoryRenewed   Key = "story.renewed"    // {at} {place} {operator} {due}
	StoryBack      Key = "story.back"       // {at} {noted} {place} {operator}
	StorySeen      Key = "story.seen"       // {at}
	StoryOff       Key = "story.off"        // {at} {place} {operator}
	StoryCorrected Key = "story.corrected"  // {at} {place} {operator}
	StoryDueSet    Key = "story.due_set"    // {due} {at} {place} {operator}
	StoryRecalled  Key = "story.recalled"   // {at} {place} {operator} {due}
	StoryLifted    Key = "story.lifted"     // {at} {place} {operator}
	StoryMarked    Key = "story.marked"     // {state} {at} {place} {operator} {text}
	StoryCalled    Key = "story.called"     // {how} {at} {operator} {text} {until}
	StoryDue       Key = "story.due"        // {due} {at}
	StoryPaid      Key = "story.paid"       // {amount} {at} {method} {operator} {receipt}
	StoryWaived    Key = "story.waived"     // {amount} {at} {operator} {text}
	StoryRefunded  Key = "story.refunded"   // {amount} {at} {method} {operator} {receipt} {text}
	StoryMoved     Key = "story.moved"      // {amount} {at}
	StoryMovedAway Key = "story.moved_away" // {amount} {at}
	StoryDisputed  Key = "story.disputed"   // {at} {operator} {text}
	StoryLeft      Key = "story.left"       // {amount}
	StoryCredit    Key = "story.credit"     // {amount}
	StorySettled   Key = "story.settled"
)

// What is said of an item or its loan.
const (
	ItemStatusMarked  Key = "item_status.marked" // {state} {at} {operator} {name} {text} {searched}
	MarkingTitle      Key = "marking.title"      // {title}
	MarkingAs         Key = "marking.as"
	LabelMarking      Key = "label.marking"
	HelpMarking       Key = "help.marking"
	PlainHelpLost     Key = "plain.help_lost"
	ItemsStory        Key = "items.story"
	PlainHelpWriteOff Key = "plain.help_write_off"
	DatesDueTitle     Key = "dates.due_title"    // {title}
	DatesReturnTitle  Key = "dates.return_title" // {title}
	LabelSetDue       Key = "label.set_due"
	HelpSetDue        Key = "help.set_due"
	LabelCorrect      Key = "label.correct"
	HelpCorrect       Key = "help.correct"
	FormDue           Key = "form.due"
	FormReturned      Key = "form.returned"
	PlainHelpDue      Key = "plain.help_due"
	PlainHelpReturned Key = "plain.help_returned"
	PlainHelpMissing  Key = "plain.help_missing"
)

// Recalls.
const (
	RecallTitle     Key = "recall.title"      // {title}
	RecallLiftTitle Key = "recall.lift_title" // {title}
	RecallSince     Key = "recall.since"      // {at} {operator}
	RecallNow       Key = "recall.now"
	LabelRecall     Key = "label.recall"
	HelpRecall      Key = "help.recall"
	PlainHelpRecall Key = "plain.help_recall"
)

// What is done about fees.
const (
	FeesWaiveTitle      Key = "fees.waive_title"   // {name}
	FeesDisputeTitle    Key = "fees.dispute_title" // {name}
	FeesChargeTitle     Key = "fees.charge_title"  // {name}
	FeesRefundTitle     Key = "fees.refund_title"  // {name}
	FeesStoryTitle      Key = "fees.story_title"
	FeesDisputed        Key = "fees.disputed"
	FeesDisputedSum     Key = "fees.disputed_sum"      // {amount}
	FeesIfBack          Key = "fees.if_back"           // {amount}
	FeesIfBackEstimate  Key = "fees.if_back_estimate"  // {amount}
	PatronByNow         Key = "patron.by_now"          // {amount}
	PatronByNowEstimate Key = "patron.by_now_estimate" // {amount}
	PatronSuspended     Key = "patron.suspended"
	FeesAll             Key = "fees.all" // {amount}
	FeesNoCredit        Key = "fees.no_credit"
	FormFeeType         Key = "form.fee_type"
	FormMethod          Key = "form.method"
	FormRest            Key = "form.rest"
	FeesGiveChange      Key = "fees.give_change"
	FeesKeepRest        Key = "fees.keep_rest"

	LabelWaive       Key = "label.waive"
	LabelDispute     Key = "label.dispute"
	LabelRestore     Key = "label.restore"
	LabelCharge      Key = "label.charge"
	LabelRefund      Key = "label.refund"
	LabelUseCredit   Key = "label.use_credit"
	LabelStory       Key = "label.story"
	HelpWaive        Key = "help.waive"
	HelpDispute      Key = "help.dispute"
	HelpRestore      Key = "help.restore"
	HelpCharge       Key = "help.charge"
	HelpRefund       Key = "help.refund"
	HelpUseCredit    Key = "help.use_credit"
	HelpStory        Key = "help.story"
	PlainHelpCharge  Key = "plain.help_charge"
	PlainHelpWaive   Key = "plain.help_waive"
	PlainHelpDispute Key = "plain.help_dispute"
	PlainHelpRestore Key = "plain.help_restore"
	PlainHelpRefund  Key = "plain.help_refund"
	PlainHelpWhy     Key = "plain.help_why"
	PlainHelpFee     Key = "plain.help_fee"
)
