package circ_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// pools are the ids that drawn events and commands name: known ones, unknown
// ones and none.
var pools = map[string][]string{
	"PatronID":       {"reader", "other", "third", "merged", "nobody", ""},
	"ItemID":         {"item", "copy", "item-2", "nothing", ""},
	"TitleID":        {"title", "title-2", "unheard", ""},
	"LoanID":         {"loan of item", "loan of copy", "loan-x", ""},
	"RequestID":      {"r", "s", "request-x", ""},
	"FeeID":          {"f", "fee-x", ""},
	"DrawerID":       {"main/till", "main/other", "till", ""},
	"ShiftID":        {"main/till/1", "main/till/2", "main/till/3", "main/other/1", "till", ""},
	"ReceiptNo":      {"desk-1-7", ""},
	"PaymentID":      {"p", "payment-x", ""},
	"BlockID":        {"b", "block-x", ""},
	"AlertID":        {"a", "a of item", "alert-x", ""},
	"Moment":         {"loan", "return", "both", "noon", ""},
	"LinkID":         {"l", "link-x", ""},
	"UseID":          {"u", "use-x", ""},
	"DeskID":         {"desk-0", "desk-1", "desk-9", ""},
	"OperatorID":     {"clerk", ""},
	"EntryID":        {"entry-0", "entry-1", "clash", "clash-2"},
	"ConflictClass":  {"lent_over", "double_checkout", "rejected", "of a later version", ""},
	"ConflictAction": {"keep", "undo", "return", "of a later version", ""},
	"LibraryID":      {"main", "east", ""},
	"Stage":          {"waiting", "transit", "shelf", "filled", "cancelled", "expired"},
	"How":            {"returned", "evidence", "void"},
	"CardState":      {"valid", "lost", "void"},
	"LinkKind":       {"guarantor", "pickup"},
	"FeeType":        {"overdue", "lost", "other", "another system's", ""},
	"LoanState":      {"lost", "claimed", "found", "incomplete", ""},
	"ItemState":      {"missing", "damaged", "withdrawn", ""},
	"PaymentKind":    {"", "waived", "refunded", "moved"},
	"PayMethod":      {"cash", "card", "credit", ""},
	"Group":          {"adult", "staff", "student"},
	"Kind":           {"patron", "item"},
	"Unit":           {"days", "hours"},
	"string":         {"card-reader", "card-other", "301", "302", "x", ""},
}

// fill sets every field of a value to something drawn.
func fill(t *rapid.T, v reflect.Value) {
	switch v.Interface().(type) {
	case time.Time:
		hours := rapid.IntRange(-48, 48).Draw(t, "hours")
		if hours == 48 {
			v.Set(reflect.ValueOf(time.Time{}))
		} else {
			v.Set(reflect.ValueOf(hence(time.Duration(hours) * time.Hour)))
		}
		return
	case money.Amount:
		v.Set(reflect.ValueOf(euro(rapid.Int64Range(-100, 2000).Draw(t, "minor"))))
		return
	}
	switch v.Kind() {
	case reflect.String:
		pool, ok := pools[v.Type().Name()]
		if !ok {
			pool = pools["string"]
		}
		v.SetString(rapid.SampledFrom(pool).Draw(t, v.Type().Name()))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(0, 30).Draw(t, "int"))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "set") {
			v.Set(reflect.New(v.Type().Elem()))
			fill(t, v.Elem())
		}
	case reflect.Slice:
		if n := rapid.IntRange(0, 2).Draw(t, "length"); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(t, v.Index(i))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(t, v.Field(i))
			}
		}
	default:
		t.Fatalf("cannot fill a %s", v.Type())
	}
}

// drawEvent gives an event of any kind with any values.
func drawEvent(t *rapid.T) circ.Event {
	e := rapid.SampledFrom(circ.AllEvents()).Draw(t, "event")
	fill(t, reflect.ValueOf(e).Elem())
	return circ.Value(e)
}

// drawCommand gives a command of any kind with any values.
func drawCommand(t *rapid.T) circ.Command {
	k := rapid.SampledFrom(circ.AllCommands()).Draw(t, "command")
	fill(t, reflect.ValueOf(k).Elem())
	return circ.CommandValue(k)
}

