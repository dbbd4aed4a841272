package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/policy"
)

// rulesFile writes rules to a file.
func rulesFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRulesExplainADueDate(t *testing.T) {
	t.Parallel()
	sample := rulesFile(t, string(policy.SampleTOML()))
	for _, row := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"a book, lent before Christmas", []string{"--group", "adult", "--item-type", "dvd", "--library", "main", "--at", "2026-12-19 10:00"}, exitDone,
			[]string{"rules sample 1\n", "  lent for 7 days (rule terms 2)\n", "  renewals: 1 (rule terms 2)\n", "due Mon 28 Dec 2026 23:59", "closed on Sat 26 Dec: Christmas"}},
		{"the same as an instant", []string{"--item-type", "dvd", "--library", "main", "--at", "2026-12-19T09:00:00Z"}, exitDone, []string{"lent Sat 19 Dec 2026 10:00, due Mon 28 Dec 2026 23:59"}},
		{"while others wait", []string{"--item-type", "bestseller", "--library", "main", "--at", "2026-12-01 10:00", "--waited"}, exitDone, []string{"lent for 7 days while others wait (rule wanted by many)", "1 closed day is not counted"}},
		{"a renewal", []string{"--item-type", "map", "--library", "main", "--at", "2026-12-01 10:00", "--renewal"}, exitDone, []string{"due Tue 1 Dec 2026 12:00"}},
		{"a day in no term", []string{"--item-type", "textbook", "--at", "2026-09-01 10:00"}, exitDone, []string{"the rules give no due date today", "no term of the schedule semester holds this day"}},
		{"what is not for loan", []string{"--item-type", "reference"}, exitDone, []string{"not for loan (rule terms 7)"}},
		{"what may stand against a loan", []string{"--group", "adult"}, exitDone, []string{
			"what may stand against it\n  card_expired, loan: asked (rule block 2), override or manager may say yes (rule block 2)\n  card_expired, renewal, request: asked (built in), override may say yes (built in)\n",
			"  card_lost, loan, renewal, request: refused (built in)\n", "  owes_too_much, loan, renewal, request: asked (built in), manager or override money may say yes (rule block 1)\n"}},
		{"what may stand against a loan to staff", []string{"--group", "staff"}, exitDone, []string{"  card_expired, loan, renewal, request: only told (rule staff may always)\n"}},
		{"what a desk may do with what stands in the stacks", []string{"--library", "main", "--location", "magazine", "--desk", "main-1"}, exitDone, []string{
			"at this desk\n  this desk does not lend it (rule stacks are lent where they are fetched)\n  this desk takes it back (rule stacks are lent where they are fetched)\n  this desk does not shelve it (rule stacks are lent where they are fetched)\n  this desk has a hold shelf (built in)\n"}},
		{"the same at the desk of the stacks", []string{"--library", "main", "--location", "magazine", "--desk", "main-2"}, exitDone, []string{"  this desk lends it (rule stacks desk)\n", "  this desk has no hold shelf (rule stacks desk)\n"}},
		{"a small hold shelf", []string{"--library", "kiosk"}, exitDone, []string{"  open days on its hold shelf, at most: 2 (rule small hold shelf)\n  this desk picks nothing from the shelf (rule small hold shelf)\n"}},
		{"what it costs in the days of an outage", []string{"--library", "main", "--at", "2027-01-04 10:00", "--back", "2027-02-10 11:00"}, exitDone, []string{"back Wed 10 Feb 2027 11:00: ", "2 days of that let off by an amnesty: no power\n"}},
		{"what it costs in an amnesty for returns", []string{"--library", "main", "--at", "2027-01-04 10:00", "--back", "2027-03-03 11:00"}, exitDone, []string{"back Wed 3 Mar 2027 11:00: 0.00 for being late\n", "let off: bring it all back\n"}},
		{"back at a time that is none", []string{"--back", "soon"}, exitUsage, []string{"soon is no time"}},
		{"a time that is none", []string{"--at", "tomorrow"}, exitUsage, []string{"tomorrow is no time"}},
		{"a word too many", []string{"book"}, exitUsage, []string{"unknown command"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, errs, code := here(t, "", append([]string{"rules", "explain", "--file", sample}, row.args...)...)
			if code != row.code {
				t.Errorf("exit code %d, want %d: %s", code, row.code, errs)
			}
			for _, want := range row.want {
				if !strings.Contains(out+errs, want) {
					t.Errorf("%q is not in\n%s%s", want, out, errs)
				}
			}
		})
	}
}

