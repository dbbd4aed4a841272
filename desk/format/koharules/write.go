package koharules

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"circdesk/desk/money"
)

// Options say what Koha's table does not.
type Options struct {
	Currency string // ISO 4217; amounts in the table have none
	Zone     string // IANA name
}

// Convert reads Koha's table and gives our rules, in TOML, and what was left out,
// in the order of the lines. Each branch becomes a library without opening hours,
// which Koha keeps elsewhere.
func Convert(r io.Reader, o Options) (rules []byte, left []Left, err error) {
	rows, left, err := read(r)
	if err != nil {
		return nil, nil, err
	}
	rows = withDefaults(rows)
	w := &writer{options: o, table: tableOf(rows), left: left}
	w.printf("# From Koha's table circulation_rules.\n\ncurrency = %s\nzone = %s\n", quote(o.Currency), quote(o.Zone))
	var branches []string
	for _, row := range rows {
		if row.branch != "" && !slices.Contains(branches, row.branch) {
			branches = append(branches, row.branch)
		}
	}
	var terms strings.Builder
	w.into = &terms
	for _, row := range rows {
		w.row(row)
	}
	w.into = &w.text
	for _, b := range branches {
		w.printf("\n[[library]]\nid = %s\n", quote(b))
	}
	w.text.WriteString(terms.String())
	slices.SortStableFunc(w.left, func(a, b Left) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule)) })
	return []byte(w.text.String()), w.left, nil
}

type writer struct {
	options Options
	table   table
	text    strings.Builder
	into    *strings.Builder
	left    []Left
}

func (w *writer) printf(format string, a ...any) {
	if w.into == nil {
		w.into = &w.text
	}
	fmt.Fprintf(w.into, format, a...)
}

// row writes the terms of one scope. Those for everybody are our default.
func (w *writer) row(r *row) {
	given, rules, unit := map[string]string{}, w.table.rules(r), w.table.unit(r.scope)
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		is := rules[name]
		key, value, why := w.convert(r, name, is.value, unit)
		switch {
		case why != "":
			w.left = append(w.left, Left{is.line, name, is.value, why})
		case key != "":
			given[key] = stricter(given[key], value)
		}
	}
	if len(given) == 0 {
		return
	}
	if r.scope == (scope{}) {
		w.printf("\n[default]\n")
	} else {
		w.printf("\n[[terms]]\n")
	}
	for _, f := range []struct{ key, value string }{{"library", r.branch}, {"group", r.category}, {"item_type", r.item}} {
		if f.value != "" {
			w.printf("%s = %s\n", f.key, quote(f.value))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		w.printf("%s = %s\n", key, given[key])
	}
}

// stricter gives the one of two values that allows less: Koha has two rules for
// some limits, and both hold.
func stricter(a, b string) string {
	n, err := strconv.Atoi(a)
	if m, other := strconv.Atoi(b); err == nil && (other != nil || n < m) {
		return a
	}
	return b
}

// convert gives the key and the value of a rule; why is why there is none, and all
// are empty for a rule that another one has taken in.
func (w *writer) convert(r *row, name, value, unit string) (key, text, why string) {
	c, ok := converters[name]
	if !ok {
		return "", "", "has no counterpart"
	}
	if c.ofPerson && r.item != "" {
		return "", "", "limits what a person has of one item type; our limits count all of it"
	}
	text, why = c.read(w, r, value, unit)
	if text == "" {
		return "", "", why
	}
	return c.key, text, ""
}

// A converter reads one of Koha's rules. No text and no reason: another rule took
// it in.
type converter struct {
	key      string // ours
	ofPerson bool
	read     func(w *writer, r *row, value, unit string) (text, why string)
}

