package sipserver

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"circdesk/desk/circ"
)

// offsets is where the first tag of each answer stands, and which it is: clients in use
// cut there. The widths are the protocol's own, as its description has them.
var offsets = map[string]struct {
	at  int
	tag string
}{
	"94": {3, ""}, "98": {36, "AO"}, "24": {37, "AO"}, "64": {61, "AO"}, "36": {21, "AO"}, "12": {24, "AO"}, "10": {24, "AO"}, "30": {24, "AO"},
	"66": {29, "AO"}, "16": {22, ""}, "18": {26, ""}, "20": {21, "AB"}, "26": {37, "AO"}, "38": {21, "AO"},
}

// always are the fields that an answer always has, empty if nothing is known.
var always = map[string]string{
	"98": "AO BX", "24": "AO AA AE", "64": "AO AA AE", "36": "AO AA", "12": "AO AA AB AJ AH", "10": "AO AB AQ", "30": "AO AA AB AJ AH", "66": "AO",
	"16": "AO AA", "18": "AB AJ", "20": "AB", "26": "AO AA AE", "38": "AO AA",
}

// order is that of the protocol's description.
var order = map[string]string{
	"98": "AO AM BX AN AF AG", "24": "AO AA AE BL CQ BH BV AF AG", "64": "AO AA AE BZ CA CB BL CQ BH BV CC AS AT AU AV BU CD BD BE BF AF AG",
	"36": "AO AA AF AG", "12": "AO AA AB AJ AH BT CI BH BV CK CH BK AF AG", "30": "AO AA AB AJ AH BT CI BH BV CK CH BK AF AG",
	"10": "AO AB AQ AJ CL AA CK CH AF AG", "66": "AO BM BN AF AG", "16": "BW BR BS AO AA AB AJ AF AG",
	"18": "CF AH CJ CM AB AJ BG BH BV CK AQ AP CH AF AG", "20": "AB AJ CH AF AG", "26": "AO AA AE BL CQ AF AG", "38": "AO AA BK AF AG",
}

// Clients that cut at fixed places, and take the first field by its place and the others by
// a search for the delimiter and the tag, find what they look for in every answer: of
// what is known, of what is not, and of what is refused.
func TestFixedPlaces(t *testing.T) {
	w := start(t)
	m := w.kiosk(t)
	sorter := w.logIn(t, "sorter", "sortit")
	for _, known := range []bool{true, false} {
		card, item := "2001", "3001"
		if !known {
			card, item = "x", "y"
		}
		for _, say := range []string{
			"9300CNsc|COsecret|", "9900802.00", "23001" + stamp + "AOMAIN|AA" + card + "|AC|AD|", "63001" + stamp + "Y         AOMAIN|AA" + card + "|",
			"11NN" + stamp + noDate + "AOMAIN|AA" + card + "|AB" + item + "|AC|", "29NN" + stamp + noDate + "AOMAIN|AA" + card + "|AB" + item + "|",
			"65" + stamp + "AOMAIN|AA" + card + "|", "17" + stamp + "AOMAIN|AB" + item + "|", "15+" + stamp + "AOMAIN|AA" + card + "|AB" + item + "|",
			"15*" + stamp + "AOMAIN|AA" + card + "|AB" + item + "|", "15-" + stamp + "AOMAIN|AA" + card + "|AB" + item + "|",
			"09N" + stamp + stamp + "APx|AOMAIN|AB" + item + "|AC|", "19" + stamp + "AOMAIN|AB" + item + "|CHx|", "01N" + stamp + "AOMAIN|ALx|AA" + card + "|AC|",
			"25" + stamp + "AOMAIN|AA" + card + "|", "37" + stamp + "0100EURBV1.00|AOMAIN|AA" + card + "|", "35" + stamp + "AOMAIN|AA" + card + "|",
		} {
			cutAs(t, say, m.ask(say))
			if say[:2] != "93" && say[:2] != "99" {
				cutAs(t, say, sorter.ask(say))
			}
		}
	}
}

func cutAs(t *testing.T, say, got string) {
	t.Helper()
	code := got[:2]
	place, ok := offsets[code]
	if !ok || len(got) < place.at {
		t.Errorf("%s: %q", say, got)
		return
	}
	rest := got[place.at:]
	if !strings.HasPrefix(rest, place.tag) || rest != "" && !strings.HasSuffix(rest, "|") {
		t.Errorf("%s: the first field, or the last delimiter, is elsewhere: %q", say, got)
		return
	}
	var tags []string
	for f := range strings.SplitSeq(strings.TrimSuffix(rest, "|"), "|") {
		if rest != "" && len(f) < 2 {
			t.Errorf("%s: %q in %q", say, f, got)
			return
		}
		if rest != "" {
			tags = append(tags, f[:2])
		}
	}
	for tag := range strings.FieldsSeq(always[code]) {
		if !strings.Contains("|"+rest, "|"+tag) {
			t.Errorf("%s: no %s in %q", say, tag, got)
		}
	}
	at := 0
	all := strings.Fields(order[code])
	for _, tag := range tags {
		i := -1
		for n, one := range all {
			if one == tag {
				i = n
			}
		}
		if i < 0 {
			at = len(all) // an extension: behind the protocol's own
			continue
		}
		if i < at {
			t.Errorf("%s: %s stands too late in %q", say, tag, got)
		}
		at = i
	}
	if code == "64" {
		for i := range 6 {
			if _, err := strconv.Atoi(got[37+4*i : 41+4*i]); err != nil {
				t.Errorf("%s: the counts are %q", say, got[37:61])
			}
		}
	}
	dates := map[string]int{"98": 14, "24": 19, "64": 19, "36": 3, "12": 6, "10": 6, "30": 6, "66": 11, "16": 4, "18": 8, "20": 3, "26": 19, "38": 3}
	if n, ok := dates[code]; ok && got[n:n+18] != stamp {
		t.Errorf("%s: the date is %q", say, got[n:n+18])
	}
	if code == "24" || code == "64" || code == "26" {
		if strings.Trim(got[2:16], "Y ") != "" {
			t.Errorf("%s: the marks are %q", say, got[2:16])
		}
	}
}