func TestRulesExplainInJSON(t *testing.T) {
	t.Parallel()
	sample := rulesFile(t, string(policy.SampleTOML()))
	out, errs, code := here(t, "", "rules", "explain", "--json", "--file", sample, "--item-type", "dvd", "--library", "main", "--at", "2026-12-19T09:00:00Z")
	var got explained
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitDone || strings.Count(out, "\n") != 1 {
		t.Fatalf("exit code %d, %v: %s%s", code, err, out, errs)
	}
	if got.Rules != "sample 1" || !got.Loanable || !got.Due.Equal(time.Date(2026, 12, 28, 22, 59, 59, 0, time.UTC)) {
		t.Errorf("got %+v", got)
	}
	if len(got.Trace) != 3 || got.Trace[1].Code != policy.StepClosed || got.Trace[1].Row != "Christmas" || got.Trace[1].Says == "" {
		t.Errorf("trace %+v", got.Trace)
	}
	at := slices.IndexFunc(got.Blocks, func(b explainedBlock) bool { return b.Reason == "owes_too_much" })
	if b := got.Blocks[max(at, 0)]; at < 0 || len(b.Acts) != 3 || b.Do != policy.Ask || b.Row != "" || b.OverrideRow != "block 1" || len(b.Override) != 2 || b.Says == "" {
		t.Errorf("blocks %+v", got.Blocks)
	}
	if len(got.Terms) == 0 || got.Terms[0].Code != policy.StepLoanable || got.Terms[0].Row != "default" {
		t.Errorf("terms %+v", got.Terms)
	}
}

