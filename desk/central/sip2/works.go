package sip2

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
	"move_request":   {never, "where a request is picked up is changed at the system"},
	"set_due":        {never, "the system sets due dates"},
	"correct_return": {never, "a return is told once"},
	"recall":         {never, "the system recalls"},
	"lift_recall":    {never, "the system recalls"},
	"lose":           {never, "no message marks an item"},
	"claim":          {never, "no message marks an item"},
	"find":           {never, "no message marks an item"},
	"write_off":      {never, "no message marks an item"},
	"mark_item":      {never, "no message marks an item"},
	"incomplete":     {never, "no message keeps a loan open"},
	"give_up":        {never, "no message keeps a loan open"},
	"charge":         {never, "no message makes a fee"},
	"waive":          {never, "no message lets off a fee"},
	"refund":         {never, "no message gives money back"},
	"dispute":        {never, "no message disputes a fee"},
	"restore":        {never, "no message disputes a fee"},
}

// Carries reports whether a command can be told, or need not be: see
// [central.Carrier]. One of a later version cannot.
func (c *Client) Carries(command string) bool {
	w, ok := ways[command]
	return ok && w.way != never
}