// A client that speaks without numbers after 96, with two delimiters at the end and a zone
// of zeros, and checks a patron with a connection for each.
func TestPatronCheckOfAnApp(t *testing.T) {
	w := start(t)
	for range 3 {
		m := w.connect(t)
		say := sealed("63000"+"202611260000110000"+"          AOMAIN|AA2001|AC|AD17051990||", 2)
		for _, row := range []struct{ say, want string }{
			{sealed("9300CNsc|COsecret|CPx||", 1), "941AY1AZ"},
			{say, "64              000"},
			{sealed("35"+"202611260000110000"+"AOMAIN|AA2001|AC|AD||", 3), "36Y"},
		} {
			if got := m.ask(row.say); !strings.HasPrefix(got, row.want) {
				t.Errorf("%s: %q", row.say, got)
			}
		}
		_ = m.Close()
	}
}

// What a title has that ends a message, or a field, or is too long, does not.
func TestTextThatWouldEndAMessage(t *testing.T) {
	w := start(t)
	w.put(t, circ.Title{ID: "t1", Title: "One\rTwo|AAx|\n" + strings.Repeat("ü", 300)})
	m := w.kiosk(t)
	got := m.safe(item1)
	i := strings.Index(got, "|AJ")
	value, _, _ := strings.Cut(got[i+3:], "|")
	if !strings.HasPrefix(value, "One Two AAx  ü") || len(value) > 255 || !utf8.ValidString(value) {
		t.Errorf("%d bytes: %q", len(value), got)
	}
}

// Each terminal has its character set, and a checksum of the bytes as they are sent.
func TestCharsets(t *testing.T) {
	for _, row := range []struct{ charset, want string }{
		{"utf8", "Anna Händel"}, {"latin1", "Anna H\xe4ndel"}, {"cp850", "Anna H\x84ndel"}, {"ascii", "Anna Handel"},
	} {
		m := start(t, func(s string) string { return strings.Replace(s, `charset = "utf8"`, `charset = "`+row.charset+`"`, 1) }).kiosk(t)
		if got := m.safe(status("2001", "")); !strings.Contains(got, "|AE"+row.want+"|") {
			t.Errorf("%s: %q", row.charset, got)
		}
	}
	m := start(t).connect(t)
	for range 2 { // the second time in the terminal's own way
		m.say(sealed("9300CNcareful|COsecret|", 0))
		line, err := m.r.ReadString('\n')
		if err != nil || line != sealed("941", 0)+"\r\n" {
			t.Errorf("%q, %v", line, err)
		}
	}
}

// A sorter hears the bin, the alert and for whom an item is.
func TestSorter(t *testing.T) {
	w := start(t)
	w.put(t,
		circ.Request{ID: "r1", Title: "t1", Patron: "ben", Pickup: "branch", At: noon.Add(-2e9), Stage: circ.Waiting},
		circ.Item{ID: "i9", Barcode: "3009", Title: "t9", Type: "book", Home: "branch", Location: "stacks", Staff: "torn"},
		circ.Item{ID: "i10", Barcode: "3010", Title: "t10", Type: "book", Home: "branch", Location: "stacks"},
	)
	m := w.logIn(t, "sorter", "sortit")
	in := func(item string) string { return m.ask("09N" + stamp + stamp + "APBR|AOBR|AB" + item + "|AC|") }
	for _, row := range []struct {
		name, item string
		has        []string
	}{
		{"for somebody here", "3001", []string{"101YNY", "|CL1|", "|CV01|", "|CY2002|", "|DABen Ong|"}},
		{"for another library", "3002", []string{"101YNY", "|CL2|", "|CV04|", "|CTMAIN|"}},
		{"for staff", "3009", []string{"101YNY", "|CL9|", "|CV99|"}},
		{"for its shelf", "3010", []string{"101YNN", "|CL9|"}},
	} {
		got := in(row.item)
		for _, part := range row.has {
			if !strings.Contains(got, part) {
				t.Errorf("%s: no %s in %q", row.name, part, got)
			}
		}
		if strings.Contains(got, "torn") || strings.HasPrefix(got, "101YNN") && strings.Contains(got, "CV") {
			t.Errorf("%s: %q", row.name, got)
		}
	}
	if got := m.ask("17" + stamp + "AOBR|AB3001|"); !strings.HasPrefix(got, "1808") || !strings.Contains(got, "|CM") && !strings.Contains(got, "CM2026") || !strings.Contains(got, "CY2002") {
		t.Errorf("on the hold shelf: %q", got)
	}
}