// Without --file they are the rules by which the folder's desk decides, also while
// a desk runs there.
func TestRulesInForceAreExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	explain := []string{"rules", "explain", "--data", dir, "--item-type", "book"}
	if out, errs, code := here(t, "", explain...); code != exitDone || !strings.Contains(out, "lent for 14 days") {
		t.Errorf("a new folder: exit code %d: %s%s", code, out, errs)
	}
	if err := os.WriteFile(filepath.Join(dir, folder.Rules), []byte("currency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"3 weeks\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := here(t, "", explain...); code != exitDone || !strings.Contains(out, "lent for 3 weeks") {
		t.Errorf("a folder with rules: exit code %d: %s%s", code, out, errs)
	}
	demo := demoFolder(t)
	explain = []string{"rules", "explain", "--data", demo, "--item-type", "book", "--at", "2026-11-26 10:00"}
	runs(t, "", "demo", "--plain", "--data", demo)
	closed, errs, code := here(t, "", explain...)
	if code != exitDone || !strings.Contains(closed, "lent for 28 days") {
		t.Errorf("the demo's folder: exit code %d: %s%s", code, closed, errs)
	}
	ofPatron := func(when string) {
		t.Helper()
		for _, row := range []struct {
			name, patron, item string
			args               []string
			code               int
			want               string
			stands             int // so many reasons
		}{
			{"nothing stands against it", "21234567890017", "31234567890015", nil, exitDone, "\nlent ", 0},
			{"owes too much", "21234567890025", "31234567890015", nil, exitDone, "now owes_too_much: owes 13.20, limit 10.00\nwhat may", 1},
			{"two reasons", "21234567890033", "31234567890031", nil, exitDone, "\nnow held_for_other: ", 2},
			{"other rules than those in force", "21234567890025", "31234567890015", []string{"--file", filepath.Join(dir, folder.Rules)}, exitDone, "lent for 3 weeks", 0},
			{"a card that nobody has", "99", "31234567890015", nil, exitFailed, "card not known: 99", 0},
			{"no item", "99", "", nil, exitUsage, "--patron and --item go together", 0},
			{"a group besides", "99", "98", []string{"--group", "child"}, exitUsage, "--patron and --item say the group", 0},
		} {
			args := append([]string{"rules", "explain", "--data", demo, "--patron", row.patron, "--item", row.item}, row.args...)
			out, errs, code := here(t, "", args...)
			if code != row.code || !strings.Contains(out+errs, row.want) || strings.Count(out, "\nnow ") != row.stands {
				t.Errorf("%s, %s: exit code %d, want %d, %q and %d reasons: %s%s", row.name, when, code, row.code, row.want, row.stands, out, errs)
			}
		}
	}
	ofPatron("of the folder")
	d := start(t, "demo", "--json", "--data", demo)
	d.want(":sync", "DONE")
	if out, errs, code := here(t, "", explain...); code != exitDone || out != closed {
		t.Errorf("while it runs: exit code %d: %s%s", code, out, errs)
	}
	ofPatron("while it runs")
}

// The sample can be checked as it is written.
func TestRulesSampleIsRules(t *testing.T) {
	t.Parallel()
	out, errs, code := here(t, "", "rules", "sample")
	if s, err := policy.Parse([]byte(out)); code != exitDone || err != nil || s.Version() != "sample 1" {
		t.Errorf("exit code %d, %v: %s", code, err, errs)
	}
}

func TestRulesCheckNamesMistakesAndDoubts(t *testing.T) {
	t.Parallel()
	const fine = "currency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"14 days\"\n"
	for _, row := range []struct {
		name, text string
		code       int
		out, errs  string
	}{
		{"nothing to say", fine, exitDone, "nothing to doubt\n", ""},
		{"the sample: closed weekdays are noted", string(policy.SampleTOML()), exitDone, "never opens on sunday\n", ""},
		{"a row that never counts", fine + "[[terms]]\nrenewals = 1\n[[terms]]\nrenewals = 1\n", exitLeft, "line 5: terms 1: nothing of it ever counts", ""},
		{"a block that never counts", fine + "[[block]]\nreason = \"card_lost\"\noverride = [\"manager\"]\n", exitLeft, "line 5: block 1: override: nobody is asked", ""},
		{"a group that the list does not have", fine + "[[group]]\nid = \"adult\"\n[[terms]]\ngroup = \"adlut\"\nrenewals = 1\n", exitLeft, "line 7: terms 1: group: \"adlut\" is none of the list of [[group]]", ""},
		{"two mistakes", fine + "[[terms]]\nrenewals = -1\nperiod = \"a while\"\n", exitFailed, "", "line 6"},
		{"no TOML", "what?", exitFailed, "", "not TOML"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, errs, code := here(t, "", "rules", "check", rulesFile(t, row.text))
			if code != row.code || !strings.Contains(out, row.out) || !strings.Contains(errs, row.errs) {
				t.Errorf("exit code %d, want %d\n%s%s", code, row.code, out, errs)
			}
		})
	}
	out, _, code := here(t, "", "rules", "check", "--json", rulesFile(t, fine+"[[terms]]\nrenewals = -1\nperiod = \"a while\"\n"))
	if code != exitFailed || strings.Count(out, `"kind":"mistake"`) != 2 || !strings.Contains(out, `"line":6,"row":"terms 1"`) {
		t.Errorf("exit code %d: %s", code, out)
	}
	if _, errs, code := here(t, "", "rules", "check", filepath.Join(t.TempDir(), "none.toml")); code != exitFailed || !strings.Contains(errs, "none.toml is not there") {
		t.Errorf("a file that is not there: exit code %d: %s", code, errs)
	}
	if _, _, code := here(t, "", "rules", "check"); code != exitUsage {
		t.Errorf("no file: exit code %d", code)
	}
}

