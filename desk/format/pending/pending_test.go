package pending_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/format/pending"
	"circdesk/desk/money"

	"pgregory.net/rapid"
)

var berlin = func() *time.Location {
	z, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return z
}()

func target() pending.Target { return pending.Target{Zone: berlin, Currency: "EUR"} }

func euro(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// at is a time of 23 November 2026 in Berlin.
func at(clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05.000", "2026-11-23 "+clock, berlin)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

const (
	card = "23529001000463"
	book = "31000000123456"
	film = "31000000654321"
)

// afternoon is what a desk did in a quarter of an hour.
func afternoon() []pending.Transaction {
	return []pending.Transaction{
		{Entry: "e1", Kind: pending.Loan, At: at("16:06:40.123"), Card: card, Barcode: book, Due: at("23:59:59.000").AddDate(0, 0, 14)},
		{Entry: "e2", Kind: pending.Return, At: at("16:07:02.000"), Barcode: film},
		{Entry: "e3", Kind: pending.Renewal, At: at("16:07:50.000"), Card: card, Barcode: book, Due: at("23:59:59.000").AddDate(0, 0, 28)},
		{Entry: "e4", Kind: pending.Payment, At: at("16:08:45.000"), Card: card, Amount: euro(500)},
		{Entry: "e5", Kind: pending.InHouseUse, At: at("16:09:00.000"), Barcode: film, Count: 2},
		{Entry: "e6", Kind: pending.Registration, At: at("16:10:00.000"), Card: "23529001000999", Person: pending.Person{Family: "Żak", Given: "Ana", Secret: "4711", City: "Łódź"}},
		{Entry: "e7", Kind: pending.Other, At: at("16:11:00.000"), Command: "waive"},
	}
}

func TestWhatEachFileSays(t *testing.T) {
	pad := strings.Repeat(" ", 66)
	for _, row := range []struct {
		format string
		with   func(*pending.Target)
		want   string
		left   string
	}{
		{"koc", nil, "Version=1.0\tGenerator=circdesk\tGeneratorVersion=1\n" +
			"2026-11-23 16:06:40 123\tissue\t" + card + "\t" + book + "\n" +
			"2026-11-23 16:07:02 000\treturn\t" + film + "\n" +
			"2026-11-23 16:07:50 000\tissue\t" + card + "\t" + book + "\n" +
			"2026-11-23 16:08:45 000\tpayment\t" + card + "\t5.00\n",
			"e5 no_such_thing, e6 no_such_thing, e7 no_such_thing"},
		{"almadat", nil, "202611231606L" + book + pad + card + "\r\n202611231607R" + film + pad + "\r\n202611231607L" + book + pad + card + "\r\n",
			"e4 no_such_thing, e5 no_such_thing, e6 no_such_thing, e7 no_such_thing"},
		{"rdy", func(to *pending.Target) { to.StatGroup = "992" }, "o:2611231606:b" + book + ":b" + card + ":2612072359:992\ni:2611231607:b" + film + ":::992\no:2611231607:b" + book + ":b" + card + ":2612212359:992\n",
			"e4 no_such_thing, e5 no_such_thing, e6 no_such_thing, e7 no_such_thing"},
		{"pmb", nil, "PRET SECOURU\n" + card + "\n" + book + "\nRETOUR SECOURU\n" + film + "\nPRET SECOURU\n" + card + "\n" + book + "\n",
			"e4 no_such_thing, e5 no_such_thing, e6 no_such_thing, e7 no_such_thing"},
		{"xacts", nil, `{"timestamp":1795446400,"type":"checkout","delta":0,"patron_barcode":"` + card + `","barcode":"` + book + `","due_date":"2026-12-07T22:59:59.000Z","checkout_time":"2026-11-23T15:06:40.000Z","uuid":"e1"}
{"timestamp":1795446422,"type":"checkin","delta":0,"barcode":"` + film + `","backdate":"2026-11-23T15:07:02.000Z","uuid":"e2"}
{"timestamp":1795446470,"type":"renew","delta":0,"patron_barcode":"` + card + `","barcode":"` + book + `","due_date":"2026-12-21T22:59:59.000Z","checkout_time":"2026-11-23T15:07:50.000Z","uuid":"e3"}
{"timestamp":1795446540,"type":"in_house_use","delta":0,"barcode":"` + film + `","count":2,"uuid":"e5"}
`, "e4 no_such_thing, e6 no_profile, e7 no_such_thing"},
		{"xacts", func(to *pending.Target) { to.Profile, to.HomeOrg = 2, 4 }, `{"timestamp":1795446600,"type":"register","delta":0,"user":{"first_given_name":"Ana","family_name":"\u017bak","passwd":"4711","profile":2,"home_ou":4,"ident_type":1,"card":{"barcode":"23529001000999"},"billing_address":{"street1":"","city":"\u0141\u00f3d\u017a","post_code":""},"mailing_address":{"street1":"","city":"\u0141\u00f3d\u017a","post_code":""},"addresses":[],"survey_responses":[]},"uuid":"e6"}
`, "e4 no_such_thing, e7 no_such_thing"},
	} {
		t.Run(row.format, func(t *testing.T) {
			f, _ := pending.Named(row.format)
			to := target()
			if row.with != nil {
				row.with(&to)
			}
			file, kept, left, err := f.Export(to, afternoon())
			if err != nil || len(kept)+len(left) != len(afternoon()) {
				t.Fatalf("%d kept, %d left, %v", len(kept), len(left), err)
			}
			if got := string(file); got != row.want && !(row.format == "xacts" && row.with != nil && strings.HasSuffix(got, row.want)) {
				t.Errorf("the file says\n%s\nwant\n%s", got, row.want)
			}
			if got := leftWords(left); got != row.left {
				t.Errorf("left out: %s, want %s", got, row.left)
			}
		})
	}
}

func leftWords(left []pending.Left) string {
	var all []string
	for _, l := range left {
		all = append(all, string(l.Entry)+" "+string(l.Why))
	}
	return strings.Join(all, ", ")
}

func TestWhatCannotBeSaidIsLeftOut(t *testing.T) {
	loan := func(with func(*pending.Transaction)) pending.Transaction {
		l := afternoon()[0]
		with(&l)
		return l
	}
	for _, row := range []struct {
		name string
		of   pending.Transaction
		why  map[string]pending.Why // by format; the others say it
	}{
		{"an ordinary loan", loan(func(*pending.Transaction) {}), nil},
		{"a barcode of 21 characters", loan(func(l *pending.Transaction) { l.Barcode = strings.Repeat("3", 21) }), map[string]pending.Why{"koc": pending.BarcodeTooLong}},
		{"a barcode of 20", loan(func(l *pending.Transaction) { l.Barcode = strings.Repeat("3", 20) }), nil},
		{"a barcode of 81", loan(func(l *pending.Transaction) { l.Barcode = strings.Repeat("3", 81) }), map[string]pending.Why{"koc": pending.BarcodeTooLong, "almadat": pending.BarcodeTooLong}},
		{"a card of 17", loan(func(l *pending.Transaction) { l.Card = strings.Repeat("2", 17) }), map[string]pending.Why{"koc": pending.CardTooLong}},
		{"no card", loan(func(l *pending.Transaction) { l.Card = "" }), every(pending.NoCard)},
		{"no barcode", loan(func(l *pending.Transaction) { l.Barcode = "" }), every(pending.NoBarcode)},
		{"a tab in the barcode", loan(func(l *pending.Transaction) { l.Barcode = "31\t22" }), every(pending.BadCharacter)},
		{"a line break in the card", loan(func(l *pending.Transaction) { l.Card = "21\n{}" }), every(pending.BadCharacter)},
		{"a letter that is not ASCII", loan(func(l *pending.Transaction) { l.Barcode = "31ü" }), every(pending.BadCharacter)},
		{"a space at the end", loan(func(l *pending.Transaction) { l.Barcode = "31 " }), every(pending.BadCharacter)},
		{"a colon", loan(func(l *pending.Transaction) { l.Barcode = "31:22" }), map[string]pending.Why{"rdy": pending.BadCharacter}},
		{"a quotation mark", loan(func(l *pending.Transaction) { l.Barcode = `31"22` }), nil},
		{"a heading of PMB", loan(func(l *pending.Transaction) { l.Card = "RETOUR SECOURU" }), map[string]pending.Why{"pmb": pending.BadCharacter}},
		{"no due date", loan(func(l *pending.Transaction) { l.Due = time.Time{} }), map[string]pending.Why{"xacts": pending.NoDueDate, "rdy": pending.NoDueDate}},
		{"a hundred uses", pending.Transaction{Kind: pending.InHouseUse, At: at("16:00:00.000"), Barcode: book, Count: 100}, every(pending.NoSuchThing)},
		{"a renewal of nobody knows whom", loan(func(l *pending.Transaction) { l.Kind, l.Card = pending.Renewal, "" }), but("xacts", pending.NoCard)},
	} {
		for _, f := range pending.Formats() {
			_, kept, left, err := f.Export(target(), []pending.Transaction{row.of})
			why := pending.Why("")
			if len(left) == 1 {
				why = left[0].Why
			}
			if err != nil || len(kept)+len(left) != 1 || why != row.why[f.Name] {
				t.Errorf("%s, %s: left out for %q, want %q, %v", row.name, f.Name, why, row.why[f.Name], err)
			}
		}
	}
}

func every(w pending.Why) map[string]pending.Why {
	all := map[string]pending.Why{}
	for _, f := range pending.Formats() {
		all[f.Name] = w
	}
	return all
}

func but(name string, w pending.Why) map[string]pending.Why {
	all := every(w)
	delete(all, name)
	return all
}

// Koha queues by time: each is later than the last, also when the clock is set back.
func TestTimesOfKohaGrow(t *testing.T) {
	autumn := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC) // 2:30 in summer; an hour later it is 2:30 again
	same := func(i int, when time.Time) pending.Transaction {
		return pending.Transaction{Kind: pending.Return, At: when, Barcode: string(rune('a' + i))}
	}
	koc, _ := pending.Named("koc")
	file, _, _, err := koc.Export(target(), []pending.Transaction{
		same(3, autumn.Add(time.Hour)), same(0, autumn), same(1, autumn), same(2, autumn.Add(10*time.Minute)), same(4, autumn.Add(2*time.Hour)),
	})
	if err != nil {
		t.Fatal(err)
	}
	var times, codes []string
	for _, line := range strings.Split(strings.TrimSpace(string(file)), "\n")[1:] {
		fields := strings.Split(line, "\t")
		times, codes = append(times, fields[0]), append(codes, fields[2])
	}
	want := []string{"2026-10-25 02:30:00 000", "2026-10-25 02:30:00 001", "2026-10-25 02:40:00 000", "2026-10-25 02:40:00 001", "2026-10-25 03:30:00 000"}
	if !slices.Equal(times, want) || strings.Join(codes, "") != "abcde" {
		t.Errorf("times %q of %q", times, codes)
	}
}

func TestFilesOfOtherTools(t *testing.T) {
	for _, row := range []struct {
		name, format, file string
		want               []string
		problems           int
	}{
		{"kocDesktop: hyphens in the time", "koc", "Version=1.0\tGenerator=kocDesktop\tGeneratorVersion=2\n2026-11-23 16-06-40 123\tissue\tC\tB\n", []string{"loan C B 15:06:40.123"}, 0},
		{"KOCT: UTC, CR LF, a tab at the end", "koc", "Version=1.0\tGenerator=koct-firefox\tGeneratorVersion=0.1\t\r\n2026-11-23 16:06:40\treturn\tB\t\r\n", []string{"return  B 16:06:40.000"}, 0},
		{"a blank line, on which Koha dies", "koc", "Version=1.0\n2026-11-23 16:06:40\treturn\tB\n\n2026-11-23 16:06:41\treturn\tC\n", []string{"return  B 15:06:40.000", "return  C 15:06:41.000"}, 0},
		{"an action that there is not", "koc", "Version=1.0\n2026-11-23 16:06:40\trenew\tC\tB\n", nil, 1},
		{"another version", "koc", "Version=2.0\n2026-11-23 16:06:40\treturn\tB\n", nil, 1},
		{"no time", "koc", "Version=1.0\nyesterday\treturn\tB\n2026-11-23T16:06:40Z\treturn\tB\n", nil, 2},
		{"a payment of nothing", "koc", "Version=1.0\n2026-11-23 16:06:40\tpayment\tC\t0\n", nil, 1},
		{"Evergreen: a check-in without a date of its own", "xacts", `{"timestamp":1795446400,"type":"checkin","delta":0,"barcode":"B"}` + "\n", []string{"return  B 15:06:40.000"}, 0},
		{"Evergreen: a renewal without a patron", "xacts", `{"timestamp":1795446400,"type":"renew","delta":0,"barcode":"B","due_date":"2026-12-21T23:59:59.000Z"}` + "\n", []string{"renewal  B 15:06:40.000"}, 0},
		{"Evergreen: of something without a barcode", "xacts", `{"timestamp":1795446400,"type":"checkout","delta":0,"patron_barcode":"C","noncat":1,"noncat_type":"1","noncat_count":"3"}` + "\n", nil, 1},
		{"Evergreen: half a line", "xacts", `{"timestamp":1795446400,"type":"che`, nil, 1},
		{"Evergreen: no type", "xacts", `{"timestamp":1,"type":"payment"}`, nil, 1},
		{"Alma: a return that is not padded", "almadat", "202611231606RB\n", []string{"return  B 15:06:00.000"}, 0},
		{"Alma: a loan to nobody", "almadat", "202611231606LB\n", nil, 1},
		{"Sierra's own samples", "rdy", "i:0310020355:b30650000156732:::15\no:1212010830:b31551010350230:b215510204020201:1301310400:992\n", []string{"return  30650000156732 01:55:00.000", "loan 215510204020201 31551010350230 07:30:00.000"}, 0},
		{"Sierra: an inventory", "rdy", "n:35239000000060\n", nil, 1},
		{"PMB: no heading", "pmb", "31000000123456\n", nil, 1},
		{"PMB: two patrons", "pmb", "PRET SECOURU\r\nC1\r\nB1\r\nB2\r\nPRET SECOURU\r\nC2\r\nB3\r\n", []string{"loan C1 B1 00:00:00.000", "loan C1 B2 00:00:00.000", "loan C2 B3 00:00:00.000"}, 0},
		{"nothing", "pmb", "", nil, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, _ := pending.Named(row.format)
			all, problems := f.Read([]byte(row.file), target())
			var got []string
			for _, x := range all {
				got = append(got, string(x.Kind)+" "+x.Card+" "+x.Barcode+" "+x.At.Format("15:04:05.000"))
			}
			if !slices.Equal(got, row.want) || len(problems) != row.problems {
				t.Errorf("read %q and problems %v, want %q and %d", got, problems, row.want, row.problems)
			}
		})
	}
}

