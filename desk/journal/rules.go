package journal

import (
	"context"

	"circdesk/desk/circ"
)

// RulesOf reads the record of the rules in force. False: there is none.
func RulesOf(ctx context.Context, r Reader) (circ.Rules, bool, error) {
	found, err := r.Read(ctx, []circ.Want{circ.ByKey(circ.RulesKey.Kind, circ.RulesKey.ID)})
	if err != nil {
		return circ.Rules{}, false, err
	}
	for _, row := range found[0] {
		if rules, ok := row.(circ.Rules); ok {
			return rules, true, nil
		}
	}
	return circ.Rules{}, false, nil
}