// converters are Koha's rules that have a counterpart.
var converters = map[string]converter{
	"issuelength":         {key: "period", read: length},
	"renewalperiod":       {key: "renew_period", read: length},
	"decreaseloanholds":   {key: "period_waited", read: days},
	"lengthunit":          {read: taken},
	"renewalsallowed":     {key: "renewals", read: orNone},
	"patron_maxissueqty":  {key: "loans", ofPerson: true, read: limit},
	"maxissueqty":         {key: "loans", ofPerson: true, read: limit},
	"max_holds":           {key: "requests", ofPerson: true, read: limit},
	"reservesallowed":     {key: "requests", ofPerson: true, read: limit},
	"holds_pickup_period": {key: "shelf_days", read: count},
	"fine":                {key: "fine", read: fine},
	"chargeperiod":        {key: "fine_every", read: every},
	chargeAt:              {key: "fine_charged", read: charged},
	"firstremind":         {key: "fine_grace", read: grace},
	"overduefinescap":     {key: "max_fine", read: most},

	"cap_fine_to_replacement_price": {key: "fine_up_to_price", read: yesNo},

	"finedays":                {key: "suspend_days", read: suspension},
	"suspension_chargeperiod": {key: "suspend_every", read: suspensionEvery},
	"maxsuspensiondays":       {key: "suspend_most", read: limit},

	"daysmode": {key: "closed_days", read: closed},
}

func taken(*writer, *row, string, string) (string, string) { return "", "" }

func number(value string) (int, bool) {
	n, err := strconv.Atoi(value)
	return n, err == nil && n >= 0 && n <= 1_000_000
}

const noNumber = "is not a whole number"

func count(_ *writer, _ *row, value, _ string) (text, why string) {
	n, ok := number(value)
	switch {
	case value == "":
		return "", "has no value"
	case !ok:
		return "", noNumber
	case n > 3660:
		return "", "is more than ten years"
	}
	return strconv.Itoa(n), ""
}

// limit reads a limit; in Koha nothing is no limit.
func limit(_ *writer, _ *row, value, _ string) (text, why string) {
	if value == "" {
		return `"no limit"`, ""
	}
	n, ok := number(value)
	if !ok {
		return "", noNumber
	}
	return strconv.Itoa(n), ""
}

func length(_ *writer, _ *row, value, unit string) (text, why string) {
	n, ok := number(value)
	switch {
	case value == "":
		return "", "has no value"
	case !ok:
		return "", noNumber
	case unit != "days" && unit != "hours":
		return "", "is in a unit that is not known"
	case unit == "hours" && n == 0:
		return "", "is no time at all"
	case unit == "days" && n > 36600 || n > 878_400:
		return "", "is longer than a hundred years"
	}
	if n == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return quote(strconv.Itoa(n) + " " + unit), ""
}

func days(w *writer, r *row, value, _ string) (text, why string) { return length(w, r, value, "days") }

// amount reads a decimal number as a database writes it, with more decimals than
// the currency has.
func amount(w *writer, _ *row, value, _ string) (text, why string) {
	if value == "" {
		return "", "has no value"
	}
	whole, part, _ := strings.Cut(value, ".")
	part = strings.TrimRight(part, "0")
	most := money.Exponent(w.options.Currency)
	if len(part) > most {
		return "", "has more decimals than the currency"
	}
	if most > 0 {
		part += strings.Repeat("0", most-len(part))
		whole += "."
	}
	a, err := money.Parse(whole+part, w.options.Currency)
	if err != nil {
		return "", "is no amount"
	}
	if a.Minor > 1_000_000_000 {
		return "", "is more than is read"
	}
	return quote(whole + part), ""
}

func closed(_ *writer, _ *row, value, _ string) (text, why string) {
	switch value {
	case "Days":
		return quote("keep"), ""
	case "Datedue":
		return quote("next_open"), ""
	case "Dayweek":
		return quote("next_same_weekday"), ""
	case "Calendar":
		return quote("open_days"), ""
	case "":
		return "", "has no value"
	}
	return "", "is a way that is not known"
}

// quote writes a string of TOML; the text has no characters that cannot be printed.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
