package policy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// otherwise has the rows of the list of other systems' tests that are decided
// otherwise here: the rule of ours, and behind "; as" whose is preferred, with its row
// where the list has one. Each has a case that shows how.
var otherwise = map[string]string{
	"15, 21, 27": "there a day is taken off; no loan goes back in time, so the case goes forward; as in FOLIO (226)",
	"36, 37, 39": "there a card caps a loan though it has expired before; here it does not; as in Evergreen (282)",
	"88, 90, 96": "there closed days are whole ones at either end; here closed time is left out to the minute; as in FOLIO (243, 244, 247)",
	"91, 105":    "there a day begins and ends when the loan does; here days are the calendar's; as in Koha itself, some hours later (97)",
	"121":        "there it is an error; here the date stays, and the trace says so; as in FOLIO where there is no calendar",
	"141":        "there the item's home decides, or where it is held; here where it was lent; as in Evergreen",
	"223":        "there a renewal goes on from the due date; here from the day on which it is done; as in FOLIO where the rules say so (222)",
}

// none has the rows that are about no rule of ours, with why.
var none = map[string]string{
	"10":       "that a question leaves what it was asked with as it was: times are values here",
	"144":      "a patron's own last day on the hold shelf: a request has none",
	"232":      "a calendar service that does not answer: the calendar is in the rules",
	"268, 270": "whole months between two days: no fee or suspension is for a month",
	"271":      "days between a day and one before it: nothing is less than no time late",
	"274, 276": "a period of days or months as so many minutes: they are days of the calendar here",
}

// TestEveryRowOfOtherSystems: each row of the list, which has two of three numbers up
// to 282, is a case, or about no rule of ours; and whatever is decided otherwise has
// a case, too, and names whose rule is preferred.
func TestEveryRowOfOtherSystems(t *testing.T) {
	cases, others, left := rowsOfTests(t), numbersOf(otherwise), numbersOf(none)
	for ids, why := range otherwise {
		if !strings.Contains(why, "; as ") {
			t.Errorf("%s are decided otherwise, and nobody knows as where", ids)
		}
		if m := endsWithRow.FindStringSubmatch(why); m != nil {
			for _, id := range oneNumber.FindAllString(m[1], -1) {
				if !cases[id] || others[id] {
					t.Errorf("%s are decided as in %s, which is no case, or decided otherwise itself", ids, id)
				}
			}
		}
	}
	of := 0
	for n := 1; n <= 282; n++ {
		if n%3 == 2 {
			continue
		}
		of++
		switch id := strconv.Itoa(n); {
		case cases[id] && left[id]:
			t.Errorf("%d is a case, and about no rule of ours", n)
		case !cases[id] && others[id]:
			t.Errorf("%d is decided otherwise, and no case shows how", n)
		case !cases[id] && !left[id]:
			t.Errorf("%d is nowhere", n)
		}
		delete(cases, strconv.Itoa(n))
	}
	if len(cases) > 0 {
		t.Errorf("no rows of the list: %v", cases)
	}
	if len(others)*10 > of {
		t.Errorf("%d of %d rows are decided otherwise", len(others), of)
	}
}

func numbersOf(rows map[string]string) map[string]bool {
	all := map[string]bool{}
	for ids := range rows {
		for id := range strings.SplitSeq(ids, ", ") {
			all[id] = true
		}
	}
	return all
}

var (
	beginsWithRows = regexp.MustCompile(`^(\d+(?:(?:, | and )\d+)*)(?:, \D.*)?$`)
	endsWithRow    = regexp.MustCompile(`\((\d+(?:, \d+)*)\)$`)
	aboutRows      = regexp.MustCompile(`^(\d+(?:, \d+)*)(?: of the list|:)`)
	oneNumber      = regexp.MustCompile(`\d+`)
)

// rowsOfTests gives the rows that tests of the rules and of the engine have: as the
// first value of a case or as a key in a test about other systems, in brackets at the
// end of a case's name, or at the beginning of what is said of a test.
func rowsOfTests(t *testing.T) map[string]bool {
	t.Helper()
	rows := map[string]bool{}
	note := func(re *regexp.Regexp, text string) {
		if m := re.FindStringSubmatch(text); m != nil {
			for _, id := range oneNumber.FindAllString(m[1], -1) {
				rows[id] = true
			}
		}
	}
	for _, dir := range []string{".", "../circ"} {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no tests in %s: %v", dir, err)
		}
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				note(aboutRows, fn.Doc.Text())
				about := strings.Contains(fn.Name.Name, "OtherSystems")
				ast.Inspect(fn, func(n ast.Node) bool {
					lit, ok := n.(*ast.CompositeLit)
					if !ok {
						return true
					}
					for i, e := range lit.Elts {
						switch kv, keyed := e.(*ast.KeyValueExpr); {
						case keyed && about:
							note(beginsWithRows, literal(kv.Key))
						case keyed:
							if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "name" {
								note(endsWithRow, literal(kv.Value))
							}
						case about && i == 0:
							note(beginsWithRows, literal(e))
						}
					}
					return true
				})
			}
		}
	}
	return rows
}

// literal gives a text that stands in the source; empty: it is none.
func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(lit.Value)
	return s
}
