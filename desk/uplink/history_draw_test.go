package uplink_test

import (
	"slices"
	"time"

	"fmt"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// command draws what the clerk does.
func (w *world) command(s *station) circ.Command {
	t := w.t
	item := rapid.SampledFrom(w.items()).Draw(t, "item")
	patron := rapid.SampledFrom(w.people()).Draw(t, "patron")
	if w.tills && rapid.IntRange(0, 9).Draw(t, "at the drawer") > 0 {
		return w.atDrawer(s)
	}
	if c := w.next(); c != nil {
		return c
	}
	switch rapid.SampledFrom([]string{
		"out", "out", "out", "out", "in", "in", "in", "in", "use", "use", "drop", "place", "place", "pay", "renew", "renew", "cancel", "move",
		"undo", "undo", "shelve", "off", "register", "register", "register", "person", "fee", "fee", "fee", "lose", "claim", "find", "write off", "write off", "missing", "due", "recall", "lift", "correct", "correct", "incomplete", "incomplete", "give up", "give up", "call", "parts", "drawer", "drawer", "drawer", "conflict", "conflict", "conflict", "add", "add", "add", "merge", "merge",
	}).Draw(t, "command") {
	case "in":
		return circ.CheckIn{Item: item}
	case "use":
		return circ.Use{Item: item}
	case "drop": // it lay in the book drop
		return circ.CheckIn{Item: item, Date: w.now.Add(-step / 2)}
	case "place":
		return circ.Place{Patron: patron, Title: "T"}
	case "pay":
		return circ.Pay{Fee: "F", Amount: eur(400), Drawer: till}
	case "drawer":
		return w.ofDrawer()
	case "renew":
		return circ.Renew{Item: item}
	case "shelve":
		return circ.Shelve{Item: item}
	case "off":
		return circ.TakeOff{Item: item}
	case "register":
		card := rapid.SampledFrom([]string{"C0", "C1"}).Draw(t, "card")
		return circ.Register{Patron: circ.Patron{Card: card, Family: "Newcomer"}}
	case "person":
		return w.ofPerson(patron)
	case "add": // a book that the desk has no record of, or somebody's slip of the hand
		return circ.AddItem{
			Barcode: rapid.SampledFrom([]string{"39990", "39990", "39991", "30000"}).Draw(t, "barcode"),
			Title:   rapid.SampledFrom([]string{"Blue atlas", "Blue atlas, no label"}).Draw(t, "typed"),
		}
	case "merge":
		return circ.MergePatrons{Patron: patron, Into: rapid.SampledFrom(w.people()).Draw(t, "into")}
	case "due":
		return circ.SetDue{Item: item, Due: w.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "hours")) * time.Hour)}
	case "recall":
		return circ.RecallLoan{Item: item}
	case "lift":
		return circ.LiftRecall{Item: item}
	case "correct":
		return circ.CorrectReturn{Item: w.latest("check_in", item), In: w.now.Add(-time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)}
	case "lose":
		return circ.Lose{Item: item}
	case "claim":
		return circ.Claim{Item: item}
	case "find":
		return circ.Find{Item: w.latest("lose", item)}
	case "incomplete":
		if rapid.Bool().Draw(t, "lent last") {
			item = w.latest("check_out", item)
		}
		return circ.Incomplete{Item: item, Missing: []string{rapid.SampledFrom([]string{"map", "disc"}).Draw(t, "missing")}}
	case "write off":
		if lost := w.latest("lose", ""); lost != "" {
			return circ.WriteOff{Item: lost}
		}
		return circ.Lose{Item: w.latest("check_out", item)}
	case "give up":
		return circ.GiveUp{Item: w.latest("incomplete", item), As: rapid.SampledFrom([]circ.ItemState{"", circ.ItemDamaged}).Draw(t, "as")}
	case "call":
		return circ.NoteCall{Item: item, Text: "looks for it", Again: w.now.Add(3 * step), By: circ.NoticeLetter}
	case "parts":
		return circ.SetParts{Item: item, Parts: rapid.SliceOfN(rapid.SampledFrom([]string{"book", "map", "disc"}), 0, 3).Draw(t, "parts")}
	case "missing":
		return circ.MarkItem{Item: item, State: circ.ItemMissing}
	case "fee":
		return w.ofFee(patron)
	case "conflict":
		if c := w.ofConflict(s); c != nil {
			return c
		}
	case "cancel":
		if id := w.request(); id != "" {
			return circ.CancelRequest{Request: id}
		}
	case "move":
		if id := w.request(); id != "" {
			return circ.MoveRequest{Request: id, Pickup: policy.LibraryID(rapid.SampledFrom([]string{"main", "east"}).Draw(t, "pickup"))}
		}
	case "undo":
		if id := w.toUndo(s); id != "" {
			return circ.Undo{Entry: id}
		}
	}
	return circ.CheckOut{Patron: patron, Item: item}
}

