package circ

import "time"

// oldFacts: what a desk does by itself it does by the facts that it has. From which age
// on that is told, asked or refused the rules say. The age is in the act, so whoever
// decides it again meets the same.
func oldFacts(a *asking) {
	at := a.c.Act
	if at.Facts.IsZero() {
		return
	}
	age := max(at.At.Sub(at.Facts), 0)
	if do, row, _ := a.c.Rules.OldFacts(age, a.act); do != "" {
		a.standsAs(Remark{Reason: OldFacts, When: at.Facts, N: int(age / time.Hour), Row: row}, do)
	}
}
