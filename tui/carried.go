package tui

import (
	"slices"

	"circdesk/desk/circ"
	"circdesk/tui/kit"
	"circdesk/tui/screen"
)

// told are the commands that an action comes to, by their names: one of them at least.
// What is not here is carried everywhere.
var told = map[string][]string{
	screen.ActionEdit: {"edit"}, screen.ActionRegister: {"register"}, screen.ActionBlock: {"block"}, screen.ActionUnblock: {"unblock"},
	screen.ActionRequest: {"request"}, screen.ActionRequestTitle: {"request"}, screen.ActionRequestCopy: {"request"},
	screen.ActionCancel: {"cancel_request"}, screen.ActionCancelHold: {"cancel_request"}, screen.ActionCancelQueued: {"cancel_request"},
	screen.ActionRenewCard: {"renew_card"}, screen.ActionReplaceCard: {"replace_card"}, screen.ActionLink: {"link"}, screen.ActionMerge: {"merge_patrons"},
	screen.ActionDueLoan: {"set_due"}, screen.ActionDueItem: {"set_due"}, screen.ActionReturned: {"correct_return"},
	screen.ActionRecallLoan: {"recall", "lift_recall"}, screen.ActionRecallItem: {"recall", "lift_recall"},
	screen.ActionMarkLoan: {"lose", "claim", "find"}, screen.ActionMarkItem: {"lose", "claim", "find", "write_off", "mark_item"},
	screen.ActionWorkMark: {"lose", "claim", "find", "write_off", "mark_item"},
	screen.ActionMissing:  {"incomplete"}, screen.ActionComplete: {"incomplete"}, screen.ActionGiveUp: {"give_up"},
	screen.ActionCharge: {"charge"}, screen.ActionBill: {"charge"}, screen.ActionWaive: {"waive"}, screen.ActionRefund: {"refund"},
	screen.ActionDispute: {"dispute"}, screen.ActionRestore: {"restore"},
}

// uncarried says of an action that the central system cannot be told of what it comes to,
// and empty that it can.
func (m *Model) uncarried(action string) string {
	names := told[action]
	if m.config.Carries == nil || len(names) == 0 || slices.ContainsFunc(names, m.config.Carries) {
		return ""
	}
	return m.env.Words.Reason(circ.Remark{Reason: circ.NotCarried, Text: names[0]}, m.env.Names())
}

// carried turns an action off for as long as the central system cannot be told of it.
func (m *Model) carried(a *kit.Action) {
	if len(told[a.ID]) == 0 {
		return
	}
	id, off := a.ID, a.Off
	a.Off = func() string {
		if why := m.uncarried(id); why != "" || off == nil {
			return why
		}
		return off()
	}
}
