package sip2

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/central/sip2/sipwire"
)

// TestEachDialectsOwnFields: what a system writes where the protocol has no field is read
// where that system has it, and nowhere else: PA is a date at some, and none at Polaris.
func TestEachDialectsOwnFields(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	fields := map[string]string{
		"pals": "PA20270131    235900|PB19840502|PCADULT|AQNORTH|", "polaris": "BC1984-05-02|PX20270131    235900|PYN|PZ12345|PANorth|",
	}
	for _, row := range []struct {
		profile, fields, birth, class, home, postal, expires string
	}{
		{"koha", fields["pals"], "1984-05-02", "ADULT", "NORTH", "", "2027-01-31"},
		{"evergreen", fields["pals"], "1984-05-02", "ADULT", "NORTH", "", "2027-01-31"},
		{"polaris", fields["polaris"], "1984-05-02", "", "", "12345", "2027-01-31"},
		{"polaris", "PYY|", "", "", "", "", "2026-11-26"},
		{"koha", "PYY|PZ12345|BC19840502|", "", "", "", "", "0001-01-01"},
		{"polaris", fields["pals"], "", "", "", "", "0001-01-01"},
		{"symphony", fields["pals"], "", "", "", "", "0001-01-01"},
	} {
		m, err := sipwire.Parse([]byte("64              00120261126    090000000000000000000000000000AOmain|AA2001|AEAda|BLY|"+row.fields+"\r"), 0)
		if err != nil {
			t.Fatal(err)
		}
		c := New(ClientConfig{Config: Config{Profile: mustProfile(t, row.profile)}, Now: func() time.Time { return now }})
		p := c.patronOf(&m, "2001")
		got := fmt.Sprint(p.birth, p.class, p.home, p.postal, p.expires.Format(time.DateOnly))
		if want := fmt.Sprint(row.birth, row.class, row.home, row.postal, row.expires); got != want || !p.known {
			t.Errorf("%s reads %s as %s, not %s", row.profile, row.fields, got, want)
		}
		c.Close()
	}
}
