package sipserver

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/words"
)

// line is a message and what has to come back.
type line struct{ name, say, want string }

func (w *world) talk(t *testing.T, m *machine, lines []line) {
	t.Helper()
	for _, l := range lines {
		w.pass(time.Millisecond)
		if got := m.ask(l.say); got != l.want {
			t.Errorf("%s: > %s\n< %s\nwant %s", l.name, l.say, got, l.want)
		}
	}
}

const noDate = "                  "

// Every message, in the order of a day: what a good server answers, byte for byte.
func TestDay(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	w.talk(t, m, []line{
		{"what works here", "9900802.00", "98YYYYYY120003" + stamp + "2.00AOMAIN|AMMain Library|BXYYYYYYYYYYYYYYYY|ANEntrance|"},
		{"a card that may", "23001" + stamp + "AOMAIN|AA2001|AC|AD|", "24              001" + stamp + "AOMAIN|AA2001|AEAnna Händel|BLY|BHEUR|BV0.00|"},
		{"a card that is blocked", "23001" + stamp + "AOMAIN|AA2003|AC|AD|", "24YYYY          001" + stamp + "AOMAIN|AA2003|AECleo Rot|BLY|BHEUR|BV0.00|AFblocked|"},
		{"a card that was lost", "23001" + stamp + "AOMAIN|AA1999|AC|AD|", "24YYYYY         001" + stamp + "AOMAIN|AA1999|AEAnna Händel|BLY|BHEUR|BV0.00|AFcard was reported lost|"},
		{"a card that nobody has", "23001" + stamp + "AOMAIN|AA2999|AC|AD|", "24YYYY          001" + stamp + "AOMAIN|AA2999|AE|BLN|AFcard not known|"},
		{"out", "11YN" + stamp + noDate + "AOMAIN|AA2001|AB3001|AC|", "121NNY" + stamp + "AOMAIN|AA2001|AB3001|AJBücher   1|AH20261210    235959|CK001|AFdue Thu 10 Dec|AGBücher   1, due Thu 10 Dec|"},
		{"a tape", "11NN" + stamp + noDate + "AOMAIN|AA2001|AB3100|AC|", "121NYY" + stamp + "AOMAIN|AA2001|AB3100|AJBücher   12|AH20261210    235959|CK004|AFdue Thu 10 Dec|AGBücher   12, due Thu 10 Dec|"},
		{"parts that nobody counts", "11NN" + stamp + noDate + "AOMAIN|AA2001|AB3101|AC|", "120NNN" + stamp + "AOMAIN|AA2001|AB3101|AJBücher   11|AH|CK001|AF" + w.partsAsked() + "|"},
		{"what the patron has", "63001" + stamp + "  Y       AOMAIN|AA2001|AC|AD17051990|", "64              001" + stamp + "000000000002000000000000AOMAIN|AA2001|AEAnna Händel|BZ0010|CB0004|BLY|CQY|BHEUR|BV0.00|CC10.00|AU3001|AU3100|BDGasse 1, 10115 Berlin|BEanna@example.org|BF030 1234567|AQMAIN|PB19900517|PCadult|PA20271126    115959|"},
		{"from the second on", "63001" + stamp + "  Y       AOMAIN|AA2001|BP2|BQ9|", "64              001" + stamp + "000000000002000000000000AOMAIN|AA2001|AEAnna Händel|BZ0010|CB0004|BLY|BHEUR|BV0.00|CC10.00|AU3100|BDGasse 1, 10115 Berlin|BEanna@example.org|BF030 1234567|AQMAIN|PB19900517|PCadult|PA20271126    115959|"},
		{"an item that is out", "17" + stamp + "AOMAIN|AB3001|", "18040201" + stamp + "CF0000|AH20261210    235959|AB3001|AJBücher   1|BGMAIN|CK001|AQMAIN|APMAIN|CRstacks|CSR 1|"},
		{"a request by another", "15+" + stamp + "AOMAIN|AA2002|AB3001|BSBR|", "161N" + stamp + "BR0001|BSBR|AOMAIN|AA2002|AB3001|AJBücher   1|AFrequested, for collection at Branch|"},
		{"the same again", "15+" + stamp + "AOMAIN|AA2002|AB3001|BSBR|AC|", "161N" + stamp + "BR0001|BSBR|AOMAIN|AA2002|AB3001|AJBücher   1|AFrequested, for collection at Branch|"},
		{"to be collected elsewhere", "15*" + stamp + "AOMAIN|AA2002|AB3001|BSMAIN|", "161N" + stamp + "BSMAIN|AOMAIN|AA2002|AB3001|AJBücher   1|AFthe request is changed|"},
		{"and back", "15*" + stamp + "AOMAIN|AA2002|AB3001|BSBR|", "161N" + stamp + "BSBR|AOMAIN|AA2002|AB3001|AJBücher   1|AFthe request is changed|"},
		{"a change of what nobody asked for", "15*" + stamp + "AOMAIN|AA2001|AB3001|BSBR|", "160N" + stamp + "BSBR|AOMAIN|AA2001|AB3001|AJBücher   1|AFno request of this patron for it|"},
		{"a hold of another mode", "15?" + stamp + "AOMAIN|AA2001|AB3001|BSBR|", "160N" + stamp + "BSBR|AOMAIN|AA2001|AB3001|AJBücher   1|AFthis machine does not do that|"},
		{"for collection nowhere", "15+" + stamp + "AOMAIN|AA2002|AB3002|BSmoon|", "160N" + stamp + "BSmoon|AOMAIN|AA2002|AB3002|AJBücher   2|AFnot possible at this machine: this library is not known|"},
		{"where it waits", "63001" + stamp + "     Y    AOMAIN|AA2002|", "64              001" + stamp + "000000000000000000000001AOMAIN|AA2002|AEBen Ong|BZ0010|CB0004|BLY|BHEUR|BV0.00|CC10.00|CD3001|AQMAIN|PCadult|"},
		{"a renewal while others wait", "29NN" + stamp + noDate + "AOMAIN|AA2001|AB3001|", "300NNN" + stamp + "AOMAIN|AA2001|AB3001|AJBücher   1|AH|CK001|AFwould not be due later than Thu 10 Dec; 1 other person waits for it|"},
		{"back, for another library", "09N" + stamp + stamp + "APMAIN|AOMAIN|AB3001|AC|", "101YNY" + stamp + "AOMAIN|AB3001|AQMAIN|AJBücher   1|CL2|AA2001|CK001|AFto Branch|CRstacks|CSR 1|CTBR|CY2002|DABen Ong|CV02|"},
		{"on its way", "17" + stamp + "AOMAIN|AB3001|", "18100201" + stamp + "CF0000|AB3001|AJBücher   1|BGMAIN|CK001|AQMAIN|CRstacks|CSR 1|CTBR|CY2002|DABen Ong|"},
		{"nobody wants it any more", "15-" + stamp + "AOMAIN|AA2002|AB3001|", "161N" + stamp + "AOMAIN|AA2002|AB3001|AJBücher   1|AFthe request is cancelled|"},
		{"a request that is none", "15-" + stamp + "AOMAIN|AA2001|AB3001|", "160N" + stamp + "AOMAIN|AA2001|AB3001|AJBücher   1|AFno request of this patron for it|"},
		{"what an item is like", "19" + stamp + "AOMAIN|AB3002|CHpages torn|", "201" + stamp + "AB3002|AJBücher   2|CHpages torn|"},
		{"and is", "17" + stamp + "AOMAIN|AB3002|", "18030201" + stamp + "CF0000|AB3002|AJBücher   2|BGMAIN|CK001|AQMAIN|CHpages torn|CRstacks|CSR 2|"},
		{"it was mended", "19" + stamp + "AOMAIN|AB3002|CH|", "201" + stamp + "AB3002|AJBücher   2|"},
		{"what nobody has", "19" + stamp + "AOMAIN|AB9999|CHx|", "200" + stamp + "AB9999|AFitem not known|"},
		{"a card that the machine keeps", "01Y" + stamp + "AOMAIN|AA2001|ALleft behind|AC|", "24YYYY          000" + stamp + "AOMAIN|AA2001|AEAnna Händel|BLY|BHEUR|BV0.00|AFblocked|"},
		{"and gives back", "25" + stamp + "AOMAIN|AA2001|", "26              000" + stamp + "AOMAIN|AA2001|AEAnna Händel|BLY|AFthe card may be used again|"},
		{"what staff have said stays", "25" + stamp + "AOMAIN|AA2003|", "26YYYY          000" + stamp + "AOMAIN|AA2003|AECleo Rot|BLY|AFblocked|"},
		{"money for nothing", "37" + stamp + "0100EURBV5.00|AOMAIN|AA2001|BK77|", "38N" + stamp + "AOMAIN|AA2001|BK77|AFa payment of 5.00 cannot be booked: owes nothing|"},
		{"a request that costs something", "15+" + stamp + "AOMAIN|AA2004|AB3005|", "160N" + stamp + "AOMAIN|AA2004|AB3005|AJBücher   5|AFthis costs 1.50: do you agree?|"},
		{"and is agreed to", "15+" + stamp + "AOMAIN|AA2004|AB3005|BOY|", "161Y" + stamp + "BR0001|BSMAIN|AOMAIN|AA2004|AB3005|AJBücher   5|AFrequested, for collection at Main Library|"},
		{"what is owed", "63001" + stamp + "   Y      AOMAIN|AA2004|", "64              001" + stamp + "000000000000000100000001AOMAIN|AA2004|AEDora Li|BZ0010|CB0004|BLY|BHEUR|BV1.50|CC10.00|AV3005|AQMAIN|PCpayer|"},
		{"in another currency", "37" + stamp + "0100USDBV1.00|AOMAIN|AA2004|BK78|", "38N" + stamp + "AOMAIN|AA2004|BK78|AFa payment of 1.00 cannot be booked: something is missing|"},
		{"by bank transfer", "37" + stamp + "0109EURBV1.00|AOMAIN|AA2004|BK78|", "38N" + stamp + "AOMAIN|AA2004|BK78|AFa payment of 1.00 cannot be booked: no way to pay here: 09|"},
		{"a part of it", "37" + stamp + "0102EURBV1.00|AOMAIN|AA2004|CG3005|BK78|", "38Y" + stamp + "AOMAIN|AA2004|BK78|AF1.00 paid|"},
		{"which is left", "23001" + stamp + "AOMAIN|AA2004|AC|AD|", "24              001" + stamp + "AOMAIN|AA2004|AEDora Li|BLY|BHEUR|BV0.50|"},
		{"all that can be renewed", "65" + stamp + "AOMAIN|AA2001|", "6610000" + "0001" + stamp + "AOMAIN|BN3100|AF0 items renewed|"},
		{"an item that is none", "09N" + stamp + stamp + "APMAIN|AOMAIN|AB3999|AC|", "100NUY" + stamp + "AOMAIN|AB3999|AQ|AFitem not known|CV99|"},
		{"what is none is not out", "17" + stamp + "AOMAIN|AB9999|", "18010001" + stamp + "AB9999|AJ|AFitem not known|"},
		{"the end", "35" + stamp + "AOMAIN|AA2001|", "36Y" + stamp + "AOMAIN|AA2001|"},
	})
	said := regexp.MustCompile(`(time|took)=\S+`).ReplaceAllString(w.log.String(), "") // whose digits are anybody's
	for _, secret := range []string{"2001", "2002", "2003", "2004", "Anna", "nna", "Ong", "Händel", "Gasse", "17051990", "secret", "left behind", "example.org"} {
		if strings.Contains(said, secret) {
			t.Errorf("%q is in the log:\n%s", secret, w.log)
		}
	}
	if !strings.Contains(w.log.String(), "terminal=kiosk message=11 verdict=done") || !strings.Contains(w.log.String(), "message=15 verdict=refused") {
		t.Errorf("who did what is not in the log:\n%s", w.log)
	}
	var before circ.EntryID
	for i, e := range w.entries(t, "kiosk") {
		if e.Seq != uint64(i+1) || e.Act.Operator != "sip2:kiosk" || e.Act.ID == before {
			t.Errorf("entry %d of the chain: %+v", i, e)
		}
		before = e.Act.ID
	}
}

