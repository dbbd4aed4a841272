package koharules

import (
	"maps"
	"slices"
)

// table finds what holds in a scope. Koha looks up each rule by itself
// (Koha/CirculationRules.pm, get_effective_rules), as we do; but what some of its
// numbers mean depends on another rule, which may stand in another row.
type table map[scope]*row

func tableOf(rows []*row) table {
	t := table{}
	for _, r := range rows {
		t[r.scope] = r
	}
	return t
}

// look gives the row whose rule of a name holds in a scope; nil: none.
func (t table) look(of scope, name string) *row {
	for _, branch := range []string{of.branch, ""} {
		for _, category := range []string{of.category, ""} {
			for _, item := range []string{of.item, ""} {
				if r := t[scope{branch, category, item}]; r != nil {
					if _, ok := r.rules[name]; ok {
						return r
					}
				}
			}
		}
	}
	return nil
}

// value gives what a rule says in a scope; ok is whether any row has it.
func (t table) value(of scope, name string) (value string, ok bool) {
	r := t.look(of, name)
	if r == nil {
		return "", false
	}
	return r.rules[name].value, true
}

// unit gives the unit of lengths in a scope.
func (t table) unit(of scope) string {
	if unit, _ := t.value(of, "lengthunit"); unit != "" {
		return unit
	}
	return "days"
}

// charges reports whether being late costs anything: a chargeperiod that is none
// means no charge (C4/Overdues.pm, CalcFine).
func (t table) charges(of scope) bool {
	every, _ := t.value(of, "chargeperiod")
	n, ok := number(every)
	return every != "" && !(ok && n == 0)
}

// lengths are the rules that count in lengthunits.
var lengths = []string{"issuelength", "renewalperiod", "chargeperiod", "firstremind", "finedays"}

// rules gives what a row says, and what it makes say something else of the rows
// that are less specific: those have been written as they are meant there.
func (t table) rules(r *row) map[string]said {
	all := maps.Clone(r.rules)
	inherit := func(name string, differs func(above scope) bool) {
		if _, own := all[name]; own {
			return
		}
		if above := t.look(r.scope, name); above != nil && differs(above.scope) {
			all[name] = above.rules[name]
		}
	}
	if _, ok := r.rules["lengthunit"]; ok {
		for _, name := range lengths {
			inherit(name, func(above scope) bool { return t.unit(above) != t.unit(r.scope) })
		}
	}
	if every, ok := r.rules["chargeperiod"]; ok {
		inherit("fine", func(above scope) bool { return !t.charges(above) })
		if _, ok := all["fine"]; !ok && !t.charges(r.scope) {
			all["fine"] = said{every.line, "0"}
		}
	}
	return all
}

// withDefaults adds what holds in Koha where nobody says it, and is otherwise with
// us: a fee is for intervals that are over.
func withDefaults(rows []*row) []*row {
	if !slices.ContainsFunc(rows, func(r *row) bool { _, ok := r.rules["fine"]; return ok }) {
		return rows
	}
	if rows[0].scope != (scope{}) {
		rows = slices.Insert(rows, 0, &row{rules: map[string]said{}})
	}
	if _, ok := rows[0].rules[chargeAt]; !ok {
		rows[0].rules[chargeAt] = said{value: "0"}
	}
	return rows
}
