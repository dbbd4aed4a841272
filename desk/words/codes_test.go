package words

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// codesOf gives the values of the constants of a type in a folder beside this one.
func codesOf(t *testing.T, folder, typ string) []string {
	t.Helper()
	var codes []string
	for _, c := range constants(t, filepath.Join("..", folder), typ) {
		codes = append(codes, c.value)
	}
	if len(codes) == 0 {
		t.Fatalf("no constants of type %s in %s", typ, folder)
	}
	return codes
}

// stepCodes gives the codes of the steps: constants without a type whose names begin so.
func stepCodes(t *testing.T) []string {
	t.Helper()
	var codes []string
	for _, c := range constants(t, filepath.Join("..", "policy"), "") {
		if strings.HasPrefix(c.name, "Step") {
			codes = append(codes, c.value)
		}
	}
	return codes
}

// commandNames gives what the commands are called: of all names of commands and events, those that make a command.
func commandNames(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, file := range goFiles(t, filepath.Join("..", "circ")) {
		ast.Inspect(file, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncDecl)
			if !ok || f.Name.Name != "Name" || len(f.Body.List) != 1 {
				return true
			}
			if back, ok := f.Body.List[0].(*ast.ReturnStmt); ok && len(back.Results) == 1 {
				if lit, ok := back.Results[0].(*ast.BasicLit); ok {
					name := unquote(t, lit)
					if _, unknown := circ.NewCommand(name).(*circ.UnknownCommand); !unknown {
						names = append(names, name)
					}
				}
			}
			return true
		})
	}
	return names
}