// partsAsked is the engine's question about parts, as a screen says it.
func (w *world) partsAsked() string {
	return w.Words.Reason(circ.Remark{Reason: circ.AllThere, Text: circ.PartsText([]string{"map", "dice"})}, words.Names{})
}

// Weeks later: a renewal that costs something waits for a yes, and is then one renewal.
func TestRenewal(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	if got := m.ask("11NN" + stamp + noDate + "AOMAIN|AA2001|AB3001|AC|"); !strings.HasPrefix(got, "121N") {
		t.Fatal(got)
	}
	w.pass(5 * 24 * time.Hour)
	later := "20261201    120000"
	w.talk(t, m, []line{
		{"by another", "29NN" + later + noDate + "AOMAIN|AA2002|AB3001|", "300NNN" + later + "AOMAIN|AA2002|AB3001|AJBücher   1|AH|CK001|AFon loan to someone else|"},
		{"by nobody", "29NN" + later + noDate + "AOMAIN|AA2999|AB3001|", "300NNN" + later + "AOMAIN|AA2999|AB3001|AJBücher   1|AH|CK001|AFcard not known|BLN|"},
		{"of what is in", "29NN" + later + noDate + "AOMAIN|AA2001|AB3002|", "300NNN" + later + "AOMAIN|AA2001|AB3002|AJBücher   2|AH|CK001|AFnot on loan|"},
		{"yes", "29NN" + later + noDate + "AOMAIN|AA2001|AB3001|", "301YNN" + later + "AOMAIN|AA2001|AB3001|AJBücher   1|AH20261215    235959|CK001|AFrenewed, due Tue 15 Dec|AGBücher   1, due Tue 15 Dec|"},
		{"asked again", "29NN" + later + noDate + "AOMAIN|AA2001|AB3001|", "301YNN" + later + "AOMAIN|AA2001|AB3001|AJBücher   1|AH20261215    235959|CK001|AFrenewed, due Tue 15 Dec|AGBücher   1, due Tue 15 Dec|"},
	})
	if n := len(w.loanOf(t, "i1").Renewals); n != 1 {
		t.Errorf("%d renewals", n)
	}
	w.pass(20 * 24 * time.Hour) // six days late
	later = "20261221    120000"
	w.talk(t, m, []line{
		{"it costs", "29NN" + later + noDate + "AOMAIN|AA2001|AB3001|", "300NNN" + later + "AOMAIN|AA2001|AB3001|AJBücher   1|AH|BT04|BHEUR|BV3.00|CK001|AFthis costs 3.00: do you agree?|"},
		{"yes", "29NN" + later + noDate + "AOMAIN|AA2001|AB3001|BOY|", "301YNN" + later + "AOMAIN|AA2001|AB3001|AJBücher   1|AH20270104    235959|BT04|BHEUR|BV3.00|CK001|AFrenewed, due Mon 4 Jan|AGBücher   1, due Mon 4 Jan|"},
		{"owed", "23001" + later + "AOMAIN|AA2001|AC|AD|", "24              001" + later + "AOMAIN|AA2001|AEAnna Händel|BLY|BHEUR|BV3.00|"},
	})
	w.pass(24 * time.Hour)
	later = "20261222    120000"
	w.talk(t, m, []line{
		{"all", "65" + later + "AOMAIN|AA2001|", "66100010000" + later + "AOMAIN|BM3001|AF1 item renewed|"},
		{"all, again", "65" + later + "AOMAIN|AA2001|", "66100010000" + later + "AOMAIN|BM3001|AF1 item renewed|"},
	})
	if n := len(w.loanOf(t, "i1").Renewals); n != 3 {
		t.Errorf("%d renewals", n)
	}
}

