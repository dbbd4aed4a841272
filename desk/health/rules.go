package health

// OfRules is the question whether the desk decides by the library's rules.
const OfRules Name = "rules"

// What it says.
const (
	RulesSame    Code = "rules_same"
	RulesUnknown Code = "rules_unknown"
	RulesOther   Code = "rules_other"
)

// Rules says whether the rules in force here are those of the central system.
func Rules(f Facts) Answer {
	a := yes(OfRules, RulesSame)
	switch {
	case f.Alone:
	case f.Rules.There == "":
		a = yes(OfRules, RulesUnknown)
	case f.Rules.Here != f.Rules.There:
		a = no(OfRules, RulesOther)
		a.Text = f.Rules.There
	}
	return a
}