func TestRulesAreTriedOnStoredCases(t *testing.T) {
	t.Parallel()
	const christmas = "[[case]]\nname = \"a DVD before Christmas\"\nitem_type = \"dvd\"\nlibrary = \"main\"\nat = \"2026-12-19 10:00\"\n"
	for _, row := range []struct {
		name, cases string
		code        int
		out         string // and what is said beside it
	}{
		{"all are as they should be", christmas + "due = \"2026-12-28\"\n", exitDone, "1 case, as it should be\n"},
		{"one is not", christmas + "due = \"2026-12-26\"\n[[case]]\nat = \"2026-12-19 10:00\"\n[case.gives]\nloans = 20\n", exitLeft, "line 1: a DVD before Christmas: due 2026-12-28 23:59:59, not 2026-12-26 23:59:59\n1 of 2 cases is otherwise\n"},
		{"one with a mistake", christmas, exitFailed, "line 1, a DVD before Christmas: says neither when it is due, nor what stands against it"},
		{"no cases", "", exitDone, "0 cases, all as they should be"},
	} {
		t.Run(row.name, func(t *testing.T) {
			rules := rulesFile(t, string(policy.SampleTOML()))
			if err := os.WriteFile(filepath.Join(filepath.Dir(rules), folder.RuleCases), []byte(row.cases), 0o600); err != nil {
				t.Fatal(err)
			}
			out, errs, code := here(t, "", "rules", "test", rules)
			if code != row.code || !strings.Contains(out+errs, row.out) {
				t.Errorf("exit code %d, want %d: %s%s", code, row.code, out, errs)
			}
		})
	}
	rules, cases := rulesFile(t, string(policy.SampleTOML())), rulesFile(t, christmas+"due = \"2026-12-26\"\n")
	out, errs, code := here(t, "", "rules", "test", "--json", "--cases", cases, rules)
	if want := `{"case":"a DVD before Christmas","line":1,"ok":false,"wrong":["due 2026-12-28 23:59:59, not 2026-12-26 23:59:59"]}` + "\n"; code != exitLeft || out != want {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	if _, errs, code := here(t, "", "rules", "test", rules); code != exitFailed || !strings.Contains(errs, "rule_cases.toml is not there") {
		t.Errorf("no cases: exit code %d: %s", code, errs)
	}
}

// A server does not put rules in force that have mistakes, or that do not do what
// the stored cases say; those before them stay.
func TestOtherRulesMustDoWhatTheCasesSay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lentFor := func(days string) string {
		return "currency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"" + days + " days\"\n"
	}
	write(folder.RuleCases, "[[case]]\nname = \"two weeks\"\nat = \"2026-12-01 10:00\"\ndue = \"2026-12-15\"\n")
	for _, row := range []struct {
		name, rules string
		code        int
		errs        string
		inForce     string // days
	}{
		{"the first rules do not", lentFor("7"), exitFailed, "the rules do not do what", ""},
		{"the first rules do", lentFor("14"), exitDone, "", "14"},
		{"others do not", lentFor("21"), exitDone, "line 1, two weeks: due 2026-12-22 23:59:59, not 2026-12-15 23:59:59", "14"},
		{"others have mistakes", "currency = 3\n", exitDone, "line 1: currency", "14"},
		{"others do", lentFor("14") + "renewals = 3\n", exitDone, "", "14"},
	} {
		write(folder.Rules, row.rules)
		out, errs, code := here(t, "", "desk", "--plain", "--data", dir)
		if code != row.code || !strings.Contains(errs, row.errs) || row.errs == "" && strings.Contains(errs, folder.Rules) {
			t.Errorf("%s: exit code %d, want %d: %s%s", row.name, code, row.code, out, errs)
		}
		if row.inForce == "" {
			continue
		}
		if out, errs, _ := here(t, "", "rules", "explain", "--data", dir); !strings.Contains(out, "lent for "+row.inForce+" days") {
			t.Errorf("%s: in force is %s%s", row.name, out, errs)
		}
	}
	if out, _, _ := here(t, "", "rules", "explain", "--data", dir); !strings.Contains(out, "renewals: 3") {
		t.Errorf("the last rules are not in force: %s", out)
	}
}