// everything said yes to: a clerk who lends in any case.
var everything = why(
	circ.CardExpired, circ.PatronBlocked, circ.OwesTooMuch, circ.TooManyLoans, circ.TooManyAsked, circ.NotForLoan,
	circ.OnLoanToOther, circ.HeldForOther, circ.RequestedBy, circ.RenewalsUsed, circ.Surplus, circ.WaiveFee, circ.GiveBack,
	circ.ChargeLost, circ.TooManyClaims, circ.NotInUse, circ.OwnDate, circ.OtherReturn, circ.Suspended, circ.TooManyOverdue, circ.TooYoung, circ.TooOld, circ.NoGuarantor, circ.OnLoanToSame, circ.RecalledNow, circ.NotRecallable, circ.NotFromHere, circ.IsLongOverdue,
	circ.DrawerNotOpen, circ.DrawerOver, circ.DrawerShort, circ.AllThere, circ.WritesOff, circ.MergeRecords,
)

// lively is a world in which something stands against most things.
func lively() *world {
	return plain(
		onLoan("copy", "other", 9*day), shelved("r", "reader", "item", hence(day)), waiting("s", "third", 2*day),
		film("copy"), laptop("item-2"), parts("copy", "disc 1", "disc 2"), parts("item", "book", "map"), onLoan("item-2", "third", 20*day), owes("f", "reader", 1500, 9*day), paid("p", "f", "reader", 200), blocked("b", "third", "x"), merged("merged", "reader"), student("reader"),
		alertOn("a", "third", "", circ.AtBoth), alertOn("a of item", "", "item", circ.AtReturn, until(hence(day))),
		opened("main/till/2", 1000, time.Hour), paidIn("q", "main/till/2", "reader", 300, 30*time.Minute),
		clash("clash", circ.ClassLentOver), clash("clash-2", circ.ClassDoubleCheckOut),
		func(w *world) {
			w.put(circ.Link{ID: "l", Patron: "reader", Other: "other", Kind: circ.Guarantor, At: ago(day)})
		},
	)
}

// clash is a conflict that nobody has settled, of a check-out yesterday.
func clash(id circ.EntryID, class circ.ConflictClass, more ...func(*circ.Conflict)) change {
	return func(w *world) {
		c := circ.Conflict{
			ID: id, Class: class, Command: "check_out", At: ago(day), Desk: "desk-9", Library: "main", Operator: "clerk", Item: "item", Patron: "reader",
			Met: []circ.Remark{{Reason: circ.OnLoanToOther, Who: "other", Since: ago(2 * day), Desk: "desk-0", Item: "item"}}, Found: now,
		}
		for _, f := range more {
			f(&c)
		}
		w.put(c)
	}
}

// parts says what belongs to an item.
func parts(item string, names ...string) change {
	return editItem(item, func(i *circ.Item) { i.Parts = names })
}

// film makes an item one that costs something when it is late.
func film(item string) change {
	return editItem(item, func(i *circ.Item) { i.Type = "film" })
}

// laptop makes an item one that suspends whoever is late with it.
func laptop(item string) change {
	return editItem(item, func(i *circ.Item) { i.Type = "laptop" })
}

// student makes a patron one who pays for cards and requests.
func student(patron string) change {
	return editPatron(patron, func(p *circ.Patron) { p.Group = "student" })
}

// deed is an act that went through, and the world before it.
type deed struct {
	story  circ.Story
	before *world
}

// drawDeeds draws what one desk does in a world, one act after another from a
// time on, and gives each that went through.
func drawDeeds(t *rapid.T, tb testing.TB, w *world, desk string, from time.Time, n int) (deeds []deed, after *world) {
	at := from
	for i := range n {
		at = at.Add(time.Duration(rapid.IntRange(1, 2000).Draw(t, "minutes")) * time.Minute)
		a := act(desk+" "+string(rune('A'+i)), drawUseful(t, w))
		a.Desk, a.At = circ.DeskID(desk), at
		if rapid.Bool().Draw(t, "says yes") {
			a.Over = everything
		}
		d := w.decide(tb, a)
		if !d.Done() || len(d.Events) == 0 {
			continue
		}
		deeds = append(deeds, deed{circ.Story{Act: a, Events: d.Events}, w})
		w = w.apply(d.Events...)
	}
	return deeds, w
}

