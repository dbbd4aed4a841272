package policy

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestBlockRows: the row that names more counts, and each word by itself.
func TestBlockRows(t *testing.T) {
	const table = head + `
[[library]]
id = "main"
[[library]]
id = "east"
[[block]]
name = "all"
reason = "card_expired"
override = ["manager"]
[[block]]
name = "no loans on an old card"
reason = "card_expired"
acts = ["loan"]
do = "refuse"
[[block]]
name = "staff"
group = "staff"
reason = "card_expired"
do = "tell"
[[block]]
name = "east asks its staff"
library = "east"
group = "staff"
reason = "card_expired"
do = "ask"
[[block]]
name = "said twice"
reason = "owes_too_much"
do = "refuse"
[[block]]
name = "the later word"
reason = "owes_too_much"
do = "tell"
[[block]]
name = "a lost card is no end"
reason = "card_lost"
do = "ask"
[[block]]
name = "maps are lent to whoever comes"
item_type = "map"
reason = "requested_other"
do = "tell"
[[block]]
name = "what many want is lent for shorter"
item_type = "bestseller"
reason = "requested_other"
do = "handle"
handle = "shorten"
override = ["manager"]
[[block]]
name = "what is here has come back"
reason = "on_loan_other"
do = "handle"
handle = "return"
`
	s := parse(t, table)
	for _, row := range []struct {
		name   string
		q      BlockQuery
		do     Effect // how it is handled stands behind it
		may    []Override
		theRow string
	}{
		{"a renewal on an old card asks, and managers may", BlockQuery{Reason: "card_expired", Act: ForRenewal}, Ask, []Override{ByManager}, ""},
		{"a loan on an old card is refused", BlockQuery{Reason: "card_expired", Act: ForLoan}, Refuse, nil, "no loans on an old card"},
		{"staff borrow on an old card: the group counts before the act", BlockQuery{Query: Query{Group: "staff"}, Reason: "card_expired", Act: ForLoan}, TellOnly, nil, "staff"},
		{"in the east staff are asked, and the managers of all may", BlockQuery{Query: Query{Group: "staff", Library: "east"}, Reason: "card_expired", Act: ForLoan}, Ask, []Override{ByManager}, "east asks its staff"},
		{"of two rows the later", BlockQuery{Reason: "owes_too_much", Act: ForLoan}, TellOnly, nil, "the later word"},
		{"a lost card may be asked about", BlockQuery{Reason: "card_lost", Act: ForLoan}, Ask, []Override{ByManager}, "a lost card is no end"},
		{"by the type of the item", BlockQuery{Query: Query{Type: "map"}, Reason: "requested_other", Act: ForRenewal}, TellOnly, nil, "maps are lent to whoever comes"},
		{"another type: as the program has it", BlockQuery{Query: Query{Type: "dvd"}, Reason: "requested_other", Act: ForRenewal}, Ask, []Override{ByOperator}, ""},
		{"shortened, and where it cannot be, managers may", BlockQuery{Query: Query{Type: "bestseller"}, Reason: "requested_other", Act: ForLoan}, "handle shorten", []Override{ByManager}, "what many want is lent for shorter"},
		{"returned by itself, and nobody is asked", BlockQuery{Reason: "on_loan_other", Act: ForLoan}, "handle return", nil, "what is here has come back"},
		{"a reason that the table does not have", BlockQuery{Reason: "on_fire", Act: ForLoan}, Ask, []Override{ByLimited}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := s.Block(row.q)
			does := (&givenBlock{do: got.Do, by: got.By}).does()
			if does != string(row.do) || !slices.Equal(got.May, row.may) || got.Row != row.theRow {
				t.Errorf("%s by %v (%q), want %s by %v (%q)", does, got.May, got.Row, row.do, row.may, row.theRow)
			}
		})
	}
}

// TestBlockWithoutRows: a library that says nothing has what it always had.
func TestBlockWithoutRows(t *testing.T) {
	s := parse(t, head)
	for reason, want := range map[string]string{
		"card_expired": "ask operator", "card_lost": "refuse ", "held_for_other": "ask operator", "not_for_loan": "ask operator", "not_from_this_desk": "ask operator", "long_overdue": "ask operator",
		"on_loan_other": "ask limited", "on_loan_same": "handle renew ", "owes_too_much": "ask money", "patron_blocked": "ask operator", "renewals_used": "ask operator", "recalled": "ask operator", "not_recallable": "ask operator",
		"requested_other": "ask operator", "too_many_loans": "ask operator", "too_many_requests": "ask operator", "not_in_use": "ask operator", "too_many_claims": "ask manager", "suspended": "ask operator", "guarantor_missing": "ask operator", "too_old": "ask operator", "too_young": "ask operator", "too_many_overdue": "ask operator", "old_facts": "ask operator",
	} {
		for _, act := range BlockActs(reason) {
			b := s.Block(BlockQuery{Reason: reason, Act: act})
			if got := (&givenBlock{do: b.Do, by: b.By}).does() + " " + listed(b.May); got != want {
				t.Errorf("%s of a %s: %q, want %q", reason, act, got, want)
			}
		}
	}
	if n := len(BlockReasons()); n != 24 {
		t.Errorf("%d reasons, the test knows 24", n)
	}
}