// A machine that knows no barcodes names what is renewed by the title that it was told.
func TestRenewalByTitle(t *testing.T) {
	for _, row := range []struct {
		name, login string
		out         []string
		title       string
		want        string
	}{
		{"its id", "sc", []string{"3001", "3002"}, "t2", "3002"},
		{"its title", "sc", []string{"3001", "3002"}, "Bücher   2", "3002"},
		{"its title as a Latin-1 machine has it", "old", []string{"3001", "3002"}, "B\xfccher   2", "3002"},
		{"a title of two of them", "sc", []string{"3012", "3100"}, "Bücher   12", ""},
		{"the title of what somebody else has", "sc", []string{"3001"}, "Bücher   2", ""},
		{"nothing", "sc", []string{"3001"}, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := start(t, func(s string) string {
				return s + "[[terminal]]\nlogin = \"old\"\npassword = \"" + hashed("secret") + "\"\ninstitution = \"MAIN\"\ncharset = \"latin1\"\n"
			})
			m := w.logIn(t, row.login, "secret")
			for _, item := range row.out {
				if got := m.ask("11NN" + stamp + noDate + "AOMAIN|AA2001|AB" + item + "|AC|"); !strings.HasPrefix(got, "121N") {
					t.Fatal(got)
				}
			}
			w.pass(5 * 24 * time.Hour)
			got := m.ask("29NN20261201    120000" + noDate + "AOMAIN|AA2001|AJ" + row.title + "|")
			if row.want == "" && !strings.HasPrefix(got, "300N") || row.want != "" && (!strings.HasPrefix(got, "301Y") || !strings.Contains(got, "|AB"+row.want+"|")) {
				t.Error(got)
			}
		})
	}
}
