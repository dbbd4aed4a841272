package evergreenrules_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"circdesk/desk/format/evergreenrules"
	"circdesk/desk/policy"
)

// The headings are those of the tables in Evergreen 3.
const (
	matrixHead   = "id,active,org_unit,grp,circ_modifier,copy_location,marc_type,marc_form,marc_bib_level,marc_vr_format,copy_circ_lib,copy_owning_lib,user_home_ou,ref_flag,juvenile_flag,is_renewal,usr_age_lower_bound,usr_age_upper_bound,item_age,circulate,duration_rule,recurring_fine_rule,max_fine_rule,hard_due_date,renewals,grace_period,script_test,total_copy_hold_ratio,available_copy_hold_ratio,renew_extends_due_date,renew_extend_percent,description"
	durationHead = "id,name,extended,normal,shrt,max_renewals,max_auto_renewals"
	fineHead     = "id,name,high,normal,low,recurrence_interval,grace_period"
	maxFineHead  = "id,name,amount,is_percent"
	unitHead     = "id,parent_ou,ou_type,shortname,name"
	groupHead    = "id,name,parent,usergroup,perm_interval"
	locationHead = "id,name,owning_lib,holdable,circulate"
)

// match gives a line of the matrix with the columns named.
func match(columns string) string {
	given := map[string]string{"active": "t", "renew_extends_due_date": "f", "renew_extend_percent": "0"}
	for c := range strings.FieldsSeq(columns) {
		name, v, _ := strings.Cut(c, "=")
		given[name] = strings.ReplaceAll(v, "_", " ")
	}
	var line []string
	for name := range strings.SplitSeq(matrixHead, ",") {
		line = append(line, given[name])
		delete(given, name)
	}
	if len(given) > 0 {
		panic(fmt.Sprint("no such columns: ", given))
	}
	return strings.Join(line, ",")
}

type library struct{ matrix, durations, fines, maxFines, units, groups, locations []string }

// stock is a library with one rule for all.
func stock() library {
	return library{
		matrix:    []string{match("id=1 org_unit=1 grp=1 circulate=t duration_rule=1 recurring_fine_rule=1 max_fine_rule=1")},
		durations: []string{"1,14_days_2_renew,14 days,14 days,14 days,2,", "2,7_days_0_renew,7 days,7 days,7 days,0,"},
		fines:     []string{"1,10_cent,0.10,0.10,0.10,1 day,1 day", "2,hourly,0.50,0.50,0.50,01:00:00,00:15:00"},
		maxFines:  []string{"1,default,5.00,f", "2,price,100.00,t"},
		units:     []string{"1,,1,CONS,Consortium", "2,1,2,SYS1,System", "4,2,3,BR1,Branch 1", "5,2,3,BR2,Branch 2"},
		groups:    []string{"1,Users,,f,3 years", "2,Patrons,1,t,3 years", "3,Staff,1,t,3 years", "4,Children,2,t,1 year"},
		locations: []string{"10,Stacks,1,t,t", "11,Local,4,t,t", "12,Office,4,t,t", "13,Office,5,t,t"},
	}
}

var euro = evergreenrules.Options{Currency: "EUR", Zone: "America/New_York"}