func TestKohasRulesAreImported(t *testing.T) {
	t.Parallel()
	table := rulesFile(t, "branchcode,categorycode,itemtype,rule_name,rule_value\n,,,issuelength,21\n,,DVD,issuelength,7\n,,,article_requests,yes\n")
	out, errs, code := here(t, "", "rules", "import", "koha", "--zone", "Europe/Berlin", table)
	if s, err := policy.Parse([]byte(out)); code != exitLeft || err != nil || s.Terms(policy.Query{Type: "DVD"}).Period.N != 7 || s.Terms(policy.Query{}).Period.N != 21 {
		t.Errorf("exit code %d, %v: %s", code, err, out)
	}
	if errs != "line 4: article_requests yes has no counterpart\n1 rule is left out\n" {
		t.Errorf("beside it: %q", errs)
	}
	for _, row := range []struct {
		name string
		args []string
		errs string
	}{
		{"another table", []string{rulesFile(t, "a,b\n")}, "does not name the columns"},
		{"a file that is not there", []string{filepath.Join(t.TempDir(), "none.csv")}, "none.csv is not there"},
	} {
		if _, errs, code := here(t, "", append([]string{"rules", "import", "koha"}, row.args...)...); code != exitFailed || !strings.Contains(errs, row.errs) {
			t.Errorf("%s: exit code %d: %s", row.name, code, errs)
		}
	}
}

func TestEvergreensRulesAreImported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, table := range map[string]string{
		"matrix.csv":    "id,active,org_unit,grp,circ_modifier,circulate,duration_rule,recurring_fine_rule,max_fine_rule,hard_due_date\n1,t,1,1,,t,1,1,1,\n2,t,2,1,dvd,,2,,,7\n",
		"durations.csv": "id,name,extended,normal,shrt,max_renewals\n1,all,21 days,21 days,21 days,2\n2,week,7 days,7 days,7 days,0\n",
		"fines.csv":     "id,name,high,normal,low,recurrence_interval,grace_period\n1,all,0.20,0.20,0.20,1 day,00:00:00\n",
		"max.CSV":       "id,name,amount,is_percent\n1,all,5.00,f\n",
		"units.csv":     "id,parent_ou,ou_type,shortname,name\n1,,1,ALL,All\n2,1,2,BR1,Branch\n",
		"groups.csv":    "id,name,parent,perm_interval\n1,Users,,3 years\n",
		"notes.txt":     "not a table",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, errs, code := here(t, "", "rules", "import", "evergreen", "--zone", "America/New_York", "--currency", "USD", dir)
	s, err := policy.Parse([]byte(out))
	if err != nil || code != exitLeft {
		t.Fatalf("exit code %d, %v: %s%s", code, err, out, errs)
	}
	if dvd, book := s.Terms(policy.Query{Type: "dvd", Library: "BR1"}), s.Terms(policy.Query{Type: "book", Library: "BR1"}); dvd.Period.N != 7 || book.Period.N != 21 || book.Fine != 20 || book.MaxFine != 500 {
		t.Errorf("terms %+v, %+v", dvd, book)
	}
	if want := filepath.Join(dir, "matrix.csv") + ": line 3: hard_due_date 7 has no counterpart\n1 rule is left out\n"; errs != want {
		t.Errorf("beside it: %q, want %q", errs, want)
	}
	for _, row := range []struct {
		name string
		args []string
		code int
		errs string
	}{
		{"no matrix", []string{filepath.Join(dir, "max.CSV")}, exitFailed, "none of the files has the columns of config.circ_matrix_matchpoint"},
		{"an empty folder", []string{t.TempDir()}, exitFailed, "none of the files has the columns of config.circ_matrix_matchpoint"},
		{"a zone that is none", []string{"--zone", "Mars", dir}, exitUsage, "--zone Mars is not an IANA name"},
		{"a file that is not there", []string{filepath.Join(dir, "none.csv")}, exitFailed, "none.csv is not there"},
		{"no file", nil, exitUsage, "requires at least 1 arg"},
	} {
		if _, errs, code := here(t, "", append([]string{"rules", "import", "evergreen"}, row.args...)...); code != row.code || !strings.Contains(errs, row.errs) {
			t.Errorf("%s: exit code %d: %s", row.name, code, errs)
		}
	}
}
