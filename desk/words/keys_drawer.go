package words

// The drawer for money, its shifts, and receipts.
const (
	DrawerNever      Key = "drawer.never"       // {name}
	DrawerOpenLine   Key = "drawer.open_line"   // {name} {n} {at} {operator} {desk}
	DrawerClosedLine Key = "drawer.closed_line" // {name} {n} {at} {operator} {desk}
	DrawerSum        Key = "drawer.sum"         // {method} {expected} {float} {taken} {given} {late}
	DrawerCounted    Key = "drawer.counted"     // {method} {counted} {over} {short}
	DrawerWhy        Key = "drawer.why"         // {text}
	DrawerEarly      Key = "drawer.early"       // {n}
	DrawerUnsent     Key = "drawer.unsent"      // {n}
	DrawerUnbooked   Key = "drawer.unbooked"    // {n}
	DrawerOthers     Key = "drawer.others"      // {at}
	DrawerOpened     Key = "drawer.opened"      // {name} {amount}
	DrawerClosed     Key = "drawer.closed"      // {name} {waits}
	DrawerReceipt    Key = "drawer.receipt"     // {receipt}
	DrawerTaken      Key = "drawer.taken"       // {receipt} {amount} {at} {method} {operator} {shift} {late} {waits}
	DrawerGiven      Key = "drawer.given"       // {receipt} {amount} {at} {method} {operator} {shift} {late} {waits}
	DrawerWaits      Key = "drawer.waits"

	DrawerHereOpen   Key = "drawer.here_open"   // {name} {at} {operator} {key}
	DrawerHereClosed Key = "drawer.here_closed" // {name} {at} {key}
	DrawerTitle      Key = "drawer.title"
	DrawerOpenTitle  Key = "drawer.open_title"  // {name}
	DrawerCloseTitle Key = "drawer.close_title" // {name}
	DrawerCloseNote  Key = "drawer.close_note"
	FormFloat        Key = "form.float"
	FormCounted      Key = "form.counted" // {method}
	FormWhyOver      Key = "form.why_over"

	LabelDrawer      Key = "label.drawer"
	LabelOpenDrawer  Key = "label.open_drawer"
	LabelCloseDrawer Key = "label.close_drawer"
	HelpDrawer       Key = "help.drawer"
	HelpOpenDrawer   Key = "help.open_drawer"
	HelpCloseDrawer  Key = "help.close_drawer"
	PlainHelpDrawer  Key = "plain.help_drawer"

	RefusalNoDrawer      Key = "refusal.no_drawer"
	RefusalNoSuchReceipt Key = "refusal.no_such_receipt" // {receipt}
	RefusalNoSuchShift   Key = "refusal.no_such_shift"   // {name} {n}
	DrawerWritten        Key = "drawer.written"          // {n} {file}
	SlipPaid             Key = "slip.paid"               // {amount}
	SlipGiven            Key = "slip.given"              // {amount}
	SlipReceipt          Key = "slip.receipt"            // {receipt}
)
