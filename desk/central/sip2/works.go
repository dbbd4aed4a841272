package sip2

import "circdesk/desk/central/sip2/sipwire"

// way is how a command comes to a system that speaks SIP2.
type way int

const (
	told  way = iota + 1 // it is told
	here                 // it is the desk's own matter, and nobody there has to know
	never                // the protocol has no words for it
)

// ways are how each command comes to the system, by its name, and why some do not.
var ways = map[string]struct {
	way way
	why string
}{
	"check_out":      {told, ""},
	"check_in":       {told, ""},
	"renew":          {told, ""},
	"request":        {told, "the title by one of its items"},
	"cancel_request": {told, ""},
	"pay":            {told, "to the patron's account, not to single fees"},
	"block":          {told, "the card is blocked there"},
	"unblock":        {told, ""},
	"undo":           {told, "of a return: a new loan there"},

	"use":          {here, ""},
	"shelve":       {here, "the system has its own hold shelf"},
	"take_off":     {here, "the system has its own hold shelf"},
	"alert":        {here, ""},
	"end_alert":    {here, ""},
	"note_call":    {here, ""},
	"set_parts":    {here, ""},
	"add_item":     {here, ""},
	"open_drawer":  {here, ""},
	"close_drawer": {here, ""},
	"load":         {here, ""},

	"settle_conflict": {here, "with what fits: told as that is"},
	"assign_conflict": {here, ""},
	"call_back":       {here, ""},
	"carry_conflict":  {here, ""},
	"see_contact":     {here, "as last seen at the system"},

	"register":       {never, "no message makes a patron"},
	"edit":           {never, "no message changes a patron"},
	"renew_card":     {never, "no message changes a patron"},
	"replace_card":   {never, "no message changes a patron"},
	"link":           {never, "no message ties patrons"},
	"merge_patrons":  {never, "no message makes two patrons one"},
	"move_request":   {never, "where a request is picked up is changed at the system"},
	"set_due":        {never, "the system sets due dates"},
	"correct_return": {never, "a return is told once"},
	"recall":         {never, "the system recalls"},
	"lift_recall":    {never, "the system recalls"},
	"lose":           {never, "no message marks an item"},
	"claim":          {never, "no message marks an item"},
	"find":           {never, "no message marks an item"},
	"write_off":      {never, "no message marks an item"},
	"mark_item":      {never, "no message marks an item: item status update (19) carries a text that systems do not keep"},
	"incomplete":     {never, "no message keeps a loan open"},
	"give_up":        {never, "no message keeps a loan open"},
	"charge":         {never, "no message makes a fee"},
	"waive":          {never, "no message lets off a fee"},
	"refund":         {never, "no message gives money back"},
	"dispute":        {never, "no message disputes a fee"},
	"restore":        {never, "no message disputes a fee"},
}

// says are the messages without which a command cannot be told. A payment is not among
// them: money that was taken is booked at the desk, and what the system cannot take is
// said in the drawer's report.
var says = map[string]sipwire.Code{
	"request": sipwire.Hold, "cancel_request": sipwire.Hold, "block": sipwire.BlockPatron, "unblock": sipwire.PatronEnable,
}

// Carries reports whether a command can be told, or need not be: see
// [central.Carrier]. One of a later version cannot, nor can one whose message this
// system does not take.
func (c *Client) Carries(command string) bool {
	w, ok := ways[command]
	if code, needs := says[command]; needs && !c.takes(code) {
		return false
	}
	return ok && w.way != never
}
