package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDoubtsOfBlocks(t *testing.T) {
	block := func(says ...string) string { return "[[block]]\n" + strings.Join(says, "\n") + "\n" }
	const (
		expired, lost     = "reason = \"card_expired\"", "reason = \"card_lost\""
		refuse, ask, tell = "do = \"refuse\"", "do = \"ask\"", "do = \"tell\""
		manager, money    = "override = [\"manager\"]", "override = [\"money\"]"
		loan, others      = "acts = [\"loan\"]", "acts = [\"renewal\", \"request\"]"
		child, dvd        = "group = \"child\"", "item_type = \"dvd\""
	)
	for _, row := range []struct {
		name, more string
		want       []string // kind, line, and the beginning of what is said
	}{
		{"one row", block(expired, refuse), nil},
		{"a row for an act beside one for all", block(expired, refuse) + block(expired, loan, ask), nil},
		{"two rows for other people", block(expired, child, refuse) + block(expired, ask), nil},
		{"two rows for other reasons", block(expired, refuse) + block(lost, tell), nil},
		{"what and who in two rows", block(expired, ask) + block(expired, manager), nil},
		{"the same twice", block(expired, refuse) + block(expired, refuse), []string{"unreachable 15 nothing of it ever counts"}},
		{"two that say another", block(expired, refuse) + block(expired, tell), []string{"contradiction 15 do: block 2 (line 18) is for the same cases", "unreachable 15 nothing of it"}},
		{"two that name others", block(expired, manager) + block(expired, money), []string{"unreachable 15 nothing of it", "contradiction 15 override: block 2 (line 18)"}},
		{"two that say another of one act", block(expired, refuse, "acts = [\"loan\", \"renewal\"]") + block(expired, loan, ask), []string{"contradiction 15 do: block 2 (line 19)"}},
		{"a row for all, and rows for every act", block(expired, refuse) + block(expired, loan, ask) + block(expired, others, tell), []string{"unreachable 15 nothing of it"}},
		{"a row for all, and one for the only act", block("reason = \"too_many_loans\"", refuse) + block("reason = \"too_many_loans\"", loan, ask), []string{"unreachable 15 nothing of it"}},
		{"half of a row is said again", block(expired, ask, manager) + block(expired, ask), []string{"unreachable 15 do: other rows"}},
		{"who may, where it is refused", block(expired, refuse) + block(expired, child, manager), []string{"unreachable 18 override: nobody is asked"}},
		{"who may, where it is refused but for others", block(expired, refuse) + block(expired, manager) + block(expired, child, ask), nil},
		{"who may in one act, where it is refused in others", block(expired, others, refuse) + block(expired, manager), nil},
		{"who may in one act, where that one is refused", block(expired, loan, refuse) + block(expired, loan, manager), []string{"unreachable 19 override: nobody is asked"}},
		{"who may of a type, where a group is asked", block(expired, tell) + block(expired, dvd, manager) + block(expired, child, ask), nil},
		{"who may of a type, where a group is asked that names its own", block(expired, tell) + block(expired, dvd, manager) + block(expired, child, ask, money), []string{"unreachable 18 override: nobody is asked"}},
		{"who may over a lost card, which is no end of it", block(lost, manager), []string{"unreachable 15 override: nobody is asked"}},
		{"who may over a lost card that is asked about", block(lost, ask, manager), nil},
		{"two that handle and refuse", block("reason = \"on_loan_other\"", "do = \"handle\"", "handle = \"return\"") + block("reason = \"on_loan_other\"", refuse), []string{"contradiction 15 do: block 2 (line 19)", "unreachable 15 nothing of it"}},
		{"who may, where it is handled for all", block("reason = \"on_loan_other\"", "do = \"handle\"", "handle = \"return\"") + block("reason = \"on_loan_other\"", child, manager), []string{"unreachable 19 override: nobody is asked"}},
		{"who may, where it may be that it cannot be shortened", block("reason = \"requested_other\"", "do = \"handle\"", "handle = \"shorten\"") + block("reason = \"requested_other\"", manager) + "[[terms]]\nitem_type = \"dvd\"\nperiod_waited = \"7 days\"\n", nil},
		{"shortened where there is no period for it", block("reason = \"requested_other\"", dvd, "do = \"handle\"", "handle = \"shorten\"") + "[[terms]]\nitem_type = \"cd\"\nperiod_waited = \"7 days\"\n", []string{"unreachable 15 nothing is shortened: in every case that it is for, period_waited is not given"}},
		{"debts where nobody has a limit", block("reason = \"owes_too_much\"", tell), []string{"unreachable 15 owes_too_much never stands: in every case that it is for, max_owed is no limit"}},
		{"debts where a group has a limit", block("reason = \"owes_too_much\"", tell) + "[[terms]]\ngroup = \"child\"\nmax_owed = \"5.00\"\n", nil},
		{"debts of another group than has a limit", block("reason = \"owes_too_much\"", "group = \"adult\"", tell) + "[[terms]]\ngroup = \"child\"\nmax_owed = \"5.00\"\n", []string{"unreachable 15 owes_too_much never stands"}},
		{"guarantors where nobody needs one", block("reason = \"guarantor_missing\"", tell), []string{"unreachable 15 guarantor_missing never stands: in every case that it is for, guarantor_under is 0"}},
		{"guarantors where children need one", block("reason = \"guarantor_missing\"", tell) + "[[terms]]\ngroup = \"child\"\nguarantor_under = 16\n", nil},
		{"ages where none is given", block("reason = \"too_young\"", tell) + block("reason = \"too_old\"", tell), []string{"unreachable 15 too_young never stands", "unreachable 18 too_old never stands"}},
		{"ages where both are given", block("reason = \"too_young\"", tell) + block("reason = \"too_old\"", tell) + "[[terms]]\nitem_type = \"dvd\"\nmin_age = 6\nmax_age = 99\n", nil},
		{"claims where nobody has a limit", block("reason = \"too_many_claims\"", tell), []string{"unreachable 15 too_many_claims never stands: "}},
		{"what is not for loan where all is", block("reason = \"not_for_loan\"", dvd, tell), []string{"unreachable 15 not_for_loan never stands: in every case that it is for, everything may be lent"}},
		{"what is not for loan in some place", block("reason = \"not_for_loan\"", dvd, tell) + "[[terms]]\nlocation = \"desk\"\nloanable = false\n", nil},
		{"what is not recalled, where all may be", block("reason = \"not_recallable\"", dvd, tell) + "[[terms]]\nitem_type = \"dvd\"\nrecallable = true\n", []string{"unreachable 15 not_recallable never stands: in every case that it is for, everything may be recalled"}},
		{"renewals that are no limit", block("reason = \"renewals_used\"", dvd, tell) + "[[terms]]\nitem_type = \"dvd\"\nrenewals = \"no limit\"\n", []string{"unreachable 15 renewals_used never stands"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, d := range parse(t, plainRules+row.more).Doubts(instant(t, "2026-11-26T12:00:00Z")) {
				got = append(got, fmt.Sprintf("%s %d %s", d.Kind, d.Line, d.Text))
			}
			if !slices.EqualFunc(got, row.want, strings.HasPrefix) {
				t.Errorf("doubts %q, want %q", got, row.want)
			}
		})
	}
}

