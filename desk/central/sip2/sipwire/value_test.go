package sipwire

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/money"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestFlags(t *testing.T) {
	type answer struct{ yes, ok bool }
	var no, yes, none = answer{false, true}, answer{true, true}, answer{}
	for _, row := range []struct {
		text                string
		binary, yesNo, mark answer
	}{
		{"1", yes, none, none},
		{"0", no, none, none},
		{"Y", none, yes, yes},
		{"N", none, no, no}, // for a blank, as a system in use sends it
		{" ", none, none, no},
		{"U", none, none, none},
		{"y", none, none, none},
		{"", none, none, none},
		{"YY", none, none, none},
	} {
		var got [3]answer
		got[0].yes, got[0].ok = ReadBinary([]byte(row.text))
		got[1].yes, got[1].ok = ReadYesNo([]byte(row.text))
		got[2].yes, got[2].ok = ReadMark([]byte(row.text))
		if want := [3]answer{row.binary, row.yesNo, row.mark}; got != want {
			t.Errorf("%q is %v, want %v", row.text, got, want)
		}
	}
	m := parse(t, "121NUY20261126    120000AO|AA1|AB2|AJ|AH|CIN|BKY|")
	for part, want := range map[Part]answer{OK: yes, RenewalOK: no, MagneticMedia: none, Desensitize: yes, TransactionDate: none, NoBlock: none} {
		if y, ok := m.Flag(part); (answer{y, ok}) != want {
			t.Errorf("%s is %v, %v", part, y, ok)
		}
	}
	tape := parse(t, "101YYN20261126    120000AO|AB2|AQ|")
	if y, ok := tape.Flag(MagneticMedia); !y || !ok {
		t.Errorf("a tape is %v, %v", y, ok)
	}
	for tag, want := range map[Tag]answer{SecurityInhibit: no, ValidPatron: none, PatronID: none} {
		if y, ok := m.FlagField(tag); (answer{y, ok}) != want {
			t.Errorf("%s is %v, %v", tag, y, ok)
		}
	}
}

func TestPatronStatus(t *testing.T) {
	for i, mark := range []PatronStatus{
		ChargeDenied, RenewalDenied, RecallDenied, HoldDenied, CardLost, TooManyCharged, TooManyOverdue,
		TooManyRenewals, TooManyClaimsReturned, TooManyLost, ExcessiveFines, ExcessiveFees, RecallOverdue, TooManyBilled,
	} {
		text := []byte(strings.Repeat(" ", 14))
		text[i] = 'Y'
		if got, ok := ReadPatronStatus(text); !ok || got != mark {
			t.Errorf("%q is %b, %v", text, got, ok)
		}
		if got := mark.Append(nil); string(got) != string(text) {
			t.Errorf("%b is written %q", mark, got)
		}
		noLoan := i == 0 || i == 4 || i == 5 || i == 6 || i >= 9
		if (NoLoan&mark != 0) != noLoan {
			t.Errorf("mark %d stands against a loan: %v", i, !noLoan)
		}
	}
	for text, want := range map[string]bool{
		"NNNNNNNNNNNNNN": true, "YYYY          ": true, "             ": false, "": false, "              Y": false, "1             ": false,
	} {
		if _, ok := ReadPatronStatus([]byte(text)); ok != want {
			t.Errorf("%q is a status: %v", text, ok)
		}
	}
	m := parse(t, "24YYYY      Y   00020130606    115820AO|AA1|AE|")
	if s, ok := m.PatronStatus(); !ok || s != ChargeDenied|RenewalDenied|RecallDenied|HoldDenied|ExcessiveFines {
		t.Errorf("%b, %v", s, ok)
	}
	m = parse(t, "941")
	if s, ok := m.PatronStatus(); ok {
		t.Errorf("a login's answer has a status: %b", s)
	}
}