func (l library) files() (all []evergreenrules.File) {
	for _, f := range []struct {
		name, head string
		lines      []string
	}{
		{"matrix.csv", matrixHead, l.matrix}, {"durations.csv", durationHead, l.durations}, {"fines.csv", fineHead, l.fines}, {"max.csv", maxFineHead, l.maxFines},
		{"units.csv", unitHead, l.units}, {"groups.csv", groupHead, l.groups}, {"locations.csv", locationHead, l.locations},
	} {
		if f.lines != nil {
			all = append(all, evergreenrules.File{Name: f.name, Text: strings.NewReader(f.head + "\n" + strings.Join(f.lines, "\n") + "\n")})
		}
	}
	return all
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

func (l library) convert(t fataler) (*policy.Set, []string) {
	t.Helper()
	text, left, err := evergreenrules.Convert(l.files(), euro)
	if err != nil {
		t.Fatalf("%v", err)
	}
	s, err := policy.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var all []string
	for _, l := range left {
		all = append(all, fmt.Sprintf("%s %d %s %s: %s", l.File, l.Line, l.Column, l.Value, l.Why))
	}
	return s, all
}

func TestEvergreensRulesBecomeOurs(t *testing.T) {
	l := stock()
	l.matrix = append(l.matrix,
		match("id=2 org_unit=1 grp=1 circ_modifier=dvd duration_rule=2 max_fine_rule=2"),
		match("id=3 org_unit=2 grp=1 circ_modifier=laptop duration_rule=3 recurring_fine_rule=2"),
		match("id=4 org_unit=1 grp=2 renewals=5"),
		match("id=5 org_unit=4 grp=1 copy_location=11 circulate=f"),
		match("id=6 org_unit=1 grp=3 is_renewal=t duration_rule=2"),
		match("id=7 org_unit=1 grp=3 grace_period=3_days"),
		match("id=8 active=f org_unit=1 grp=1 circ_modifier=dvd duration_rule=1"),
	)
	l.durations = append(l.durations, "3,four_hours,04:00:00,04:00:00,04:00:00,1,0")
	s, left := l.convert(t)
	if len(left) != 0 {
		t.Errorf("left out: %q", left)
	}
	for _, row := range []struct {
		name string
		q    policy.Query
		ok   func(policy.Terms) bool
	}{
		{"what is for all", policy.Query{Group: "Users", Type: "book", Library: "BR1"}, func(t policy.Terms) bool {
			return t.Loanable && t.Period.String() == "14 days" && t.Renewals == 2 && t.Fine == 10 && t.FineEvery.String() == "1 days" && t.MaxFine == 500 && t.FineGrace.String() == "1 days" && !t.FinePrice
		}},
		{"an item type", policy.Query{Group: "Users", Type: "dvd", Library: "BR1"}, func(t policy.Terms) bool {
			return t.Period.String() == "7 days" && t.Renewals == 0 && t.FinePrice && t.MaxFine == policy.NoLimit && t.Fine == 10
		}},
		{"a system's rule holds in its branches", policy.Query{Type: "laptop", Library: "BR2"}, func(t policy.Terms) bool {
			return t.Period.String() == "4 hours" && t.FineEvery.String() == "1 hours" && t.FineGrace.String() == "15 minutes" && t.Fine == 50
		}},
		{"and nowhere else", policy.Query{Type: "laptop", Library: "ELSE"}, func(t policy.Terms) bool { return t.Period.String() == "14 days" }},
		{"renewals of a group below another go before what a duration says", policy.Query{Group: "Children", Type: "dvd"}, func(t policy.Terms) bool { return t.Renewals == 5 && t.Period.String() == "7 days" }},
		{"a shelving location, by its name", policy.Query{Location: "Local", Library: "BR1"}, func(t policy.Terms) bool { return !t.Loanable }},
		{"which is another's elsewhere", policy.Query{Location: "Local", Library: "BR2"}, func(t policy.Terms) bool { return t.Loanable }},
		{"a renewal", policy.Query{Group: "Staff", Type: "book"}, func(t policy.Terms) bool {
			return t.Period.String() == "14 days" && t.RenewPeriod.String() == "7 days" && t.FineGrace.String() == "3 days"
		}},
		{"the renewal of others", policy.Query{Group: "Patrons", Type: "book"}, func(t policy.Terms) bool { return t.RenewPeriod.String() == "14 days" }},
	} {
		if got := s.Terms(row.q); !row.ok(got) {
			t.Errorf("%s: %+v", row.name, got)
		}
	}
}

// What no matchpoint is for is not lent.
func TestWhereEvergreenHasNoRuleNothingIsLent(t *testing.T) {
	l := stock()
	l.matrix = []string{match("id=1 org_unit=1 grp=2 circulate=t duration_rule=1 recurring_fine_rule=1 max_fine_rule=1")}
	s, _ := l.convert(t)
	if s.Terms(policy.Query{Group: "Staff"}).Loanable || !s.Terms(policy.Query{Group: "Children"}).Loanable {
		t.Errorf("lent to others than those who have a rule:\n%s", s.TOML())
	}
}

func TestWhatHasNoCounterpartIsNamed(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*library)
		want   string
	}{
		{"a row that asks for an age", func(l *library) {
			l.matrix = append(l.matrix, match("id=2 org_unit=1 grp=1 usr_age_upper_bound=12_years duration_rule=2"))
		}, "matrix.csv 3 usr_age_upper_bound 12 years: asks for what our rows cannot ask for; the whole row is left out"},
		{"a date that all is due on", func(l *library) {
			l.matrix = append(l.matrix, match("id=2 org_unit=1 grp=3 hard_due_date=1"))
		}, "matrix.csv 3 hard_due_date 1: has no counterpart"},
		{"a fee of renewals alone", func(l *library) {
			l.matrix = append(l.matrix, match("id=2 org_unit=1 grp=1 is_renewal=t recurring_fine_rule=2"))
		}, "matrix.csv 3 recurring_fine_rule 2: is said of renewals alone; ours is of both"},
		{"an org unit that is in no table", func(l *library) {
			l.matrix = append(l.matrix, match("id=2 org_unit=9 grp=1 duration_rule=2"))
		}, "matrix.csv 3 org_unit 9: is in no table, or under none that is above all"},
		{"an org unit below itself", func(l *library) {
			l.units = append(l.units, "9,9,3,BR9,Branch 9")
			l.matrix = append(l.matrix, match("id=2 org_unit=9 grp=1 duration_rule=2"))
		}, "matrix.csv 3 org_unit 9: is in no table, or under none that is above all"},
		{"a rule that is in none of the files", func(l *library) {
			l.matrix = append(l.matrix, match("id=2 org_unit=1 grp=3 duration_rule=9"))
		}, "matrix.csv 3 duration_rule 9: is a rule that is in none of the files"},
		{"a location whose name another has", func(l *library) {
			l.matrix = append(l.matrix, match("id=2 org_unit=1 grp=1 copy_location=12 circulate=f"))
		}, "matrix.csv 3 copy_location 12: is the name of more than one shelving location"},
		{"a short loan that is shorter", func(l *library) { l.durations[0] = "1,a,14 days,14 days,7 days,2," }, "durations.csv 2 shrt 7 days: is for items of another loan_duration than normal, which ours do not have"},
		{"a period of a month and a day", func(l *library) { l.durations[0] = "1,a,1 mon 1 day,1 mon 1 day,1 mon 1 day,2," }, "durations.csv 2 normal 1 mon 1 day: is no period of ours: months, or days and hours, of at most a hundred years"},
		{"a period that is none", func(l *library) { l.durations[0] = "1,a,x,x,x,2," }, "durations.csv 2 normal x: is no interval that is read"},
		{"a fee for each month", func(l *library) { l.fines[0] = "1,a,0.10,0.10,0.10,1 mon,1 day" }, "fines.csv 2 recurrence_interval 1 mon: is of months; ours is for minutes, hours, days or weeks"},
		{"a fee with too many decimals", func(l *library) { l.fines[0] = "1,a,0.105,0.105,0.105,1 day,1 day" }, "fines.csv 2 normal 0.105: has more decimals than the currency"},
		{"a percentage", func(l *library) { l.maxFines[0] = "1,a,50.00,t" }, "max.csv 2 amount 50.00: is a percentage of the price; ours is all of it"},
		{"a table that is not there", func(l *library) { l.groups = nil }, " 0 permission.grp_tree : is not among the files: 1 is taken for all, any other for itself alone"},
		{"a name that is no text", func(l *library) { l.durations[1] = "2,a\x1bb,7 days,7 days,7 days,0," }, "durations.csv 3 name a: is no text"},
		{"a name that is too long", func(l *library) { l.durations[1] = "2," + strings.Repeat("a", 300) + ",7 days,7 days,7 days,0," }, "durations.csv 3 name " + strings.Repeat("a", 39) + "…: is too long"},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := stock()
			row.change(&l)
			if _, left := l.convert(t); !slices.Equal(left, []string{row.want}) {
				t.Errorf("left out %q, want %q", left, row.want)
			}
		})
	}
}