func TestParseNamesWhatIsWrongWithABlock(t *testing.T) {
	const row = head + "[[block]]\n"
	for _, c := range []struct{ name, text, want string }{
		{"no reason", row + "do = \"ask\"\n", "line 3: block 1: reason is missing"},
		{"a reason that is none", row + "reason = \"rude\"\ndo = \"ask\"\n", "line 4: block 1: reason: \"rude\" is none of card_expired, card_lost"},
		{"says nothing", row + "reason = \"card_lost\"\n", "line 3: block 1: says neither do nor override"},
		{"does what is not known", row + "reason = \"card_lost\"\ndo = \"shout\"\n", "line 5: block 1: do: \"shout\" is none of refuse, ask, tell, handle"},
		{"somebody over a refusal", row + "reason = \"card_lost\"\ndo = \"refuse\"\noverride = [\"manager\"]\n", "line 6: block 1: override: nobody is asked where do is refuse"},
		{"handled, and not how", row + "reason = \"on_loan_other\"\ndo = \"handle\"\n", "line 5: block 1: do: handle is missing: how on_loan_other is handled, one of return"},
		{"handled in another reason's way", row + "reason = \"on_loan_other\"\ndo = \"handle\"\nhandle = \"shorten\"\n", "line 6: block 1: handle: on_loan_other is handled by none but return, not by \"shorten\""},
		{"what nothing handles", row + "reason = \"card_lost\"\ndo = \"handle\"\nhandle = \"renew\"\n", "line 5: block 1: do: card_lost is never handled by itself"},
		{"how, and not that", row + "reason = \"on_loan_other\"\nhandle = \"return\"\ndo = \"ask\"\n", "line 5: block 1: handle: is only for rows where do is handle"},
		{"how, and nothing else", row + "reason = \"on_loan_other\"\nhandle = \"return\"\n", "line 5: block 1: handle: is only for rows where do is handle"},
		{"somebody over what is handled", row + "reason = \"on_loan_other\"\ndo = \"handle\"\nhandle = \"return\"\noverride = [\"manager\"]\n", "line 7: block 1: override: nobody is asked where do is handle return"},
		{"nobody may", row + "reason = \"card_lost\"\noverride = []\n", "line 5: block 1: override: is empty"},
		{"somebody who is not known", row + "reason = \"card_lost\"\noverride = [\"boss\"]\n", "line 5: block 1: override: \"boss\" is none of limited, operator, manager, money"},
		{"the same twice", row + "reason = \"card_lost\"\noverride = [\"money\", \"money\"]\n", "line 5: block 1: override: \"money\" stands there twice"},
		{"one without a list", row + "reason = \"card_lost\"\noverride = \"money\"\n", "line 5: block 1: override: want a list"},
		{"a number in the list", row + "reason = \"card_lost\"\noverride = [3]\n", "line 5: block 1: override: want text in quotes, not a number"},
		{"an act that is none", row + "reason = \"card_lost\"\nacts = [\"theft\"]\ndo = \"ask\"\n", "line 5: block 1: acts: \"theft\" is none of loan, renewal, request"},
		{"an act that it never stands against", row + "reason = \"too_many_loans\"\nacts = [\"request\"]\ndo = \"ask\"\n", "line 5: block 1: acts: too_many_loans never stands against a request"},
		{"a library that is none", head + "[[library]]\nid = \"main\"\n[[block]]\nlibrary = \"x\"\nreason = \"card_lost\"\ndo = \"ask\"\n", "line 6: block 1: library: \"x\" is none of the libraries"},
		{"a key that is not known", row + "name = \"old\"\nreason = \"card_lost\"\ndo = \"ask\"\ncolour = 1\n", "line 7: old: colour: is not known here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// TestWhoIsAskedIsNeverNobody: whatever the rows, a question can be answered, and
// nobody is named where none is asked.
func TestWhoIsAskedIsNeverNobody(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var text strings.Builder
		text.WriteString(head)
		for range rapid.IntRange(0, 6).Draw(r, "rows") {
			reason := rapid.SampledFrom(BlockReasons()).Draw(r, "reason")
			text.WriteString("[[block]]\nreason = \"" + reason + "\"\n")
			text.WriteString(rapid.SampledFrom([]string{"", "group = \"a\"\n", "item_type = \"b\"\n"}).Draw(r, "whose"))
			says := []string{"do = \"ask\"\n", "do = \"refuse\"\n", "do = \"tell\"\n", "override = [\"manager\", \"limited\"]\n", "do = \"ask\"\noverride = [\"money\"]\n"}
			for _, by := range BlockHandlers(reason) {
				says = append(says, "do = \"handle\"\nhandle = \""+string(by)+"\"\n")
			}
			text.WriteString(rapid.SampledFrom(says).Draw(r, "says"))
		}
		s, err := Parse([]byte(text.String()))
		if err != nil {
			r.Fatal(err)
		}
		for _, reason := range BlockReasons() {
			for _, act := range BlockActs(reason) {
				b := s.Block(BlockQuery{Query: Query{Group: "a", Type: "b"}, Reason: reason, Act: act})
				if asked := b.Do == Ask || b.By == ByShorten; asked != (len(b.May) > 0) || (b.Do == Handle) != (b.By != "") {
					r.Fatalf("%s of a %s: %s by %v", reason, act, b.Do, b.May)
				}
			}
		}
	})
}
