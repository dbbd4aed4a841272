package sip2

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/money"
)

// TestRequests has each request as it stands on the wire, at one system and for
// one account.
func TestRequests(t *testing.T) {
	p, err := ProfileOf("koha")
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	full := Account{User: "desk", Password: "pw", Location: "CPL", Institution: "main", Branch: "CPL", Terminal: "t", Language: "004", Zone: berlin}
	bare := Account{User: "desk", Password: "pw"}
	due := nine.AddDate(0, 0, 14)
	type made = func(Profile, Account) (sipwire.Message, error)
	for _, row := range []struct {
		name       string
		make       made
		full, bare string
	}{
		{"login", func(p Profile, a Account) (sipwire.Message, error) { return p.login(a) }, "9300CNdesk|COpw|CPCPL|", "9300CNdesk|COpw|"},
		{"status", func(p Profile, a Account) (sipwire.Message, error) { return p.statusRequest("0") }, "9900802.00", "9900802.00"},
		{"patron status: AC and AD are never left out", func(p Profile, a Account) (sipwire.Message, error) { return p.PatronStatus(a, nine, "2001") },
			"2300420261126    100000AOmain|AA2001|ACt|AD|", "2300020261126    090000AO|AA2001|AC|AD|"},
		{"patron information, a page", func(p Profile, a Account) (sipwire.Message, error) {
			return p.PatronInfo(a, nine, "2001", sipwire.ChargedList, 51, 100)
		}, "6300420261126    100000  Y       AOmain|AA2001|ACt|BP0051|BQ0100|", "6300020261126    090000  Y       AO|AA2001|BP0051|BQ0100|"},
		{"patron information, no list", func(p Profile, a Account) (sipwire.Message, error) {
			return p.PatronInfo(a, nine, "2001", sipwire.NoList, 0, 0)
		}, "6300420261126    100000          AOmain|AA2001|ACt|", "6300020261126    090000          AO|AA2001|"},
		{"item information", func(p Profile, a Account) (sipwire.Message, error) { return p.ItemInfo(a, nine, "3001") },
			"1720261126    100000AOmain|AB3001|ACt|", "1720261126    090000AO|AB3001|"},
		{"check-out, asked", func(p Profile, a Account) (sipwire.Message, error) {
			return p.Checkout(a, Loan{Patron: "2001", Item: "3001", At: nine, Due: due})
		}, "11NN20261126    100000                  AOmain|AA2001|AB3001|ACt|", "11NN20261126    090000                  AO|AA2001|AB3001|AC|"},
		{"check-out that has happened, the fee agreed", func(p Profile, a Account) (sipwire.Message, error) {
			return p.Checkout(a, Loan{Patron: "2001", Item: "3001", At: nine, Due: due, Happened: true, FeeAgreed: true})
		}, "11NY20261126    10000020261210    100000AOmain|AA2001|AB3001|ACt|BOY|", "11NY20261126    09000020261210    090000AO|AA2001|AB3001|AC|BOY|"},
		{"renewal", func(p Profile, a Account) (sipwire.Message, error) {
			return p.Renew(a, Loan{Patron: "2001", Item: "3001", At: nine, Due: due})
		}, "29NN20261126    100000                  AOmain|AA2001|AB3001|ACt|", "29NN20261126    090000                  AO|AA2001|AB3001|"},
		{"renew all", func(p Profile, a Account) (sipwire.Message, error) { return p.RenewAll(a, nine, "2001") },
			"6520261126    100000AOmain|AA2001|ACt|", "6520261126    090000AO|AA2001|"},
		{"check-in of what lay in the book drop", func(p Profile, a Account) (sipwire.Message, error) {
			return p.Checkin(a, Return{Item: "3001", At: nine, Returned: nine.Add(-15 * time.Hour), Happened: true})
		}, "09Y20261126    10000020261125    190000APCPL|AOmain|AB3001|ACt|", "09Y20261126    09000020261125    180000AP|AO|AB3001|AC|"},
		{"check-in that takes a check-out back", func(p Profile, a Account) (sipwire.Message, error) {
			return p.Checkin(a, Return{Item: "3001", At: nine, Returned: nine, Cancels: true})
		}, "09N20261126    10000020261126    100000APCPL|AOmain|AB3001|ACt|BIY|", "09N20261126    09000020261126    090000AP|AO|AB3001|AC|BIY|"},
		{"hold on the title", func(p Profile, a Account) (sipwire.Message, error) {
			return p.PlaceHold(a, Hold{Do: sipwire.HoldAdd, Patron: "2001", Item: "3001", At: nine, Until: due, Pickup: "MPL"})
		}, "15+20261126    100000BW20261210    100000|BSMPL|BY2|AOmain|AA2001|AB3001|ACt|", "15+20261126    090000BW20261210    090000|BSMPL|BY2|AO|AA2001|AB3001|"},
		{"hold taken back", func(p Profile, a Account) (sipwire.Message, error) {
			return p.PlaceHold(a, Hold{Do: sipwire.HoldCancel, Patron: "2001", Item: "3001", At: nine})
		}, "15-20261126    100000AOmain|AA2001|AB3001|ACt|", "15-20261126    090000AO|AA2001|AB3001|"},
		{"fee paid", func(p Profile, a Account) (sipwire.Message, error) {
			return p.FeePaid(a, Payment{Patron: "2001", At: nine, Amount: money.Amount{Minor: 1250, Currency: "EUR"}, Method: "card", ID: "d1-7"})
		}, "3720261126    1000000102EURBV12.50|AOmain|AA2001|ACt|BKd1-7|", "3720261126    0900000102EURBV12.50|AO|AA2001|BKd1-7|"},
		{"block", func(p Profile, a Account) (sipwire.Message, error) {
			return p.BlockPatron(a, nine, "2001", "card|found", true)
		}, "01Y20261126    100000AOmain|ALcard found|AA2001|ACt|", "01Y20261126    090000AO|ALcard found|AA2001|AC|"},
		{"block lifted", func(p Profile, a Account) (sipwire.Message, error) { return p.PatronEnable(a, nine, "2001") },
			"2520261126    100000AOmain|AA2001|ACt|", "2520261126    090000AO|AA2001|"},
		{"end of a visit", func(p Profile, a Account) (sipwire.Message, error) { return p.EndSession(a, nine, "2001") },
			"3520261126    100000AOmain|AA2001|ACt|", "3520261126    090000AO|AA2001|"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for account, want := range map[*Account]string{&full: row.full, &bare: row.bare} {
				m, err := row.make(p, *account)
				if got := strings.TrimSuffix(string(m.Bytes()), "\r"); err != nil || got != want {
					t.Errorf("%q, error %v, not\n%q", got, err, want)
				}
			}
		})
	}
}