// ofConflict draws what somebody does about a conflict that this desk knows of,
// whichever desk it is of; nil: it knows of none.
func (w *world) ofConflict(s *station) circ.Command {
	t := w.t
	all, err := s.desk.Conflicts(w.ctx, true)
	must(t, err)
	if len(all) == 0 {
		return nil
	}
	id := rapid.SampledFrom(all).Draw(t, "conflict").ID
	switch rapid.SampledFrom([]string{"settle", "settle", "assign", "call back", "contact"}).Draw(t, "of conflict") {
	case "assign":
		return circ.AssignConflict{Conflict: id, Owner: rapid.SampledFrom([]circ.OperatorID{"ana", "ben", ""}).Draw(t, "owner")}
	case "call back":
		return circ.CallBack{Conflict: id, On: w.now.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "steps")) * step)}
	case "contact":
		return circ.SeeContact{Conflict: id}
	}
	return circ.SettleConflict{Conflict: id, How: rapid.SampledFrom(circ.ConflictActions()).Draw(t, "how"), Text: "talked to both"}
}

// ofPerson draws what the clerk does to a patron's record.
func (w *world) ofPerson(p circ.PatronID) circ.Command {
	t := w.t
	switch rapid.SampledFrom([]string{"block", "unblock", "alert", "alert", "end", "edit", "replace", "card", "link"}).Draw(t, "of person") {
	case "unblock":
		for _, id := range w.order {
			if _, ok := w.acts[id].Command.(circ.BlockPatron); ok && w.shown[id].done {
				return circ.Unblock{Block: circ.BlockID(circ.NewID(id, circ.KindBlock, 0))}
			}
		}
	case "alert":
		k := circ.AddAlert{Patron: p, Text: "the map is missing", Shown: rapid.SampledFrom([]circ.Moment{circ.AtLoan, circ.AtReturn, ""}).Draw(t, "shown")}
		if rapid.Bool().Draw(t, "on an item") {
			k.Item = circ.ItemID(fmt.Sprint("X", rapid.IntRange(0, 2).Draw(t, "which")))
		}
		return k
	case "end":
		for _, id := range w.order {
			if _, ok := w.acts[id].Command.(circ.AddAlert); ok && w.shown[id].done {
				return circ.EndAlert{Alert: circ.AlertID(circ.NewID(id, circ.KindAlert, 0))}
			}
		}
	case "edit":
		city := rapid.SampledFrom([]string{"Town", "Village"}).Draw(t, "city")
		return circ.Edit{Patron: p, Contact: circ.Contact{City: &city}}
	case "replace":
		return circ.ReplaceCard{Patron: p, Number: rapid.SampledFrom([]string{"C0", "C1", "C2", "C3"}).Draw(t, "number")}
	case "card":
		return circ.RenewCard{Patron: p, Until: w.now.AddDate(1, 0, 0)}
	case "link":
		return circ.LinkPatrons{Patron: p, Other: "P0", Kind: circ.Guarantor}
	}
	k := circ.BlockPatron{Patron: p, Text: "a book came back wet", Against: circ.BlockScope{Request: rapid.Bool().Draw(t, "only requests")}}
	if rapid.Bool().Draw(t, "ends") {
		k.Until = w.now.Add(time.Duration(rapid.IntRange(1, 9).Draw(t, "steps")) * step)
	}
	return k
}

// ofFee draws what the clerk does to a fee, or to a patron's money.
func (w *world) ofFee(p circ.PatronID) circ.Command {
	t := w.t
	fees := []circ.FeeID{"F"}
	for _, id := range w.order {
		for _, e := range w.shown[id].events {
			if c, ok := e.(circ.Charged); ok {
				fees = append(fees, c.Fee)
			}
		}
	}
	fee := rapid.SampledFrom(fees).Draw(t, "fee")
	if rapid.Bool().Draw(t, "who has credit") {
		p = "P1"
	}
	switch rapid.SampledFrom([]string{"pay", "all", "all", "waive", "dispute", "restore", "restore", "credit", "refund", "refund", "refund", "charge"}).Draw(t, "of fee") {
	case "pay":
		return circ.Pay{Fee: fee, Amount: eur(30), Method: "card", Drawer: till}
	case "all":
		return circ.Pay{Patron: p, Amount: eur(200)}
	case "waive":
		return circ.Waive{Fee: fee, Amount: eur(rapid.SampledFrom([]int64{0, 20}).Draw(t, "amount")), Text: "was ill"}
	case "dispute":
		return circ.DisputeFee{Fee: fee, Text: "was not late"}
	case "restore":
		for _, id := range w.order {
			if d, ok := w.acts[id].Command.(circ.DisputeFee); ok && w.shown[id].done {
				fee = d.Fee
			}
		}
		return circ.RestoreFee{Fee: fee}
	case "credit":
		return circ.Pay{Patron: p, Method: circ.ByCredit}
	case "refund":
		return circ.Refund{Patron: p, Text: "moves away", Drawer: till}
	}
	return circ.Charge{Patron: p, Type: circ.FeeDamaged, Amount: eur(250), Text: "wet"}
}