func TestOtherFilesAreNoRules(t *testing.T) {
	l := stock()
	files := append(l.files(), evergreenrules.File{Name: "other.csv", Text: strings.NewReader("a,b\n1,2\n")})
	_, left, err := evergreenrules.Convert(files, euro)
	if err != nil || len(left) != 1 || left[0].File != "other.csv" || left[0].Why != "is none of the tables that are read" {
		t.Errorf("another table: %v, %v", left, err)
	}
	if _, _, err := evergreenrules.Convert(l.files()[1:], euro); !errors.Is(err, evergreenrules.ErrNoMatrix) {
		t.Errorf("without the matrix: %v", err)
	}
	if _, _, err := evergreenrules.Convert(append(l.files(), l.files()[0]), euro); err == nil || !strings.Contains(err.Error(), "matrix.csv: a second file") {
		t.Errorf("the matrix twice: %v", err)
	}
}

func TestRulesThatWouldBeTooManyAreRefused(t *testing.T) {
	l := stock()
	for i := range 300 {
		l.units = append(l.units, fmt.Sprintf("%d,2,3,U%d,U", 100+i, i))
		l.groups = append(l.groups, fmt.Sprintf("%d,G%d,2,t,1 year", 100+i, i))
	}
	l.matrix = append(l.matrix, match("id=2 org_unit=2 grp=2 duration_rule=2"))
	if _, _, err := evergreenrules.Convert(l.files(), euro); !errors.Is(err, evergreenrules.ErrMany) {
		t.Errorf("got %v", err)
	}
}

