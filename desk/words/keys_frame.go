package words

// What stands around every screen, and the actions on them. Status: the status line.
const (
	StatusLineUp    Key = "status.line_up"
	StatusNoLine    Key = "status.no_line" // {since}
	StatusNoLineYet Key = "status.no_line_yet"
	StatusStuck     Key = "status.stuck"
	StatusPaused    Key = "status.paused"
	StatusWaiting   Key = "status.waiting" // {n}
	StatusCopy      Key = "status.copy"    // {at}
	StatusCopyNone  Key = "status.copy_none"
	StatusConflicts Key = "status.conflicts" // {n}
	StatusMirror    Key = "status.mirror"    // {since}
	StatusNobody    Key = "status.nobody"
	StatusAlone     Key = "status.alone"
	StatusQueued    Key = "status.queued" // {n}
)

// Tab: the line of function keys.
const (
	TabOut    Key = "tab.out"
	TabIn     Key = "tab.in"
	TabPatron Key = "tab.patron"
	TabHolds  Key = "tab.holds"
	TabFees   Key = "tab.fees"
	TabPick   Key = "tab.pick"
	TabItems  Key = "tab.items"
	TabSync   Key = "tab.sync"
	TabMore   Key = "tab.more"
	TabHelp   Key = "tab.help"
)

// Bar.
const (
	BarNotListening     Key = "bar.not_listening"
	BarInHouse          Key = "bar.in_house"
	BarInHouseEnds      Key = "bar.in_house_ends" // {key}
	BarBookdrop         Key = "bar.bookdrop"      // {date}
	BarBookdropEnds     Key = "bar.bookdrop_ends" // {ends}
	BarTooSmall         Key = "bar.too_small"
	BarAsleep           Key = "bar.asleep"
	BarSignedOut        Key = "bar.signed_out" // {key}
	BarLocked           Key = "bar.locked"
	BarScan             Key = "bar.scan"
	BarWait             Key = "bar.wait"
	BarUndelivered      Key = "bar.undelivered"
	BarAcknowledge      Key = "bar.acknowledge" // {key}
	BarLoading          Key = "bar.loading"
	BarFirstCopy        Key = "bar.first_copy"
	BarFirstCopyMaking  Key = "bar.first_copy_making"
	BarFirstCopyBytes   Key = "bar.first_copy_bytes" // {done} {all}
	BarFirstCopyWriting Key = "bar.first_copy_writing"
	BarEmpty            Key = "bar.empty"
	BarMoreRows         Key = "bar.more_rows" // {n}
)

// Label: of actions, in the footer and the palette: one or two words.
const (
	LabelDone          Key = "label.done"
	LabelUndo          Key = "label.undo"
	LabelWhy           Key = "label.why"
	LabelSlip          Key = "label.slip"
	LabelOperator      Key = "label.operator"
	LabelPalette       Key = "label.palette"
	LabelHelp          Key = "label.help"
	LabelYes           Key = "label.yes"
	LabelYesPlain      Key = "label.yes_plain"
	LabelManager       Key = "label.manager"
	LabelNo            Key = "label.no"
	LabelAllow         Key = "label.allow"
	LabelStillYes      Key = "label.still_yes"
	LabelStillNo       Key = "label.still_no"
	LabelAcknowledge   Key = "label.acknowledge"
	LabelInHouse       Key = "label.in_house"
	LabelBookdrop      Key = "label.bookdrop"
	LabelRenewAll      Key = "label.renew_all"
	LabelRenewItem     Key = "label.renew_item"
	LabelFind          Key = "label.find"
	LabelFindTitle     Key = "label.find_title"
	LabelRegister      Key = "label.register"
	LabelEdit          Key = "label.edit"
	LabelSave          Key = "label.save"
	LabelCancel        Key = "label.cancel"
	LabelBack          Key = "label.back"
	LabelBlock         Key = "label.block"
	LabelUnblock       Key = "label.unblock"
	LabelAlert         Key = "label.alert"
	LabelEndAlert      Key = "label.end_alert"
	LabelBorn          Key = "label.born"
	LabelRenewCard     Key = "label.renew_card"
	LabelReplaceCard   Key = "label.replace_card"
	LabelLink          Key = "label.link"
	LabelMerge         Key = "label.merge"
	LabelPay           Key = "label.pay"
	LabelRequest       Key = "label.request"
	LabelCancelRequest Key = "label.cancel_request"
	LabelShelve        Key = "label.shelve"
	LabelTakeOff       Key = "label.take_off"
	LabelLook          Key = "label.look"
	LabelMark          Key = "label.mark"
	LabelUndoMarked    Key = "label.undo_marked"
	LabelSettle        Key = "label.settle"
	LabelSyncNow       Key = "label.sync_now"
	LabelPause         Key = "label.pause"
	LabelSignIn        Key = "label.sign_in"
	LabelSignOut       Key = "label.sign_out"
	LabelTheme         Key = "label.theme"
	LabelQuit          Key = "label.quit"
	LabelOpen          Key = "label.open"
	LabelNext          Key = "label.next"
	LabelPrevious      Key = "label.previous"
	LabelUp            Key = "label.up"
	LabelDown          Key = "label.down"
	LabelPageUp        Key = "label.page_up"
	LabelPageDown      Key = "label.page_down"
	LabelCheckOut      Key = "label.check_out"
	LabelCheckIn       Key = "label.check_in"
	LabelPatron        Key = "label.patron"
	LabelHolds         Key = "label.holds"
	LabelFees          Key = "label.fees"
	LabelPick          Key = "label.pick"
	LabelItems         Key = "label.items"
	LabelSync          Key = "label.sync"
	LabelMore          Key = "label.more"
)

