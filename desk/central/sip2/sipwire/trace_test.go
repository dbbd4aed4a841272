package sipwire

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTrace(t *testing.T) {
	for _, row := range []struct {
		name string
		line string
		want string
	}{
		{"a login keeps its password", "9300CNdesk|COsecret|CPmain|AY1AZF4D2\r", "9300CNdesk|CO***|CPmain|AY1AZ(ok)"},
		{"a patron", "2300120261126    120000AOmain|AA21112000698132|AC|AD1234|\r", "2300120261126    120000AOmain|AA***|AC|AD***|"},
		{"a patron's answer", "64YYYY          00120261126    120000000000000001000000000000AOmain|AA1|AEAnna|BLY|BHEUR|BV5.00|BD1 Main Street|BEa@b|BF555|AU2|AFHello Anna|",
			"64YYYY          00120261126    120000000000000001000000000000AOmain|AA***|AE***|BLY|BHEUR|BV5.00|BD***|BE***|BF***|AU***|AF***|"},
		{"a loan", "121NNY20261126    120000AOmain|AA1|AB30234000517861|AJThe Name of the Rose|AH20261224    235900|",
			"121NNY20261126    120000AOmain|AA***|AB30234000517861|AJ***|AH20261224    235900|"},
		{"who has reserved it", "101YNY20261126    120000AOmain|AB1|AQmain|CV01|CY21112000698132|DAPoe, Ed|CTeast|",
			"101YNY20261126    120000AOmain|AB1|AQmain|CV01|CY***|DA***|CTeast|"},
		{"fields of a system's own", "36Y20261126    120000AOmain|AA1|PB19800101|U1Poe|", "36Y20261126    120000AOmain|AA***|PB***|U1***|"},
		{"a header that is not right", "63001AOmain|AA1|\r", "63***AOmain|AA***|"},
		{"a header that holds a name", "23Poe, EdAOmain|AA1|\r", "23***AOmain|AA***|"},
		{"a message that is not known", "88Poe, Ed|AA1|\r", "88***AA***|"},
		{"bytes that are no field", "9300CNdesk|CO|||Poe\r", "9300CNdesk|CO***"},
		{"a delimiter within what is shown", "1803000120261126    120000AB1|AJ|BGmain|Poe|CK001|", "1803000120261126    120000AB1|AJ|BGmain***|CK001|"},
		{"bytes that are no field, first", "9300Poe|CO|\r", "9300***|CO|"},
		{"a checksum is not told", "941AY0AZFDFD\r", "941AY0AZ(ok)"},
		{"a wrong checksum", "941AY0AZFDFE\r", "941AY0AZ(wrong)"},
		{"a number of many digits", "941AY1234567AZFDFE\r", "941AY***AZ(wrong)"},
		{"what would move a cursor", "9300CNa\x1b[31m\x00é|CO|\r", "9300CNa\\x1B[31m\\x00\\xC3\\xA9|CO|"},
		{"no message", "Problems handling Poe, Ed\r", "(26 bytes that are no SIP2 message)"},
		{"nothing", "", "(0 bytes that are no SIP2 message)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := Trace([]byte(row.line), 0)
			if got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
			checkTrace(t, got)
		})
	}
}

// What is about people, in whatever field and order, never stands in a trace.
func TestTraceTellsNobody(t *testing.T) {
	private := []Tag{
		PatronID, TerminalPassword, PatronPassword, PersonalName, ScreenMessage, PrintLine, Title, BlockedMessage, HoldItem, OverdueItem,
		ChargedItem, FineItem, HomeAddress, Email, HomePhone, RenewedItem, UnrenewedItem, RecallItem, UnavailableHold, LoginPassword,
		HoldPatronID, HoldPatronName, "BC", "PA", "PB", "PC", "PI", "PZ", "XI", "U1", "U5", "FA", "ZZ", "",
	}
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[a-z]{4}[a-z|, .^]{0,8}[a-z]{4}`).Draw(t, "secret")
		var line strings.Builder
		spec := rapid.SampledFrom(Specs()).Draw(t, "message")
		line.WriteString(string(spec.Code))
		if rapid.Bool().Draw(t, "blank header") {
			line.WriteString(strings.Repeat(" ", spec.HeaderWidth()))
		} else {
			line.WriteString(rapid.StringMatching(`[0-9YN ]{0,30}`).Draw(t, "header"))
		}
		for range rapid.IntRange(1, 6).Draw(t, "fields") {
			if rapid.Bool().Draw(t, "private") {
				line.WriteString(string(rapid.SampledFrom(private).Draw(t, "tag")) + secret + "|")
			} else {
				line.WriteString(string(rapid.SampledFrom([]Tag{ItemID, Institution, FeeAmount, LibraryName}).Draw(t, "tag")) + "open|")
			}
		}
		b := []byte(line.String())
		got := Trace(b, 0)
		checkTrace(t, got)
		for part := range strings.FieldsFuncSeq(secret, func(r rune) bool { return r == '|' }) {
			if len(part) > 3 && strings.Contains(got, part) {
				t.Fatalf("%q is traced as %q", b, got)
			}
		}
	})
}

func FuzzTrace(f *testing.F) {
	f.Add([]byte("2300120261126    120000AOmain|"), "21112000698132", []byte("AB1|AY1AZFFFF\r"))
	f.Add([]byte("88"), "Poe", []byte("|"))
	f.Add([]byte("9300"), "a|b", []byte(""))
	f.Fuzz(func(t *testing.T, before []byte, secret string, behind []byte) {
		if len(secret) < 4 || strings.ContainsAny(secret, "|") || strings.IndexFunc(secret, func(r rune) bool { return r < 'a' || r > 'z' }) >= 0 {
			return
		}
		for _, b := range [][]byte{before, behind} {
			if strings.Contains(string(b), secret) || len(b) > 0 && b[len(b)-1] >= 'a' {
				return
			}
		}
		b := append([]byte(nil), before...)
		if len(b) < 2 || b[len(b)-1] != '|' {
			b = append(b, '|')
		}
		b = append(b, "AA"+secret+"|"...)
		got := Trace(append(b, behind...), 0)
		checkTrace(t, got)
		m, err := Parse(b, 0)
		if err == nil && strings.Contains(got, secret) {
			t.Errorf("%q, read as %s, is traced as %q", b, written(m), got)
		}
	})
}