// point is a row of a matrix that is drawn.
type point struct {
	id, unit, group     int
	item, at            string
	renewal             string
	duration            string
	renewals, circulate string
}

// weigh is the order of action.find_circ_matrix_matchpoint, for one case: how far
// unit and group are from it is what there counts.
func (p point) weigh(unit, group int, up map[int]int) (weight float64, fits bool) {
	far := func(from, to int) (n int) {
		for ; from != 0; from = up[from] {
			if from == to {
				return n
			}
			n++
		}
		return -1
	}
	u, g := far(unit, p.unit), far(group, p.group)
	if u < 0 || g < 0 {
		return 0, false
	}
	const denominator = 4
	weight = math.Pow(2, 22-float64(g)/denominator) + math.Pow(2, 20-float64(u)/denominator)
	for _, f := range []struct {
		given  string
		weight float64
	}{{p.renewal, 7}, {p.item, 5}, {p.at, 5}} {
		if f.given != "" {
			weight += math.Pow(4, f.weight)
		}
	}
	return weight, true
}

// From any matrix each case has with us what it has in Evergreen: period, renewals,
// and whether it is lent at all.
func TestEachCaseIsAsInEvergreen(t *testing.T) {
	// 1 is the root, 2 and 3 are below it, 4 and 5 below 2, 6 below 4; so for both.
	up := map[int]int{2: 1, 3: 1, 4: 2, 5: 2, 6: 4}
	rapid.Check(t, func(r *rapid.T) {
		l := library{fines: stock().fines, maxFines: stock().maxFines}
		for id := 1; id <= 6; id++ {
			parent := ""
			if up[id] != 0 {
				parent = strconv.Itoa(up[id])
			}
			l.units = append(l.units, fmt.Sprintf("%d,%s,1,U%d,Unit", id, parent, id))
			l.groups = append(l.groups, fmt.Sprintf("%d,G%d,%s,t,1 year", id, id, parent))
			l.durations = append(l.durations, fmt.Sprintf("%d,d%d,%d days,%d days,%d days,%d,", id, id, id, id, id, 10+id))
		}
		l.locations = []string{"1,L1,1,t,t", "2,L2,1,t,t"}
		one := func(all ...string) string { return rapid.SampledFrom(all).Draw(r, "") }
		points := []point{{id: 1, unit: 1, group: 1, duration: "1", circulate: "t"}}
		for id := range rapid.IntRange(0, 12).Draw(r, "points") {
			points = append(points, point{
				id: id + 2, unit: rapid.IntRange(1, 6).Draw(r, "unit"), group: rapid.IntRange(1, 6).Draw(r, "group"),
				item: one("", "", "a", "b"), at: one("", "", "1", "2"), renewal: one("", "", "", "t", "f"),
				duration: one("", "1", "2", "3", "4", "5", "6"), renewals: one("", "", "", "0", "3"), circulate: one("", "t", "f"),
			})
		}
		for i := range points {
			p := &points[i]
			if p.renewal != "" { // ours are of both, and that is told
				p.circulate = ""
			}
			l.matrix = append(l.matrix, match(fmt.Sprintf("id=%d org_unit=%d grp=%d circ_modifier=%s copy_location=%s is_renewal=%s duration_rule=%s renewals=%s circulate=%s",
				p.id, p.unit, p.group, p.item, p.at, p.renewal, p.duration, p.renewals, p.circulate)))
		}
		s, left := l.convert(r)
		if len(left) != 0 {
			r.Fatalf("left out: %q", left)
		}
		for unit := 1; unit <= 6; unit++ {
			for group := 1; group <= 6; group++ {
				for _, item := range []string{"a", "b", "c"} {
					for _, at := range []string{"1", "2", "3"} {
						terms := s.Terms(policy.Query{Library: policy.LibraryID(fmt.Sprint("U", unit)), Group: policy.Group(fmt.Sprint("G", group)), Type: policy.ItemType(item), Location: policy.LocationID("L" + at)})
						where := fmt.Sprintf("unit %d, group %d, item %s, location %s in\n%s\n%s", unit, group, item, at, strings.Join(l.matrix, "\n"), s.TOML())
						find := func(renewal string, of func(point) string) string {
							value, best := "", -1.0
							for _, p := range points { // by id, so that of equals the first counts
								w, fits := p.weigh(unit, group, up)
								if fits && w > best && of(p) != "" && (p.item == "" || p.item == item) && (p.at == "" || p.at == at) && (p.renewal == "" || p.renewal == renewal) {
									value, best = of(p), w
								}
							}
							return value
						}
						duration := find("f", func(p point) string { return p.duration })
						if want := duration + " days"; terms.Period.String() != want {
							r.Fatalf("lent for %v, in Evergreen for %s: %s", terms.Period, want, where)
						}
						renewed, _ := terms.Renewing()
						if want := find("t", func(p point) string { return p.duration }) + " days"; renewed.Period.String() != want {
							r.Fatalf("renewed for %v, in Evergreen for %s: %s", renewed.Period, want, where)
						}
						if want := find("f", func(p point) string { return p.circulate }) == "t"; terms.Loanable != want {
							r.Fatalf("lent %v, in Evergreen %v: %s", terms.Loanable, want, where)
						}
						want := find("f", func(p point) string { return p.renewals })
						if want == "" {
							n, _ := strconv.Atoi(duration)
							want = strconv.Itoa(10 + n)
						}
						if strconv.Itoa(terms.Renewals) != want {
							r.Fatalf("renewed %d times, in Evergreen %s: %s", terms.Renewals, want, where)
						}
					}
				}
			}
		}
	})
}

// Whatever the tables say, the rules can be read.
func FuzzConvert(f *testing.F) {
	var all []string
	for _, file := range stock().files() {
		text, err := io.ReadAll(file.Text)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, string(text))
	}
	f.Add(strings.Join(all, "\x00"))
	f.Add(all[0] + "\x00" + all[1])
	f.Fuzz(func(t *testing.T, tables string) {
		var files []evergreenrules.File
		for i, table := range strings.Split(tables, "\x00") {
			files = append(files, evergreenrules.File{Name: strconv.Itoa(i), Text: strings.NewReader(table)})
		}
		text, _, err := evergreenrules.Convert(files, euro)
		if err != nil {
			return
		}
		if _, err := policy.Parse(text); err != nil && len(text) < 200_000 {
			t.Fatalf("%v in\n%s", err, text)
		}
	})
}
