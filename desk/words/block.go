package words

import (
	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// Block gives what the rules say of a reason that stands against an act, and which
// row says it: "asked (built in), override may say yes (rule managers only)".
func (b *Book) Block(s policy.Block) string {
	key := Key("block_does." + string(s.Do))
	if !b.Has(key) {
		return value(string(s.Do))
	}
	var r circ.Remark
	for i, may := range s.May {
		if i == 0 {
			r.Right = circ.RightOf(may)
			continue
		}
		r.Or = append(r.Or, circ.RightOf(may))
	}
	right := ""
	if len(s.May) > 0 {
		right = b.Rights(r)
	}
	return b.Text(key, "rule", b.rule(s.Row), "right", right, "named_by", b.rule(s.MayRow), "how", b.coded("handler", string(s.By)))
}

// BlockAct gives what something stands against: "renewal".
func (b *Book) BlockAct(act policy.BlockAct) string { return b.coded("block_act", string(act)) }