func TestLists(t *testing.T) {
	for text, want := range map[string]List{
		"          ": NoList, "Y         ": HoldList, " Y        ": OverdueList, "  Y       ": ChargedList, "   Y      ": FineList,
		"    Y     ": RecallList, "     Y    ": UnavailableHoldList, "      Y   ": NoList, "YYYYYY    ": HoldList, "NNY       ": ChargedList,
	} {
		if got, ok := ReadList([]byte(text)); !ok || got != want {
			t.Errorf("%q is list %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "Y", "Y          ", "1         "} {
		if got, ok := ReadList([]byte(text)); ok || got != NoList {
			t.Errorf("%q is list %d", text, got)
		}
	}
	for l, tag := range map[List]Tag{
		NoList: "", HoldList: "AS", OverdueList: "AT", ChargedList: "AU", FineList: "AV", RecallList: "BU", UnavailableHoldList: "CD", 6: "",
	} {
		if l.Tag() != tag {
			t.Errorf("list %d comes in %s", l, l.Tag())
		}
		if got, ok := ReadList(l.Append(nil)); !ok || tag != "" && got != l || tag == "" && got != NoList {
			t.Errorf("list %d is written %q", l, l.Append(nil))
		}
	}
}

func TestServices(t *testing.T) {
	const all = "YYYYYYYYYYYNNYYY"
	s := Supported([]byte(all))
	if s&TakesItemStatusUpdate != 0 || s&TakesPatronEnable != 0 || s&TakesPatronStatus == 0 || s&TakesRenewAll == 0 || s&TakesItemInformation == 0 {
		t.Errorf("%q is %b", all, s)
	}
	if got := string(s.Append(nil)); got != all {
		t.Errorf("written %q", got)
	}
	for text, want := range map[string]Services{"": 0, "Y": TakesPatronStatus, "NY": TakesCheckout, "x1Y": TakesCheckin, strings.Repeat("N", 16) + "Y": 0} {
		if got := Supported([]byte(text)); got != want {
			t.Errorf("%q is %b", text, got)
		}
	}
}

func TestReadDate(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for _, row := range []struct {
		name string
		text string
		want string
		err  error
	}{
		{"local time in winter", "20261126    120000", "2026-11-26T11:00:00Z", nil},
		{"local time in summer", "20260726    120000", "2026-07-26T10:00:00Z", nil},
		{"UTC", "20261126   Z120000", "2026-11-26T12:00:00Z", nil},
		{"UTC, on the left", "20261126Z   120000", "2026-11-26T12:00:00Z", nil},
		{"an hour before UTC", "20261126   A120000", "2026-11-26T11:00:00Z", nil},
		{"nine hours before", "20261126   I120000", "2026-11-26T03:00:00Z", nil},
		{"ten hours before: J is left out", "20261126   K120000", "2026-11-26T02:00:00Z", nil},
		{"twelve hours before", "20261126   M120000", "2026-11-26T00:00:00Z", nil},
		{"an hour behind", "20261126   N120000", "2026-11-26T13:00:00Z", nil},
		{"five hours behind", "20261126   R120000", "2026-11-26T17:00:00Z", nil},
		{"twelve hours behind", "20261126   Y120000", "2026-11-27T00:00:00Z", nil},
		{"zeros for UTC, as a client in use has it", "202611260000120000", "2026-11-26T12:00:00Z", nil},
		{"a leap day", "20280229    000000", "2028-02-28T23:00:00Z", nil},
		{"the last second", "20261231    235959", "2026-12-31T22:59:59Z", nil},
		{"blank is none", "                  ", "", nil},
		{"zeros are none", "000000000000000000", "", nil},
		{"a letter that is no zone", "20261126   J120000", "", ErrZone},
		{"a small letter", "20261126   z120000", "", ErrZone},
		{"a zone in three letters", "20261126 EST120000", "", ErrZone},
		{"a zone in digits", "202611260700120000", "", ErrZone},
		{"no month", "20260026    120000", "", ErrDate},
		{"the thirteenth month", "20261326    120000", "", ErrDate},
		{"no day", "20261100    120000", "", ErrDate},
		{"a day too many", "20261131    120000", "", ErrDate},
		{"no leap year", "20270229    120000", "", ErrDate},
		{"24 hours", "20261126    240000", "", ErrDate},
		{"60 minutes", "20261126    126000", "", ErrDate},
		{"60 seconds", "20261126    120060", "", ErrDate},
		{"a day that is none in a zone that is none", "20261131 EST120000", "", ErrDate},
		{"17 characters", "20261126   120000", "", ErrDate},
		{"19 characters", "20261126     120000", "", ErrDate},
		{"nothing", "", "", ErrDate},
		{"letters", "2026112x    120000", "", ErrDate},
		{"a blank hour", "20261126          ", "", ErrDate},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := ReadDate([]byte(row.text), berlin)
			if !errors.Is(err, row.err) {
				t.Fatalf("error %v, want %v", err, row.err)
			}
			if row.want == "" {
				if !got.IsZero() {
					t.Errorf("got %v", got)
				}
				return
			}
			if s := got.Format(time.RFC3339); s != row.want {
				t.Errorf("got %s, want %s", s, row.want)
			}
		})
	}
}

func TestWriteDate(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name string
		got  []byte
		want string
	}{
		{"local, with a blank zone", AppendDate(nil, noon, berlin), "20261126    130000"},
		{"UTC", AppendUTC(nil, noon), "20261126   Z120000"},
		{"no time", AppendDate(nil, time.Time{}, berlin), "                  "},
		{"a year of five digits", AppendUTC(nil, noon.AddDate(10000, 0, 0)), "                  "},
		{"a year before the first", AppendUTC(nil, noon.AddDate(-3000, 0, 0)), "                  "},
	} {
		if string(row.got) != row.want {
			t.Errorf("%s: %q, want %q", row.name, row.got, row.want)
		}
	}
}