// section gives the codes that a section of the table has rows for.
func section(name string) []string {
	var codes []string
	for key := range English().rows {
		if code, ok := strings.CutPrefix(string(key), name+"."); ok {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}

func TestEveryCodeHasARow(t *testing.T) {
	for _, row := range []struct {
		section string
		codes   []string
	}{
		{"reason", codesOf(t, "circ", "Reason")},
		{"route", codesOf(t, "circ", "RouteKind")},
		{"right", codesOf(t, "circ", "Right")},
		{"stage", codesOf(t, "circ", "Stage")},
		{"link", codesOf(t, "circ", "LinkKind")},
		{"moment", codesOf(t, "circ", "Moment")},
		{"command", commandNames(t)},
		{"step", append(stepCodes(t), "not_loanable", "renew_as_loan", "waited_as_loan", "no_schedule", "no_due_by", "not_due_by_expiry", "no_overnight", "no_grace", "fine_any_time", "fine_any_price", "no_price", "no_suspension", "refund_always", "never_long_overdue", "not_recallable", "no_recall_guarantee", "recall_fine_same", "no_recall_grace", "no_check_out", "no_check_in", "no_reshelve", "no_hold_shelf", "no_picks_from_shelf")},
		{"fee", codesOf(t, "circ", "FeeType")},
		{"charged", codesOf(t, "policy", "Charged")},
		{"closed_rule", slices.Compact(slices.Sorted(slices.Values(append(append(codesOf(t, "policy", "Closed"), codesOf(t, "policy", "ClosedHours")...), "as_library"))))},
		{"block_does", codesOf(t, "policy", "Effect")},
		{"handler", codesOf(t, "policy", "Handler")},
		{"block_act", codesOf(t, "policy", "BlockAct")},
		{"unit", codesOf(t, "policy", "Unit")},
		{"conflict_class", codesOf(t, "circ", "ConflictClass")},
		{"conflict_action", codesOf(t, "circ", "ConflictAction")},
		{"mode", codesOf(t, "journal", "Mode")},
		{"verdict", codesOf(t, "journal", "Verdict")},
		{"work", codesOf(t, "format/pending", "Kind")},
		{"left_out", codesOf(t, "format/pending", "Why")},
		{"standing", codesOf(t, "central", "Standing")},
		{"happening", append(codesOf(t, "central", "Happening"), slices.DeleteFunc(codesOf(t, "central", "State"), func(s string) bool { return s == "normal" })...)},
		{"difference", codesOf(t, "journal", "DifferenceKind")},
		{"word", codesOf(t, "", "Word")},
		{"notice", codesOf(t, "", "NoticeKind")},
		{"channel", codesOf(t, "circ", "Channel")},
		{"work_kind", codesOf(t, "", "WorkKind")},
		{"work_step", codesOf(t, "", "WorkStep")},
		{"ready", codesOf(t, "health", "Code")},
		{"place", codesOf(t, "", "Place")},
		{"kind", codesOf(t, "label", "Kind")},
		{"check", codesOf(t, "label", "Check")},
		{"tell", codesOf(t, "label", "Tell")},
		{"sip_trouble", codesOf(t, "central/sip2/probe", "Trouble")},
		{"sip_result", codesOf(t, "central/sip2/probe", "Result")},
		{"sip_manner", codesOf(t, "central/sip2/probe", "Manner")},
		{"sip_sign", codesOf(t, "central/sip2/probe", "Sign")},
	} {
		slices.Sort(row.codes)
		if got := section(row.section); !slices.Equal(got, row.codes) {
			t.Errorf("section %s has rows for %q, the codes are %q", row.section, got, row.codes)
		}
	}
	for _, code := range section("lift") {
		if !slices.Contains(codesOf(t, "circ", "WayOut"), code) {
			t.Errorf("a row for the way out %q, which is none", code)
		}
	}
	for _, code := range section("reason_alone") {
		if !slices.Contains(section("reason"), code) {
			t.Errorf("a row for %q alone, which is no reason", code)
		}
	}
	for _, code := range section("way") {
		if !slices.Contains(section("reason"), code) {
			t.Errorf("a way out of %q, which is no reason", code)
		}
	}
}

// TestRemarksAreWhole says every reason, with everything that a remark can carry and with nothing.
func TestRemarksAreWhole(t *testing.T) {
	n := Names{
		Patron: func(circ.PatronID) string { return "SILVA" },
		Item:   func(circ.ItemID) string { return "Emma" },
		Now:    noon,
	}
	full := circ.Remark{
		Right: circ.RightOverride, Amount: money.Amount{Minor: 1, Currency: "EUR"}, Limit: money.Amount{Minor: 2, Currency: "EUR"},
		N: 3, Max: 4, When: noon, Until: noon, Who: "p", Item: "i", Desk: "d", By: "kim", Where: "w", Text: "T",
	}
	for _, code := range section("reason") {
		for _, name := range English().rows[Key("reason."+code)].valuesOf() {
			if name != "n" && English().ofRemark(name, full, n) == "" {
				t.Errorf("reason %s asks for %s, which no remark gives", code, name)
			}
		}
		for _, r := range []circ.Remark{full, {}} {
			r.Reason = circ.Reason(code)
			whole(t, "reason "+code, English().Reason(r, n))
		}
	}
	for _, code := range section("reason") {
		whole(t, "reason alone "+code, English().ReasonAlone(circ.Reason(code)))
		names := English().rows[Key("reason."+code)].valuesOf()
		if counts := slices.Contains(names, "n") || slices.Contains(names, "max"); counts && !slices.Contains(section("reason_alone"), code) {
			t.Errorf("reason %s says a number that is not known when it stands alone", code)
		}
	}
	for _, code := range section("route") {
		whole(t, "route "+code, English().Route(circ.Route{Kind: circ.RouteKind(code), Library: "l", Location: "s", Patron: "p", Until: noon, Why: "y"}, n))
	}
	for _, code := range section("step") {
		whole(t, "step "+code, English().Step(policy.Step{Code: code, N: 2, Unit: policy.Days, At: noon, Row: "terms 1"}, n))
	}
}

var noon = time.Date(2026, 11, 30, 13, 5, 0, 0, time.UTC)

// whole says that a text has no holes.
func whole(t *testing.T, what, s string) {
	t.Helper()
	if s == "" || s != strings.TrimSpace(s) || strings.Contains(s, "  ") || strings.ContainsAny(s, "{}[]") ||
		strings.ContainsAny(s[:1], ",:;") || strings.ContainsAny(s[len(s)-1:], ",:;(") || strings.Contains(s, "()") {
		t.Errorf("%s has a hole: %q", what, s)
	}
}