// people gives the patrons that there are: those of the first day, and those
// whose registration was shown.
func (w *world) people() []circ.PatronID {
	ids := []circ.PatronID{"P0", "P1", "P2"}
	for _, id := range w.order {
		if _, ok := w.acts[id].Command.(circ.Register); ok && w.shown[id].done {
			ids = append(ids, circ.PatronID(circ.NewID(id, circ.KindPatron, 0)))
		}
	}
	return ids
}

// items gives the items that there are: those of the first day, and those whose record
// was shown as made.
func (w *world) items() []circ.ItemID {
	ids := []circ.ItemID{"X0", "X1", "X2"}
	for _, id := range w.order {
		if _, ok := w.acts[id].Command.(circ.AddItem); ok && w.shown[id].done {
			ids = append(ids, circ.ItemID(circ.NewID(id, circ.KindItem, 0)))
		}
	}
	return ids
}

// toUndo gives one of the last entries that this desk showed as done, or now and then
// any desk.
func (w *world) toUndo(s *station) circ.EntryID {
	whose := rapid.IntRange(0, 3).Draw(w.t, "whose")
	var ids []circ.EntryID
	for _, id := range w.order {
		if (whose == 0 || w.acts[id].Desk == s.name) && w.shown[id].done {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return ids[len(ids)-1-rapid.IntRange(0, min(len(ids)-1, 3)).Draw(w.t, "entry")]
}

// request gives a request that was shown.
func (w *world) request() circ.RequestID {
	var ids []circ.RequestID
	for _, id := range w.order {
		if _, ok := w.acts[id].Command.(circ.Place); ok && w.shown[id].done {
			ids = append(ids, circ.RequestID(circ.NewID(id, circ.KindRequest, 0)))
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return rapid.SampledFrom(ids).Draw(w.t, "request")
}

// next draws what often follows what was done last; nil: anything may.
func (w *world) next() circ.Command {
	n := len(w.order)
	if n == 0 || !w.shown[w.order[n-1]].done || rapid.IntRange(0, 3).Draw(w.t, "follows") > 0 {
		return nil
	}
	switch c := w.acts[w.order[n-1]].Command.(type) {
	case circ.AddItem:
		return circ.CheckOut{Patron: rapid.SampledFrom(w.people()).Draw(w.t, "patron"), Item: circ.ItemID(circ.NewID(w.order[n-1], circ.KindItem, 0))}
	case circ.Lose:
		return circ.WriteOff{Item: c.Item}
	case circ.Incomplete:
		return circ.GiveUp{Item: c.Item}
	case circ.CheckIn:
		return circ.CorrectReturn{Item: c.Item, In: w.now.Add(-time.Duration(rapid.IntRange(1, 12).Draw(w.t, "hours")) * time.Hour)}
	}
	return nil
}

// latest gives the item with which a command was done last; otherwise, where none was.
func (w *world) latest(command string, otherwise circ.ItemID) circ.ItemID {
	for _, id := range slices.Backward(w.order) {
		if c := w.acts[id].Command; c.Name() == command && w.shown[id].done {
			switch c := c.(type) {
			case circ.CheckOut:
				return c.Item
			case circ.CheckIn:
				return c.Item
			case circ.Lose:
				return c.Item
			case circ.Incomplete:
				return c.Item
			}
		}
	}
	return otherwise
}

// over answers a question that may be asked: a yes to all, or only to what the clerk
// means to do.
func over(t *rapid.T) []circ.Reason {
	if rapid.IntRange(0, 3).Draw(t, "yes") > 0 {
		return []circ.Reason{circ.WaiveFee, circ.GiveBack, circ.ChargeLost, circ.OwnDate, circ.OtherReturn, circ.AllThere, circ.WritesOff, circ.MergeRecords, circ.DrawerNotOpen, circ.DrawerOver, circ.DrawerShort}
	}
	return []circ.Reason{
		circ.OnLoanToOther, circ.HeldForOther, circ.RequestedBy, circ.TooManyLoans, circ.RenewalsUsed, circ.Surplus,
		circ.PatronBlocked, circ.TooManyAsked, circ.OwesTooMuch, circ.WaiveFee, circ.GiveBack, circ.ChargeLost, circ.TooManyClaims, circ.NotInUse, circ.OwnDate, circ.OtherReturn, circ.Suspended, circ.TooManyOverdue, circ.IsLongOverdue, circ.AllThere, circ.WritesOff, circ.MergeRecords, circ.RecalledNow, circ.NotRecallable, circ.DrawerNotOpen, circ.DrawerShort,
	}
}