// Local time comes back, but for the hour that the clocks repeat; UTC always
// does.
func TestDatesComeBack(t *testing.T) {
	locals := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/St_Johns"), zone(t, "Pacific/Apia")}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), 0).UTC()
		local := rapid.SampledFrom(locals).Draw(t, "zone")
		if got, err := ReadDate(AppendUTC(nil, at), local); err != nil || !got.Equal(at) {
			t.Fatalf("%v comes back as %v, %v", at, got, err)
		}
		got, err := ReadDate(AppendDate(nil, at, local), local)
		if err != nil {
			t.Fatal(err)
		}
		if same := AppendDate(nil, got, local); string(same) != string(AppendDate(nil, at, local)) {
			t.Fatalf("%v comes back as %v", at, got)
		}
	})
}

func TestReadDue(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for _, row := range []struct {
		name    string
		text    string
		layouts []string
		want    string // "": not read
	}{
		{"18 characters", "20261130    235900", nil, "2026-11-30T22:59:00Z"},
		{"18 characters in UTC", "20261130   Z235900", nil, "2026-11-30T23:59:00Z"},
		{"Evergreen", "2011-10-28 23:59:59", nil, "2011-10-28T21:59:59Z"},
		{"without seconds", "2026-11-30 23:59", nil, "2026-11-30T22:59:00Z"},
		{"points", "30.11.2026 23:59", nil, "2026-11-30T22:59:00Z"},
		{"a day alone", "2026-11-30", nil, "2026-11-30T22:59:59Z"},
		{"a day alone, points", " 30.11.2026 ", nil, "2026-11-30T22:59:59Z"},
		{"month or day first", "11/12/2026", nil, ""},
		{"hardly the month", "11/30/2026", nil, ""},
		{"American, said so", "11/12/2026 23:59", []string{"01/02/2006 15:04"}, "2026-11-12T22:59:00Z"},
		{"British, said so", "11/12/2026", []string{"02/01/2006"}, "2026-12-11T22:59:59Z"},
		{"half days, said so", "11/12/2026 11:59 PM", []string{"01/02/2006 03:04 PM"}, "2026-11-12T22:59:00Z"},
		{"nothing", "", nil, ""},
		{"blank", "                  ", nil, ""},
		{"words", "end of term", nil, ""},
		{"a zone that is none", "20261130 EST235900", nil, ""},
		{"a day that is none", "2026-11-31", nil, ""},
		{"a long text", strings.Repeat("2026-11-30 ", 1000), nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := ReadDue([]byte(row.text), berlin, row.layouts...)
			if ok != (row.want != "") || ok && got.Format(time.RFC3339) != row.want {
				t.Errorf("got %v, %v, want %s", got, ok, row.want)
			}
		})
	}
}

func TestDateParts(t *testing.T) {
	m := parse(t, "09N20261126    12000020261125   Z180000AP|AO|AB|AC|")
	if got, err := m.Date(ReturnDate, time.UTC); err != nil || got.Format(time.RFC3339) != "2026-11-25T18:00:00Z" {
		t.Errorf("returned %v, %v", got, err)
	}
	if _, err := m.Date(NoBlock, time.UTC); !errors.Is(err, ErrDate) {
		t.Errorf("a mark is a date: %v", err)
	}
	if _, err := m.Date(NBDueDate, time.UTC); !errors.Is(err, ErrDate) {
		t.Errorf("a part that is not there is a date: %v", err)
	}
	m = parse(t, "11YN20261126    120000                  AO|AA|AB|AC|")
	if got, err := m.Date(NBDueDate, time.UTC); err != nil || !got.IsZero() {
		t.Errorf("no due date is %v, %v", got, err)
	}
}

