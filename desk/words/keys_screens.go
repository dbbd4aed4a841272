package words

// What the screens say beside the rows of each area. Screens: why an action is off.
const (
	ScreensChooseLine      Key = "screens.choose_line"
	ScreensChooseItem      Key = "screens.choose_item"
	ScreensTry             Key = "screens.try"
	ScreensTryHint         Key = "screens.try_hint" // {key}
	ScreensHelpTry         Key = "screens.help_try"
	ScreensChooseOpen      Key = "screens.choose_open"
	ScreensOnlyThisCopy    Key = "screens.only_this_copy"
	ScreensYes             Key = "screens.yes"
	ScreensKeyCtrl         Key = "screens.key_ctrl"
	ScreensKeyAlt          Key = "screens.key_alt"
	ScreensKeyShift        Key = "screens.key_shift"
	ScreensKeyEsc          Key = "screens.key_esc"
	ScreensKeyInsert       Key = "screens.key_insert"
	ScreensMoreReasons     Key = "screens.more_reasons" // {n} {key}
	ScreensMoreBelow       Key = "screens.more_below"   // {n}
	ScreensKeysHere        Key = "screens.keys_here"
	ScreensKeysEverywhere  Key = "screens.keys_everywhere"
	ScreensKeysList        Key = "screens.keys_list"
	ScreensKeysQuestion    Key = "screens.keys_question"
	ScreensKeysForm        Key = "screens.keys_form"
	ScreensKeysConfirm     Key = "screens.keys_confirm"
	ScreensLocal           Key = "screens.local"
	ScreensClose           Key = "screens.close"
	ScreensMouse           Key = "screens.mouse"
	ScreensHelpMouse       Key = "screens.help_mouse"
	ScreensRedraw          Key = "screens.redraw"
	ScreensReload          Key = "screens.reload"
	ScreensRequestCopy     Key = "screens.request_copy"
	ScreensHelpClose       Key = "screens.help_close"
	ScreensHelpRedraw      Key = "screens.help_redraw"
	ScreensHelpReload      Key = "screens.help_reload"
	ScreensHelpRequestCopy Key = "screens.help_request_copy"
	ScreensHelpYes         Key = "screens.help_yes"
	ScreensHelpNo          Key = "screens.help_no"
)