// Whatever was done, a file is written, and says just what is said to be in it.
func TestEveryFileSaysWhatIsKept(t *testing.T) {
	code := rapid.OneOf(rapid.StringMatching(`[0-9A-Za-z]{1,22}`), rapid.String(), rapid.SampledFrom([]string{"", "PRET SECOURU", "a:b", "a b", " "}))
	kind := rapid.SampledFrom([]pending.Kind{pending.Loan, pending.Renewal, pending.Return, pending.Payment, pending.InHouseUse, pending.Registration, pending.Other})
	rapid.Check(t, func(t *rapid.T) {
		var all []pending.Transaction
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			when := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, "when")))
			x := pending.Transaction{
				Entry: circ.EntryID(string(rune('a' + i))), Kind: kind.Draw(t, "kind"), At: when, Card: code.Draw(t, "card"), Barcode: code.Draw(t, "barcode"),
				Amount: euro(rapid.Int64Range(1, 99999).Draw(t, "minor")), Count: rapid.IntRange(0, 120).Draw(t, "count"),
				Person: pending.Person{Family: rapid.String().Draw(t, "family")},
			}
			if rapid.Bool().Draw(t, "due") {
				x.Due = when.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "hours")) * time.Hour)
			}
			all = append(all, x)
		}
		to := target()
		to.Profile, to.HomeOrg = 1, 1
		for _, f := range pending.Formats() {
			_, kept, left, err := f.Export(to, all)
			if err != nil || len(kept)+len(left) != len(all) {
				t.Fatalf("%s: %d kept, %d left of %d, %v", f.Name, len(kept), len(left), len(all), err)
			}
		}
	})
}

// What can be read can be written again, whatever it is.
func FuzzRead(f *testing.F) {
	for _, one := range pending.Formats() {
		file, _, _, err := one.Export(target(), afternoon())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(one.Name, file)
	}
	f.Fuzz(func(t *testing.T, name string, file []byte) {
		one, ok := pending.Named(name)
		if !ok {
			return
		}
		all, problems := one.Read(file, target())
		if n := strings.Count(string(file), "\n") + 1; len(all)+len(problems) > n {
			t.Fatalf("%d transactions and %d problems of %d lines", len(all), len(problems), n)
		}
		to := target()
		to.Profile, to.HomeOrg = 1, 1
		if _, kept, left, err := one.Export(to, all); err != nil || len(kept)+len(left) != len(all) {
			t.Fatalf("written again: %v", err)
		}
	})
}
