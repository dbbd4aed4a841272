package koharules

import "strings"

const chargeAt = "chargeperiod_charge_at"

// nothing reports whether a value is empty or zero, which in Koha are the same to
// the rules about being late.
func nothing(value string) bool {
	whole, part, _ := strings.Cut(value, ".")
	return strings.Trim(whole, "0") == "" && strings.Trim(part, "0") == ""
}

// fine reads what each interval costs.
func fine(w *writer, r *row, value, unit string) (text, why string) {
	if nothing(value) {
		return quote("0"), ""
	}
	text, why = amount(w, r, value, unit)
	if why == "" && !w.table.charges(r.scope) {
		return quote("0"), ""
	}
	return text, why
}

// every reads the interval; the fee says that there is none.
func every(w *writer, r *row, value, unit string) (text, why string) {
	if nothing(value) {
		return "", ""
	}
	return length(w, r, value, unit)
}

// charged reads which intervals are charged. Koha knows one way, and whatever is not
// it is the other.
func charged(_ *writer, _ *row, value, _ string) (text, why string) {
	switch {
	case value == "1":
		return quote("begun"), ""
	case nothing(value):
		return quote("completed"), ""
	}
	return "", noYes
}

func grace(w *writer, r *row, value, unit string) (text, why string) {
	if nothing(value) {
		return quote("0 days"), ""
	}
	return length(w, r, value, unit)
}

func most(w *writer, r *row, value, unit string) (text, why string) {
	if nothing(value) {
		return quote("no limit"), ""
	}
	return amount(w, r, value, unit)
}

const noYes = "is neither 0 nor 1"

func yesNo(_ *writer, _ *row, value, _ string) (text, why string) {
	switch {
	case value == "1":
		return "true", ""
	case nothing(value):
		return "false", ""
	}
	return "", noYes
}

// suspension reads the days without borrowing for each interval late. Koha counts
// each hour late as 24 days of them where lengths are hours (_calculate_new_debar_dt
// in C4/Circulation.pm), which ours cannot and nobody can mean.
func suspension(w *writer, r *row, value, unit string) (text, why string) {
	switch {
	case nothing(value):
		return "0", ""
	case unit != "days":
		return "", "suspends for each of " + unit + " late; ours is for days or weeks"
	}
	return count(w, r, value, unit)
}

// suspensionEvery reads the days late that a suspension is for; none is one.
func suspensionEvery(w *writer, r *row, value, _ string) (text, why string) {
	if nothing(value) {
		value = "1"
	}
	return days(w, r, value, "")
}

// orNone reads a count that is none where nobody says it.
func orNone(w *writer, r *row, value, unit string) (text, why string) {
	if value == "" {
		return "0", ""
	}
	return limit(w, r, value, unit)
}
