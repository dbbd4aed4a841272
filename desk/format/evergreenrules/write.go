package evergreenrules

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"circdesk/desk/money"
)

// Options say what Evergreen's tables do not.
type Options struct {
	Currency string // ISO 4217; amounts in the tables have none
	Zone     string // IANA name
}

// Convert reads Evergreen's tables and gives our rules, in TOML, and what was left
// out, in the order of the files and lines. Org units are known by their short names,
// patron groups and shelving locations by their names where those tables are given,
// and by their numbers else. Each org unit that has rules becomes a library without
// opening hours, which Evergreen keeps elsewhere.
func Convert(files []File, o Options) (rules []byte, left []Left, err error) {
	all, left, err := read(files)
	if err != nil {
		return nil, nil, err
	}
	c := &converter{
		options: o, left: left, seen: map[*row]bool{},
		units: newTree(all, orgUnits, "parent_ou"), groups: newTree(all, groups, "parent"),
		durations: all.byID(durations), fines: all.byID(fines), maxFines: all.byID(maxFines),
		locations: locationNames(all),
		said:      map[string][]said{"loanable": {{value: "false"}}}, // what no matchpoint is for
	}
	for table, ids := range map[string]*tree{orgUnits: c.units, groups: c.groups} {
		if ids.rows == nil {
			c.left = append(c.left, Left{Column: table, Why: "is not among the files: 1 is taken for all, any other for itself alone"})
		}
	}
	for _, r := range all[matrix] {
		if yes(r.fields["active"]) || r.fields["active"] == "" { // older versions have no such column
			c.matchpoint(r)
		}
	}
	c.renewing()
	text, err := c.write()
	if err != nil {
		return nil, nil, err
	}
	order := map[string]int{}
	for i, f := range files {
		order[f.Name] = i
	}
	slices.SortStableFunc(c.left, func(a, b Left) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return text, c.left, nil
}

// locationNames gives the name of each shelving location by its id. Where more than
// one have a name, none of them does.
func locationNames(all tables) map[string]string {
	if _, ok := all[locations]; !ok {
		return nil
	}
	names, count := map[string]string{}, map[string]int{}
	for id, r := range all.byID(locations) {
		names[id] = r.fields["name"]
		count[r.fields["name"]]++
	}
	for id, name := range names {
		if count[name] > 1 {
			names[id] = ""
		}
	}
	return names
}

type converter struct {
	options                    Options
	left                       []Left
	units, groups              *tree
	durations, fines, maxFines map[string]*row
	locations                  map[string]string
	said                       map[string][]said // by our key
	seen                       map[*row]bool     // whose parts without a counterpart are named
	ofRenewals                 bool              // some duration is of renewals alone, or of first loans
}

func (c *converter) leave(l Left) { c.left = append(c.left, l) }

func yes(field string) bool { return field == "t" || strings.EqualFold(field, "true") }

// asks are the columns by which a matchpoint asks for what our rows cannot.
var asks = []string{"marc_type", "marc_form", "marc_bib_level", "marc_vr_format", "copy_circ_lib", "copy_owning_lib", "user_home_ou", "ref_flag", "juvenile_flag", "usr_age_lower_bound", "usr_age_upper_bound", "item_age"}

// gives are the columns of what a matchpoint gives and ours do not know.
var gives = []string{"hard_due_date", "script_test", "total_copy_hold_ratio", "available_copy_hold_ratio"}

// matchpoint takes in what a row of the matrix says.
func (c *converter) matchpoint(r *row) {
	for _, column := range asks {
		if r.fields[column] != "" {
			c.leave(r.left(column, "asks for what our rows cannot ask for; the whole row is left out"))
			return
		}
	}
	places, weight, ok := c.places(r)
	if !ok {
		return
	}
	id, _ := strconv.Atoi(r.fields["id"])
	say := func(key, value string, over bool) {
		for _, p := range places {
			if len(c.said[key]) <= mostSaid { // compile refuses more
				c.said[key] = append(c.said[key], said{p, value, over, weight, id})
			}
		}
	}
	for _, column := range gives {
		if r.fields[column] != "" {
			c.leave(r.left(column, "has no counterpart"))
		}
	}
	if yes(r.fields["renew_extends_due_date"]) {
		c.leave(r.left("renew_extends_due_date", "has no counterpart"))
	}
	renewal := r.fields["is_renewal"]
	if renewal != "" {
		c.ofRenewals = true
	}
	c.duration(r, say, renewal)
	if !yes(renewal) { // a renewal goes on counting what the loan began with
		c.renewals(r, say)
	}
	if renewal == "" {
		c.rest(r, say)
		return
	}
	whom := "first loans"
	if yes(renewal) {
		whom = "renewals"
	}
	for _, column := range []string{"circulate", "recurring_fine_rule", "grace_period", "max_fine_rule"} {
		if r.fields[column] != "" {
			c.leave(r.left(column, "is said of "+whom+" alone; ours is of both"))
		}
	}
}

// The weights of action.find_circ_matrix_matchpoint.
const (
	weightGroup    = 11
	weightUnit     = 10
	weightRenewal  = 7
	weightItem     = 5
	weightLocation = 5
)

// places gives for what a matchpoint holds, and its weight.
func (c *converter) places(r *row) (all []place, weight float64, ok bool) {
	at := place{item: r.fields["circ_modifier"], location: r.fields["copy_location"]}
	for _, w := range []struct {
		column string
		weight float64
	}{{"circ_modifier", weightItem}, {"copy_location", weightLocation}, {"is_renewal", weightRenewal}} {
		if r.fields[w.column] != "" {
			weight += math.Pow(4, w.weight)
		}
	}
	if at.location != "" && c.locations != nil {
		name, known := c.locations[at.location]
		if name == "" {
			why := "is the name of more than one shelving location"
			if !known {
				why = "is not among the shelving locations"
			}
			c.leave(r.left("copy_location", why))
			return nil, 0, false
		}
		at.location = name
	}
	units, ok := c.below(r, c.units, "org_unit", "shortname")
	if !ok {
		return nil, 0, false
	}
	groups, ok := c.below(r, c.groups, "grp", "name")
	if !ok {
		return nil, 0, false
	}
	if len(units)*len(groups) > mostSaid {
		units, groups = units[:1], slices.Repeat(groups[:1], mostSaid+1) // more than compile takes
	}
	// The farther from the case, the less: seen from where a case is deepest.
	steps := float64(max(c.units.deepest, c.groups.deepest) + 1)
	far := func(w *tree, column string, weight float64) float64 {
		return math.Pow(2, 2*weight-float64(w.deepest-w.level(r.fields[column]))/steps)
	}
	weight += far(c.units, "org_unit", weightUnit) + far(c.groups, "grp", weightGroup)
	for _, u := range units {
		for _, g := range groups {
			at.library, at.group = u, g
			all = append(all, at)
		}
	}
	return all, weight, true
}

// below gives what ours are called that a column's id holds for; "" is any.
func (c *converter) below(r *row, w *tree, column, name string) ([]string, bool) {
	id := r.fields[column]
	if id == "" {
		c.leave(r.left(column, "names none"))
		return nil, false
	}
	if id == w.root {
		return []string{""}, true
	}
	ids := w.from(id)
	if ids == nil {
		c.leave(r.left(column, "is in no table, or under none that is above all"))
		return nil, false
	}
	var all []string
	for _, id := range ids {
		if w.rows != nil {
			id = cmp.Or(w.rows[id].fields[name], id)
		}
		all = append(all, id)
	}
	return all, true
}

// named gives the row of a rule that a matchpoint names.
func (c *converter) named(r *row, column string, table map[string]*row) *row {
	id := r.fields[column]
	if id == "" {
		return nil
	}
	if table[id] == nil {
		c.leave(r.left(column, "is a rule that is in none of the files"))
	}
	return table[id]
}

// first reports whether a rule is met for the first time; what has no counterpart in
// it is named once.
func (c *converter) first(r *row) bool {
	is := !c.seen[r]
	c.seen[r] = true
	return is
}

type sayer func(key, value string, over bool)

// duration takes in how long a loan, a renewal or both are, and how often it may be
// renewed.
func (c *converter) duration(r *row, say sayer, renewal string) {
	d := c.named(r, "duration_rule", c.durations)
	if d == nil {
		return
	}
	v, ok := readInterval(d.fields["normal"])
	period := v.period()
	n, renewals := count(d.fields["max_renewals"])
	if c.first(d) {
		if period == "" {
			c.leave(d.left("normal", noPeriod(ok)))
		}
		if !renewals {
			c.leave(d.left("max_renewals", "is not a whole number"))
		}
		for _, column := range []string{"shrt", "extended"} {
			if d.fields[column] != d.fields["normal"] {
				c.leave(d.left(column, "is for items of another loan_duration than normal, which ours do not have"))
			}
		}
		if n := d.fields["max_auto_renewals"]; n != "" && n != "0" {
			c.leave(d.left("max_auto_renewals", "has no counterpart"))
		}
	}
	if period != "" && !yes(renewal) {
		say("period", quote(period), false)
	}
	if period != "" && (renewal == "" || yes(renewal)) {
		say("renew_period", quote(period), false)
	}
	if renewals && !yes(renewal) {
		say("renewals", n, false)
	}
}

// renewals takes in a number of them that goes before what any duration rule says,
// however far off it is (Circulate.pm).
func (c *converter) renewals(r *row, say sayer) {
	v := r.fields["renewals"]
	if v == "" {
		return
	}
	n, ok := count(v)
	if !ok {
		c.leave(r.left("renewals", "is not a whole number"))
		return
	}
	say("renewals", n, true)
}

func noPeriod(read bool) string {
	if read {
		return "is no period of ours: months, or days and hours, of at most a hundred years"
	}
	return "is no interval that is read"
}

// rest takes in what holds for loans and renewals alike.
func (c *converter) rest(r *row, say sayer) {
	if v := r.fields["circulate"]; v != "" {
		say("loanable", strconv.FormatBool(yes(v)), false)
	}
	if v := r.fields["grace_period"]; v != "" {
		if text, why := grace(v); why == "" {
			say("fine_grace", text, true)
		} else {
			c.leave(r.left("grace_period", why))
		}
	}
	if f := c.named(r, "recurring_fine_rule", c.fines); f != nil {
		c.fine(f, say)
	}
	if m := c.named(r, "max_fine_rule", c.maxFines); m != nil {
		c.maxFine(m, say)
	}
}

func grace(field string) (text, why string) {
	v, ok := readInterval(field)
	if ok && v == (interval{}) {
		return quote("0 days"), ""
	}
	if p := v.period(); p != "" {
		return quote(p), ""
	}
	return "", noPeriod(ok)
}

func (c *converter) fine(f *row, say sayer) {
	first := c.first(f)
	leave := func(column, why string) {
		if first {
			c.leave(f.left(column, why))
		}
	}
	for _, column := range []string{"low", "high"} {
		if f.fields[column] != f.fields["normal"] {
			leave(column, "is for items of another fine_level than normal, which ours do not have")
		}
	}
	if v := f.fields["grace_period"]; v != "" {
		if text, why := grace(v); why == "" {
			say("fine_grace", text, false)
		} else {
			leave("grace_period", why)
		}
	}
	amount, why := c.amount(f.fields["normal"])
	if why != "" {
		leave("normal", why)
		return
	}
	if strings.Trim(amount, `"0.`) == "" {
		say("fine", amount, false)
		return
	}
	v, ok := readInterval(f.fields["recurrence_interval"])
	every := v.period()
	if every == "" || v.months != 0 {
		why := noPeriod(ok)
		if v.months != 0 {
			why = "is of months; ours is for minutes, hours, days or weeks"
		}
		leave("recurrence_interval", why)
		return
	}
	say("fine", amount, false)
	say("fine_every", quote(every), false)
}

// maxFine takes in the most that a loan costs. A percentage is of the price.
func (c *converter) maxFine(m *row, say sayer) {
	text, why := c.amount(m.fields["amount"])
	if yes(m.fields["is_percent"]) {
		if whole, part, _ := strings.Cut(m.fields["amount"], "."); whole == "100" && strings.Trim(part, "0") == "" {
			say("max_fine", quote("no limit"), false)
			say("fine_up_to_price", "true", false)
			return
		}
		why = "is a percentage of the price; ours is all of it"
	}
	if why != "" {
		if c.first(m) {
			c.leave(m.left("amount", why))
		}
		return
	}
	say("max_fine", text, false)
	say("fine_up_to_price", "false", false)
}

// amount reads a decimal number as a database writes it.
func (c *converter) amount(value string) (text, why string) {
	whole, part, _ := strings.Cut(value, ".")
	part = strings.TrimRight(part, "0")
	most := money.Exponent(c.options.Currency)
	if len(part) > most {
		return "", "has more decimals than the currency"
	}
	if most > 0 {
		part = "." + part + strings.Repeat("0", most-len(part))
	}
	a, err := money.Parse(whole+part, c.options.Currency)
	switch {
	case err != nil || a.Minor < 0:
		return "", "is no amount"
	case a.Minor > 1_000_000_000:
		return "", "is more than is read"
	}
	return quote(whole + part), ""
}

func count(value string) (string, bool) {
	n, err := strconv.Atoi(value)
	return strconv.Itoa(n), err == nil && n >= 0 && n <= 1_000_000
}

// renewing leaves the period of a renewal out where none is another than a loan's.
func (c *converter) renewing() {
	if !c.ofRenewals {
		delete(c.said, "renew_period")
	}
	if !slices.ContainsFunc(c.said["fine_up_to_price"], func(s said) bool { return s.value == "true" }) {
		delete(c.said, "fine_up_to_price")
	}
}

// write writes all that was said.
func (c *converter) write() ([]byte, error) {
	rows := map[place]map[string]string{}
	for key, all := range c.said {
		table, err := compile(all)
		if err != nil {
			return nil, err
		}
		for p, v := range table {
			if rows[p] == nil {
				rows[p] = map[string]string{}
			}
			rows[p][key] = v
		}
	}
	places := slices.SortedFunc(maps.Keys(rows), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.shape(), b.shape()), cmp.Compare(a.library, b.library), cmp.Compare(a.group, b.group), cmp.Compare(a.item, b.item), cmp.Compare(a.location, b.location))
	})
	var t strings.Builder
	fmt.Fprintf(&t, "# From Evergreen's table %s.\n\ncurrency = %s\nzone = %s\nclosed_days = \"next_open\" # as Evergreen has it\n", matrix, quote(c.options.Currency), quote(c.options.Zone))
	libraries := map[string]bool{}
	for _, p := range places {
		libraries[p.library] = true
	}
	delete(libraries, "")
	for _, id := range slices.Sorted(maps.Keys(libraries)) {
		fmt.Fprintf(&t, "\n[[library]]\nid = %s\n", quote(id))
	}
	for _, p := range places {
		if p == (place{}) {
			t.WriteString("\n[default]\n")
		} else {
			t.WriteString("\n[[terms]]\n")
		}
		for _, f := range []struct{ key, value string }{{"location", p.location}, {"library", p.library}, {"group", p.group}, {"item_type", p.item}} {
			if f.value != "" {
				fmt.Fprintf(&t, "%s = %s\n", f.key, quote(f.value))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(rows[p])) {
			fmt.Fprintf(&t, "%s = %s\n", key, rows[p][key])
		}
	}
	return []byte(t.String()), nil
}

// quote writes a string of TOML; the text has no characters that cannot be printed.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
