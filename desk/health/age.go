package health

// OfAge is the question how old the facts are.
const OfAge Name = "age"

// What it says.
const (
	AgeUnknown Code = "age_unknown"
	AgeNew     Code = "age_new"
	AgeOld     Code = "age_old"
)

// Age says whether the facts are new enough to go into an outage with.
func Age(f Facts) Answer {
	if f.Copy.IsZero() {
		return no(OfAge, AgeUnknown)
	}
	a := yes(OfAge, AgeNew)
	if old := f.Now.Sub(f.Copy); f.MostAge > 0 && old > f.MostAge {
		a = no(OfAge, AgeOld)
	}
	a.At = f.Copy
	return a
}
