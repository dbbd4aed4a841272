package words

// The hold shelf and items.
const (
	HoldsTitle        Key = "holds.title"
	HoldsEmpty        Key = "holds.empty"
	HoldsCount        Key = "holds.count"         // {n}
	HoldsExpiredCount Key = "holds.expired_count" // {n}
	HoldsExpired      Key = "holds.expired"
	HoldsUntil        Key = "holds.until" // {until}
	HoldsFor          Key = "holds.for"   // {name}
	HoldsScanItem     Key = "holds.scan_item"
	HoldsCancelTitle  Key = "holds.cancel_title" // {name}
)

// Items.
const (
	ItemsTitle        Key = "items.title"
	ItemsFindLabel    Key = "items.find_label"
	ItemsNone         Key = "items.none"
	ItemsCopies       Key = "items.copies"  // {n}
	ItemsWaiting      Key = "items.waiting" // {n}
	ItemsQueue        Key = "items.queue"
	ItemsHistory      Key = "items.history"
	ItemsNoQueue      Key = "items.no_queue"
	ItemsNoHistory    Key = "items.no_history"
	ItemsSeen         Key = "items.seen" // {at} {place}
	ItemsSeenNever    Key = "items.seen_never"
	ItemsBarcode      Key = "items.barcode"       // {barcode}
	ItemsNote         Key = "items.note"          // {text}
	ItemsRequestTitle Key = "items.request_title" // {title} {name}
)

// ItemStatus.
const (
	ItemStatusOnShelf     Key = "item_status.on_shelf"      // {location}
	ItemStatusOnLoan      Key = "item_status.on_loan"       // {name} {due}
	ItemStatusLongOverdue Key = "item_status.long_overdue"  // {name} {due}
	ItemStatusOverdue     Key = "item_status.overdue"       // {name} {due}
	ItemStatusOnHoldShelf Key = "item_status.on_hold_shelf" // {name} {until}
	ItemStatusInTransit   Key = "item_status.in_transit"    // {library} {name}
	ItemStatusKept        Key = "item_status.kept"          // {name}
	ItemStatusNotForLoan  Key = "item_status.not_for_loan"
	ItemStatusStaff       Key = "item_status.staff" // {why}
	ItemStatusHome        Key = "item_status.home"  // {library}
)