// TestALimitIsWhatAReasonStandsOn: every reason of too many needs the number that
// says how many are.
func TestALimitIsWhatAReasonStandsOn(t *testing.T) {
	for _, reason := range BlockReasons() {
		over, ok := strings.CutPrefix(reason, "too_many_")
		if !ok {
			continue
		}
		for limit, never := range map[string]bool{"\"no limit\"": true, "3": false} {
			s := parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n[default]\n"+over+" = "+limit+"\n[[block]]\nreason = \""+reason+"\"\ndo = \"tell\"\n")
			if got := s.Doubts(time.Time{}); (len(got) > 0) != never {
				t.Errorf("%s, where %s is %s: doubts %v", reason, over, limit, got)
			}
		}
	}
}

// TestADoubtedBlockIsInNoCase: whatever the rows, a row is doubted as a whole if it
// gives no case a word, and a word on who may if no case asks by it.
func TestADoubtedBlockIsInNoCase(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := head
		for range rapid.IntRange(1, 6).Draw(r, "rows") {
			text += "[[block]]\nreason = \"" + rapid.SampledFrom([]string{"card_expired", "card_lost", "held_for_other"}).Draw(r, "reason") + "\"\n"
			for _, say := range []string{"location = \"x\"", "library = \"la\"", "group = \"ga\"", "item_type = \"ta\"", "acts = [\"loan\"]"} {
				if rapid.IntRange(0, 2).Draw(r, say) == 0 {
					text += say + "\n"
				}
			}
			text += rapid.SampledFrom([]string{
				"do = \"ask\"\n", "do = \"refuse\"\n", "do = \"tell\"\n", "override = [\"manager\"]\n", "do = \"ask\"\noverride = [\"money\"]\n",
			}).Draw(r, "says")
		}
		s := parse(t, text)
		does, names, asks := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, q := range everyCase() {
			for _, reason := range BlockReasons() {
				for _, act := range BlockActs(reason) {
					b := s.block(BlockQuery{q, reason, act})
					does[b.doBy.row()], names[b.mayBy.row()] = true, true
					asks[b.mayBy.row()] = asks[b.mayBy.row()] || b.do == Ask
				}
			}
		}
		doubted := map[string]string{}
		for _, d := range s.Doubts(time.Time{}) {
			if d.Kind == Unreachable {
				doubted[d.Row], _, _ = strings.Cut(d.Text, " ")
			}
		}
		for _, g := range s.givenBlocks {
			want := ""
			switch dead, mute := g.do != "" && !does[g.name], g.may != nil && !names[g.name]; {
			case (dead || g.do == "") && (mute || g.may == nil):
				want = "nothing"
			case dead:
				want = "do:"
			case mute, g.may != nil && !asks[g.name]:
				want = "override:"
			}
			if got := doubted[g.name]; got != want && !(want == "do:" && got == "override:") { // both may be
				r.Fatalf("%s: doubted %q, want %q\n%s", g.name, got, want, text)
			}
		}
	})
}
