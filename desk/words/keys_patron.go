package words

// Patrons, what they owe, and the forms.
const (
	PatronTitle            Key = "patron.title"
	PatronFindLabel        Key = "patron.find_label"
	PatronFound            Key = "patron.found" // {n}
	PatronFoundNone        Key = "patron.found_none"
	PatronFoundNear        Key = "patron.found_near"   // {name}
	PatronFoundPeople      Key = "patron.found_people" // {n}
	PatronFoundLike        Key = "patron.found_like"
	PatronFoundMore        Key = "patron.found_more" // {max}
	PatronLoans            Key = "patron.loans"
	PatronRequests         Key = "patron.requests"
	PatronFees             Key = "patron.fees"
	PatronBlocks           Key = "patron.blocks"
	PatronLinks            Key = "patron.links"
	PatronAlerts           Key = "patron.alerts"
	PatronNote             Key = "patron.note"
	PatronNoLoans          Key = "patron.no_loans"
	PatronNoRequests       Key = "patron.no_requests"
	PatronNoFees           Key = "patron.no_fees"
	PatronNoBlocks         Key = "patron.no_blocks"
	PatronBorn             Key = "patron.born" // {year}
	PatronCard             Key = "patron.card" // {card}
	PatronCardNone         Key = "patron.card_none"
	PatronExpired          Key = "patron.expired"
	PatronOverdue          Key = "patron.overdue"
	PatronLongOverdue      Key = "patron.long_overdue"
	PatronRenewed          Key = "patron.renewed" // {n}
	PatronOwes             Key = "patron.owes"    // {amount}
	PatronCredit           Key = "patron.credit"  // {amount}
	PatronReady            Key = "patron.ready"   // {until}
	PatronRegisterTitle    Key = "patron.register_title"
	PatronEditTitle        Key = "patron.edit_title"         // {name}
	PatronBlockTitle       Key = "patron.block_title"        // {name}
	PatronUnblockTitle     Key = "patron.unblock_title"      // {name}
	PatronAlertTitle       Key = "patron.alert_title"        // {name}
	PatronEndAlertTitle    Key = "patron.end_alert_title"    // {name}
	PatronBornTitle        Key = "patron.born_title"         // {name}
	PatronRenewCardTitle   Key = "patron.renew_card_title"   // {name}
	PatronReplaceCardTitle Key = "patron.replace_card_title" // {name}
	PatronLinkTitle        Key = "patron.link_title"         // {name}
	PatronMergeTitle       Key = "patron.merge_title"        // {name}
	PatronMergeNote        Key = "patron.merge_note"
	PatronRequestTitle     Key = "patron.request_title" // {name}
)

// Column: headings.
const (
	ColumnWord       Key = "column.word"
	ColumnTitle      Key = "column.title"
	ColumnDue        Key = "column.due"
	ColumnOut        Key = "column.out"
	ColumnBarcode    Key = "column.barcode"
	ColumnCallNumber Key = "column.call_number"
	ColumnLocation   Key = "column.location"
	ColumnName       Key = "column.name"
	ColumnBorn       Key = "column.born"
	ColumnStreet     Key = "column.street"
	ColumnCard       Key = "column.card"
	ColumnGroup      Key = "column.group"
	ColumnNumber     Key = "column.number"
	ColumnStatus     Key = "column.status"
	ColumnUntil      Key = "column.until"
	ColumnPickup     Key = "column.pickup"
	ColumnRequested  Key = "column.requested"
	ColumnAmount     Key = "column.amount"
	ColumnLeft       Key = "column.left"
	ColumnKind       Key = "column.kind"
	ColumnWhat       Key = "column.what"
	ColumnWhen       Key = "column.when"
	ColumnWho        Key = "column.who"
	ColumnOperator   Key = "column.operator"
	ColumnDesk       Key = "column.desk"
	ColumnPlace      Key = "column.place"
	ColumnAuthor     Key = "column.author"
	ColumnYear       Key = "column.year"
	ColumnCopies     Key = "column.copies"
	ColumnQueue      Key = "column.queue"
	ColumnReason     Key = "column.reason"
	ColumnEntry      Key = "column.entry"
	ColumnNote       Key = "column.note"
)

// Form: labels and what is wrong with a value.
const (
	FormFamily       Key = "form.family"
	FormGiven        Key = "form.given"
	FormBirth        Key = "form.birth"
	FormStreet       Key = "form.street"
	FormPostcode     Key = "form.postcode"
	FormCity         Key = "form.city"
	FormPhone        Key = "form.phone"
	FormEmail        Key = "form.email"
	FormLanguage     Key = "form.language"
	FormGroup        Key = "form.group"
	FormCard         Key = "form.card"
	FormExpires      Key = "form.expires"
	FormNote         Key = "form.note"
	FormReason       Key = "form.reason"
	FormAmount       Key = "form.amount"
	FormUntil        Key = "form.until"
	FormAgainst      Key = "form.against" // {act}
	FormBlockNothing Key = "form.block_nothing"
	FormPin          Key = "form.pin"
	FormOperator     Key = "form.operator"
	FormOtherCard    Key = "form.other_card"
	FormLinkKind     Key = "form.link_kind"
	FormAlertText    Key = "form.alert_text"
	FormAlertShown   Key = "form.alert_shown"
	FormAlertWhich   Key = "form.alert_which"
	FormPickup       Key = "form.pickup"
	FormDate         Key = "form.date"
	FormDateNote     Key = "form.date_note"
	FormBirthNote    Key = "form.birth_note"
	FormLanguageNote Key = "form.language_note"
	FormUnsaved      Key = "form.unsaved"
	FormNeeded       Key = "form.needed"
	FormBadDate      Key = "form.bad_date"
	FormNoSuchDay    Key = "form.no_such_day"
	FormTooFar       Key = "form.too_far"
	FormBadEmail     Key = "form.bad_email"
	FormBadLanguage  Key = "form.bad_language"
	FormBadAmount    Key = "form.bad_amount"
	FormBadCard      Key = "form.bad_card"
	FormTooLong      Key = "form.too_long"
	FormYes          Key = "form.yes"
	FormNo           Key = "form.no"
)

// Typed: words a date may be typed with, several separated by spaces.
const (
	TypedWeekdays Key = "typed.weekdays"
	TypedToday    Key = "typed.today"
	TypedTomorrow Key = "typed.tomorrow"
)

// Fees.
const (
	FeesTitle     Key = "fees.title"
	FeesOf        Key = "fees.of"     // {name}
	FeesTotal     Key = "fees.total"  // {amount}
	FeesCredit    Key = "fees.credit" // {amount}
	FeesNone      Key = "fees.none"
	FeesNoPatron  Key = "fees.no_patron"
	FeesPayTitle  Key = "fees.pay_title" // {name}
	FeesPayOldest Key = "fees.pay_oldest"
	FeesHint      Key = "fees.hint"
)

// Pick.
const (
	PickTitle  Key = "pick.title"
	PickNotYet Key = "pick.not_yet"
)