func TestProfilesDiffer(t *testing.T) {
	alma, _ := ProfileOf("Alma")
	m, err := alma.Checkin(Account{Branch: "X"}, Return{Item: "3001", At: nine, Returned: nine})
	if b, ok := m.First(sipwire.CurrentLocation); err != nil || !ok || len(b) != 0 {
		t.Errorf("AP %q at a system that takes none, error %v", b, err)
	}
	tlc, _ := ProfileOf("tlc")
	m, err = tlc.Renew(Account{}, Loan{Patron: "1", Item: "2", At: nine, Due: nine})
	if b, _ := m.Part(sipwire.NBDueDate); err != nil || string(b) != "20261126    090000" {
		t.Errorf("a renewal with date %q at a system that needs one, error %v", b, err)
	}
	evergreen, _ := ProfileOf("evergreen")
	m, err = evergreen.FeePaid(Account{}, Payment{Patron: "1", At: nine, Method: "check", Amount: money.Amount{Minor: 1, Currency: "USD"}})
	if b, _ := m.Part(sipwire.PaymentTypePart); err != nil || string(b) != "05" {
		t.Errorf("a check is %q, error %v", b, err)
	}
	if _, err := ProfileOf("kohai"); err == nil || !strings.Contains(err.Error(), "koha") {
		t.Errorf("error %v names no way out", err)
	}
}

// TestProfilesAreSound looks at what nobody could connect with, or would be
// hurt by.
func TestProfilesAreSound(t *testing.T) {
	names := map[string]bool{}
	for _, p := range Profiles() {
		if p.Name == "" || p.For == "" || names[p.Name] {
			t.Errorf("profile %q for %q", p.Name, p.For)
		}
		names[p.Name] = true
		if err := p.Form.Check(); err != nil {
			t.Errorf("profile %s: %v", p.Name, err)
		}
		if p.answer() < 12*time.Second || p.ping() > 55*time.Second || p.ping() <= 0 || p.connections() > 4 {
			t.Errorf("profile %s waits %s, pings after %s, has %d connections", p.Name, p.answer(), p.ping(), p.connections())
		}
		for _, c := range p.Without {
			if s, ok := sipwire.Lookup(c); !ok || s.By != sipwire.ByTerminal || p.Takes(c) {
				t.Errorf("profile %s is without %q", p.Name, c)
			}
		}
	}
	for _, name := range strings.Fields("koha evergreen folio alma sierra polaris symphony tlc plain") {
		if !names[name] {
			t.Errorf("no profile %s", name)
		}
	}
	if polaris, _ := ProfileOf("polaris"); polaris.Fields.Expiry == "PA" {
		t.Error("PA is no date at Polaris")
	}
}

func TestDue(t *testing.T) {
	koha, _ := ProfileOf("koha")
	koha.Layouts = []string{"01/02/2006"}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"20261210    235900": "2026-12-10T22:59:00Z", "2026-12-10 23:59:00": "2026-12-10T22:59:00Z",
		"12/10/2026": "2026-12-10T22:59:59Z", "next week \x1b[31m": "", "": "",
	} {
		m, err := koha.Form.Build(sipwire.CheckoutResponse).Flag(sipwire.OK, true).Flag(sipwire.RenewalOK, false).
			Set(sipwire.MagneticMedia, "U").Flag(sipwire.Desensitize, true).Date(sipwire.TransactionDate, nine, berlin).
			FieldBytes(sipwire.DueDate, []byte(text)).Message()
		if err != nil {
			t.Fatal(err)
		}
		due, raw, ok := koha.Due(&m, berlin)
		if ok != (want != "") || ok && due.Format(time.RFC3339) != want {
			t.Errorf("%q is %s, read: %v", text, due, ok)
		}
		if strings.ContainsRune(raw, '\x1b') || text != "" && raw == "" {
			t.Errorf("%q is shown as %q", text, raw)
		}
	}
}