// Help: of actions, one sentence each, for the list of keys and the palette.
const (
	HelpTitle         Key = "help.title"
	HelpDone          Key = "help.done"
	HelpUndo          Key = "help.undo"
	HelpWhy           Key = "help.why"
	HelpSlip          Key = "help.slip"
	HelpOperator      Key = "help.operator"
	HelpPalette       Key = "help.palette"
	HelpHelp          Key = "help.help"
	HelpYes           Key = "help.yes"
	HelpManager       Key = "help.manager"
	HelpNo            Key = "help.no"
	HelpAcknowledge   Key = "help.acknowledge"
	HelpInHouse       Key = "help.in_house"
	HelpBookdrop      Key = "help.bookdrop"
	HelpRenewAll      Key = "help.renew_all"
	HelpRenewItem     Key = "help.renew_item"
	HelpFind          Key = "help.find"
	HelpFindTitle     Key = "help.find_title"
	HelpRegister      Key = "help.register"
	HelpEdit          Key = "help.edit"
	HelpSave          Key = "help.save"
	HelpCancel        Key = "help.cancel"
	HelpBlock         Key = "help.block"
	HelpUnblock       Key = "help.unblock"
	HelpAlert         Key = "help.alert"
	HelpEndAlert      Key = "help.end_alert"
	HelpBorn          Key = "help.born"
	HelpRenewCard     Key = "help.renew_card"
	HelpReplaceCard   Key = "help.replace_card"
	HelpLink          Key = "help.link"
	HelpMerge         Key = "help.merge"
	HelpPay           Key = "help.pay"
	HelpRequest       Key = "help.request"
	HelpCancelRequest Key = "help.cancel_request"
	HelpShelve        Key = "help.shelve"
	HelpTakeOff       Key = "help.take_off"
	HelpLook          Key = "help.look"
	HelpMark          Key = "help.mark"
	HelpUndoMarked    Key = "help.undo_marked"
	HelpSettle        Key = "help.settle"
	HelpSyncNow       Key = "help.sync_now"
	HelpPause         Key = "help.pause"
	HelpSignOut       Key = "help.sign_out"
	HelpTheme         Key = "help.theme"
	HelpQuit          Key = "help.quit"
	HelpCheckOut      Key = "help.check_out"
	HelpCheckIn       Key = "help.check_in"
	HelpPatron        Key = "help.patron"
	HelpHolds         Key = "help.holds"
	HelpFees          Key = "help.fees"
	HelpPick          Key = "help.pick"
	HelpItems         Key = "help.items"
	HelpSync          Key = "help.sync"
	HelpMore          Key = "help.more"
	HelpTopicScan     Key = "help.topic_scan"
	HelpTopicWords    Key = "help.topic_words"
	HelpTopicLine     Key = "help.topic_line"
	HelpTopicStop     Key = "help.topic_stop"
	HelpTopicBookdrop Key = "help.topic_bookdrop"
	HelpTopicKeys     Key = "help.topic_keys"
	HelpNotYet        Key = "help.not_yet"
	HelpFilter        Key = "help.filter"
	HelpNoMatch       Key = "help.no_match"
	HelpOff           Key = "help.off" // {why}
)

// Question.
const (
	QuestionLend           Key = "question.lend" // {n} {name} {what}
	QuestionLead           Key = "question.lead" // {n} {name} {what}
	QuestionYesNote        Key = "question.yes_note"
	QuestionYesNoteWaiting Key = "question.yes_note_waiting" // {n}
	QuestionReasonLabel    Key = "question.reason_label"
	QuestionReasonMissing  Key = "question.reason_missing"
	QuestionOffRight       Key = "question.off_right" // {right}
	QuestionManagerTitle   Key = "question.manager_title"
	QuestionManagerNote    Key = "question.manager_note"
)

// Why.
const (
	WhyTitle   Key = "why.title"
	WhyDue     Key = "why.due" // {due}
	WhyNone    Key = "why.none"
	WhyReasons Key = "why.reasons"
	WhyLifts   Key = "why.lifts" // {way}
)

// Screen.
const (
	ScreenThemeTitle    Key = "screen.theme_title"
	ScreenThemeAuto     Key = "screen.theme_auto"
	ScreenThemeDark     Key = "screen.theme_dark"
	ScreenThemeLight    Key = "screen.theme_light"
	ScreenThemeContrast Key = "screen.theme_contrast"
	ScreenPaletteTitle  Key = "screen.palette_title"
	ScreenQuitTitle     Key = "screen.quit_title"
	ScreenQuitNote      Key = "screen.quit_note"
)