func TestReadAmount(t *testing.T) {
	for _, row := range []struct {
		name     string
		text     string
		currency string
		want     int64
		err      error
	}{
		{"a fine", "5.00", "EUR", 500, nil},
		{"blanks before it", " 50.00", "EUR", 5000, nil},
		{"whole", "5", "EUR", 500, nil},
		{"a point and nothing behind", "5.", "EUR", 500, nil},
		{"one decimal", "5.5", "EUR", 550, nil},
		{"zeros too many", "5.000000", "EUR", 500, nil},
		{"three zeros are no thousand", "1.000", "EUR", 100, nil},
		{"as a country writes it", "5,50", "EUR", 550, nil},
		{"credit", "-5.50", "EUR", -550, nil},
		{"yen with decimals", "500.00", "JPY", 500, nil},
		{"dinars", "1.005", "KWD", 1005, nil},
		{"none", "0.00", "EUR", 0, nil},

		{"a sum of fractions", "5.0000000001", "EUR", 0, money.ErrDecimals},
		{"half a cent", "5.005", "EUR", 0, money.ErrAmbiguous},
		{"a thousand, or one", "1,000", "EUR", 0, money.ErrAmbiguous},
		{"thousands and decimals", "1,000.50", "EUR", 0, money.ErrAmbiguous},
		{"a sign of the currency", "$5.00", "USD", 0, money.ErrNotMoney},
		{"two signs", "--5.00", "EUR", 0, money.ErrNegative},
		{"a sign alone", "-", "EUR", 0, money.ErrNotMoney},
		{"no currency", "5.00", "", 0, money.ErrCode},
		{"a barcode", "31234000012345678901", "EUR", 0, money.ErrOverflow},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := ReadAmount([]byte(row.text), row.currency)
			if !errors.Is(err, row.err) {
				t.Fatalf("error %v, want %v", err, row.err)
			}
			want := money.Amount{}
			if err == nil {
				want = money.Amount{Minor: row.want, Currency: row.currency}
			}
			if got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
	if a, err := ReadAmount([]byte("  "), "EUR"); err != nil || a != (money.Amount{}) {
		t.Errorf("nothing is %v, %v", a, err)
	}
}

func TestAmounts(t *testing.T) {
	for line, want := range map[string]money.Amount{
		"121NNY20261126    120000AO|AA|AB|AJ|AH|BHUSD|BV1.50|":  {Minor: 150, Currency: "USD"},
		"121NNY20261126    120000AO|AA|AB|AJ|AH|BV1.50|BHJPY|":  {},
		"121NNY20261126    120000AO|AA|AB|AJ|AH|BV150.0|BHJPY|": {Minor: 150, Currency: "JPY"},
		"121NNY20261126    120000AO|AA|AB|AJ|AH|BV1.50|":        {Minor: 150, Currency: "EUR"},
		"121NNY20261126    120000AO|AA|AB|AJ|AH|BV1.50|BH|":     {Minor: 150, Currency: "EUR"},
		"121NNY20261126    120000AO|AA|AB|AJ|AH|BV1.50|BHeuro|": {Minor: 150, Currency: "EUR"},
		"121NNY20261126    120000AO|AA|AB|AJ|AH|BV|":            {},
		"121NNY20261126    120000AO|AA|AB|AJ|AH|":               {},
		"3720261126    1200000100GBPBV2.00|AO|AA1|":             {Minor: 200, Currency: "GBP"},
	} {
		m := parse(t, line)
		got, err := m.Amount(FeeAmount, "EUR")
		if got != want || (err != nil) != strings.Contains(line, "BV1.50|BHJPY") {
			t.Errorf("%q: %v, %v", line, got, err)
		}
	}
}

// What is written can be read, credit too.
func TestAmountsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount{
			Minor:    rapid.Int64Min(-1<<62).Draw(t, "minor"),
			Currency: rapid.SampledFrom([]string{"EUR", "JPY", "KWD", "CLF"}).Draw(t, "currency"),
		}
		if got, err := ReadAmount(AppendAmount(nil, a), a.Currency); err != nil || got != a {
			t.Fatalf("%v comes back as %v, %v", a, got, err)
		}
	})
}

func FuzzValues(f *testing.F) {
	for _, s := range []string{"20261126    120000", "20261126   Z120000", "2026-11-30", "-5.00", "Y", "YY            "} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		at, err := ReadDate(b, time.UTC)
		if err != nil && !at.IsZero() {
			t.Errorf("%q: an error and %v", b, at)
		}
		if err == nil && !at.IsZero() {
			if again, err := ReadDate(AppendUTC(nil, at), time.UTC); (err != nil || !again.Equal(at)) && at.Year() >= 1 && at.Year() <= 9999 {
				t.Errorf("%q: %v comes back as %v, %v", b, at, again, err)
			}
		}
		if due, ok := ReadDue(b, time.UTC, "01/02/2006"); !ok && !due.IsZero() {
			t.Errorf("%q: not read, and %v", b, due)
		}
		if a, err := ReadAmount(b, "EUR"); err == nil && a != (money.Amount{}) {
			if again, err := ReadAmount(AppendAmount(nil, a), "EUR"); err != nil || again != a {
				t.Errorf("%q: %v comes back as %v, %v", b, a, again, err)
			}
		}
		for c := range charsets {
			checkDecode(t, Charset(c), b)
		}
		ReadList(b)
		ReadPatronStatus(b)
		Supported(b)
	})
}