// drawUseful gives a command that names what is there, as a rule.
func drawUseful(t *rapid.T, w *world) circ.Command {
	patron := circ.PatronID(rapid.SampledFrom([]string{"reader", "other", "third"}).Draw(t, "patron"))
	barcode := rapid.SampledFrom([]string{"301", "302", "303"}).Draw(t, "barcode")
	switch rapid.SampledFrom(strings.Fields("out out out in in in use use renew place place cancel move shelve off block unblock alert end register edit card replace link merge add pay credit refund open shut pay charge waive dispute restore lose lose claim find off_write off_write missing incomplete incomplete incomplete give give call parts due due recall recall lift correct settle settle assign call_back contact any")).Draw(t, "kind") {
	case "out":
		return circ.CheckOut{Patron: patron, Barcode: barcode}
	case "in":
		k := circ.CheckIn{Barcode: barcode}
		if rapid.Bool().Draw(t, "dated") {
			k.Date = hence(time.Duration(rapid.IntRange(-48, 96).Draw(t, "hours")) * time.Hour)
		}
		return k
	case "use":
		return circ.Use{Barcode: barcode}
	case "renew":
		return circ.Renew{Barcode: barcode}
	case "place":
		pickup := rapid.SampledFrom([]string{"main", "east"}).Draw(t, "pickup")
		return circ.Place{Patron: patron, Barcode: barcode, Copy: rapid.Bool().Draw(t, "copy"), Pickup: policy.LibraryID(pickup)}
	case "cancel":
		if all := every[circ.Request](w); len(all) > 0 {
			return circ.CancelRequest{Request: rapid.SampledFrom(all).Draw(t, "request").ID}
		}
	case "move":
		if all := every[circ.Request](w); len(all) > 0 {
			return circ.MoveRequest{Request: rapid.SampledFrom(all).Draw(t, "request").ID, Pickup: policy.LibraryID(rapid.SampledFrom([]string{"main", "east"}).Draw(t, "pickup"))}
		}
	case "shelve":
		return circ.Shelve{Barcode: barcode}
	case "off":
		return circ.TakeOff{Barcode: barcode}
	case "block":
		k := circ.BlockPatron{Patron: patron, Text: "x", Against: circ.BlockScope{Loan: rapid.Bool().Draw(t, "loan"), Renewal: rapid.Bool().Draw(t, "renewal"), Request: rapid.Bool().Draw(t, "for a request")}}
		if rapid.Bool().Draw(t, "ends") {
			k.Until = hence(time.Duration(rapid.IntRange(-2, 20).Draw(t, "days")) * day)
		}
		return k
	case "unblock":
		if all := every[circ.Block](w); len(all) > 0 {
			return circ.Unblock{Block: rapid.SampledFrom(all).Draw(t, "block").ID}
		}
	case "alert":
		k := circ.AddAlert{Patron: patron, Text: "x", Shown: rapid.SampledFrom([]circ.Moment{circ.AtLoan, circ.AtReturn, circ.AtBoth}).Draw(t, "shown")}
		if rapid.Bool().Draw(t, "on an item") {
			k.Barcode = barcode
		}
		if rapid.Bool().Draw(t, "ends") {
			k.Until = hence(time.Duration(rapid.IntRange(-2, 20).Draw(t, "days")) * day)
		}
		return k
	case "end":
		if all := every[circ.Alert](w); len(all) > 0 {
			return circ.EndAlert{Alert: rapid.SampledFrom(all).Draw(t, "alert").ID}
		}
	case "register":
		card := rapid.SampledFrom([]string{"card-1", "card-2"}).Draw(t, "card")
		return circ.Register{Patron: circ.Patron{Card: card, Family: "F", Group: rapid.SampledFrom([]policy.Group{"adult", "student"}).Draw(t, "group")}}
	case "edit":
		city := rapid.SampledFrom([]string{"A", "B", ""}).Draw(t, "city")
		return circ.Edit{Patron: patron, Contact: circ.Contact{City: &city}}
	case "card":
		return circ.RenewCard{Patron: patron, Until: hence(time.Duration(rapid.IntRange(50, 400).Draw(t, "days")) * day)}
	case "replace":
		return circ.ReplaceCard{Patron: patron, Number: rapid.SampledFrom([]string{"card-3", "card-4", "card-5"}).Draw(t, "number")}
	case "link":
		return circ.LinkPatrons{Patron: patron, Other: "other", Kind: circ.Pickup}
	case "merge":
		return circ.MergePatrons{Patron: patron, Into: circ.PatronID(rapid.SampledFrom([]string{"reader", "other", "third"}).Draw(t, "into"))}
	case "add":
		return circ.AddItem{Barcode: rapid.SampledFrom([]string{"399", "398"}).Draw(t, "code"), Title: rapid.SampledFrom([]string{"A Title", "Another"}).Draw(t, "name")}
	case "due":
		return circ.SetDue{Barcode: barcode, Due: hence(time.Duration(rapid.IntRange(-2, 30).Draw(t, "days")) * day)}
	case "recall":
		return circ.RecallLoan{Barcode: barcode}
	case "lift":
		return circ.LiftRecall{Barcode: barcode}
	case "correct":
		return circ.CorrectReturn{Barcode: barcode, In: hence(time.Duration(rapid.IntRange(-90, 240).Draw(t, "hours")) * time.Hour)}
	case "lose":
		return circ.Lose{Barcode: barcode}
	case "claim":
		return circ.Claim{Barcode: barcode}
	case "find":
		return circ.Find{Barcode: barcode}
	case "incomplete":
		k := circ.Incomplete{Barcode: barcode, Missing: rapid.SliceOfN(rapid.SampledFrom([]string{"disc 1", "disc 2", "map", "box"}), 1, 2).Draw(t, "missing")}
		if rapid.Bool().Draw(t, "dated") {
			k.Date = hence(time.Duration(rapid.IntRange(-48, 48).Draw(t, "hours")) * time.Hour)
		}
		return k
	case "give":
		return circ.GiveUp{Barcode: barcode, As: rapid.SampledFrom([]circ.ItemState{"", circ.ItemDamaged, circ.ItemWithdrawn}).Draw(t, "as")}
	case "off_write":
		return circ.WriteOff{Barcode: barcode, As: rapid.SampledFrom([]circ.ItemState{"", circ.ItemWithdrawn}).Draw(t, "as")}
	case "call":
		return circ.NoteCall{Barcode: barcode, Text: "x", Again: hence(time.Duration(rapid.IntRange(0, 9).Draw(t, "days")) * day), By: rapid.SampledFrom(append(circ.Channels(), "")).Draw(t, "by")}
	case "parts":
		return circ.SetParts{Barcode: barcode, Parts: rapid.SliceOfN(rapid.SampledFrom([]string{"disc 1", "disc 2", "map"}), 0, 3).Draw(t, "parts")}
	case "missing":
		return circ.MarkItem{Barcode: barcode, State: rapid.SampledFrom([]circ.ItemState{circ.ItemMissing, circ.ItemDamaged}).Draw(t, "state")}
	case "settle":
		return circ.SettleConflict{Conflict: drawConflict(t), How: rapid.SampledFrom(circ.ConflictActions()).Draw(t, "how"), Text: "x"}
	case "assign":
		return circ.AssignConflict{Conflict: drawConflict(t), Owner: rapid.SampledFrom([]circ.OperatorID{"clerk", "head", ""}).Draw(t, "owner")}
	case "call_back":
		return circ.CallBack{Conflict: drawConflict(t), On: hence(time.Duration(rapid.IntRange(-1, 9).Draw(t, "days")) * day)}
	case "contact":
		return circ.SeeContact{Conflict: drawConflict(t), Patron: patron}
	case "credit":
		return circ.Pay{Patron: patron, Method: circ.ByCredit}
	case "refund":
		return circ.Refund{Patron: patron, Text: "x", Drawer: drawDrawer(t)}
	case "open":
		return circ.OpenDrawer{Drawer: drawDrawer(t), Float: euro(rapid.Int64Range(0, 90).Draw(t, "float"))}
	case "shut":
		return circ.CloseDrawer{Drawer: drawDrawer(t), Text: "x", Counted: []circ.Counted{
			{Method: "cash", Amount: euro(rapid.Int64Range(0, 2000).Draw(t, "counted"))},
		}}
	case "charge":
		return circ.Charge{Patron: patron, Type: circ.FeeDamaged, Amount: euro(rapid.Int64Range(1, 900).Draw(t, "minor")), Text: "x"}
	case "waive", "dispute", "restore":
		if all := every[circ.Fee](w); len(all) > 0 {
			fee := rapid.SampledFrom(all).Draw(t, "fee").ID
			return rapid.SampledFrom([]circ.Command{circ.Waive{Fee: fee, Text: "x"}, circ.DisputeFee{Fee: fee, Text: "x"}, circ.RestoreFee{Fee: fee}}).Draw(t, "what")
		}
	case "pay":
		return circ.Pay{Patron: patron, Amount: euro(rapid.Int64Range(1, 2000).Draw(t, "minor")), Change: rapid.Bool().Draw(t, "change"), Drawer: drawDrawer(t)}
	}
	return drawCommand(t)
}

// drawConflict gives a conflict that is there.
func drawConflict(t *rapid.T) circ.EntryID {
	return rapid.SampledFrom([]circ.EntryID{"clash", "clash-2"}).Draw(t, "conflict")
}

// drawDrawer gives the drawer of the library's desks, or none.
func drawDrawer(t *rapid.T) circ.DrawerID {
	return rapid.SampledFrom([]circ.DrawerID{"main/till", "main/till", ""}).Draw(t, "drawer")
}
