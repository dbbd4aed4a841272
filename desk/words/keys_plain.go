package words

// The plain mode.
const (
	PlainHelpLead       Key = "plain.help_lead"
	PlainHelpScan       Key = "plain.help_scan"
	PlainHelpCheckout   Key = "plain.help_checkout"
	PlainHelpCheckin    Key = "plain.help_checkin"
	PlainHelpPatron     Key = "plain.help_patron"
	PlainHelpBorn       Key = "plain.help_born"
	PlainNear           Key = "plain.near" // {name} {about} {query}
	PlainHelpTitle      Key = "plain.help_title"
	PlainHelpShelve     Key = "plain.help_shelve"
	PlainHelpTakeoff    Key = "plain.help_takeoff"
	PlainHelpUnblock    Key = "plain.help_unblock"
	PlainHelpAlert      Key = "plain.help_alert"
	PlainHelpUnalert    Key = "plain.help_unalert"
	PlainHelpCard       Key = "plain.help_card"
	PlainHelpLink       Key = "plain.help_link"
	PlainHelpSlip       Key = "plain.help_slip"
	PlainHelpSettle     Key = "plain.help_settle"
	PlainHelpSignout    Key = "plain.help_signout"
	PlainHelpShelf      Key = "plain.help_shelf"
	PlainHelpInhouse    Key = "plain.help_inhouse"
	PlainHelpOverdue    Key = "plain.help_overdue"
	PlainOverdueNext    Key = "plain.overdue_next"
	PlainIfBack         Key = "plain.if_back" // {amount}
	PlainHelpItem       Key = "plain.help_item"
	PlainHelpRenew      Key = "plain.help_renew"
	PlainHelpRequest    Key = "plain.help_request"
	PlainHelpCancel     Key = "plain.help_cancel"
	PlainHelpPay        Key = "plain.help_pay"
	PlainHelpBlock      Key = "plain.help_block"
	PlainHelpRegister   Key = "plain.help_register"
	PlainHelpEdit       Key = "plain.help_edit"
	PlainHelpUndo       Key = "plain.help_undo"
	PlainHelpDone       Key = "plain.help_done"
	PlainHelpYes        Key = "plain.help_yes"
	PlainHelpNo         Key = "plain.help_no"
	PlainHelpPull       Key = "plain.help_pull"
	PlainHelpSync       Key = "plain.help_sync"
	PlainHelpConflicts  Key = "plain.help_conflicts"
	PlainHelpOperator   Key = "plain.help_operator"
	PlainHelpHelp       Key = "plain.help_help"
	PlainHelpQuit       Key = "plain.help_quit"
	PlainFields         Key = "plain.fields"          // {fields}
	PlainUnknownCommand Key = "plain.unknown_command" // {command}
	PlainUsage          Key = "plain.usage"           // {usage}
	PlainAskWay         Key = "plain.ask_way"
	PlainMaySayYes      Key = "plain.may_say_yes" // {right}
	PlainOnlyDemo       Key = "plain.only_demo"
	PlainPulled         Key = "plain.pulled"
	PlainPulledAlready  Key = "plain.pulled_already"
	PlainPlugged        Key = "plain.plugged"
	PlainPluggedAlready Key = "plain.plugged_already"
	PlainBye            Key = "plain.bye"
	PlainStillWaiting   Key = "plain.still_waiting" // {n}
)
