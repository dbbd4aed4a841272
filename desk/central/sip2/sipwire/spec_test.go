package sipwire

import (
	"slices"
	"strings"
	"testing"
)

// The protocol's tables of messages, as a second source beside the one in the
// package: where the first field begins, what is required, what may be there.
func TestMessages(t *testing.T) {
	for _, row := range []struct {
		code     Code
		by       Side
		reply    Code
		first    int // the offset of the first field
		required string
		optional string
	}{
		{"93", ByTerminal, "94", 4, "CN CO", "CP"},
		{"99", ByTerminal, "98", 10, "", ""},
		{"97", ByTerminal, "", 2, "", ""},
		{"23", ByTerminal, "24", 23, "AO AA AC AD", ""},
		{"63", ByTerminal, "64", 33, "AO AA", "AC AD BP BQ"},
		{"35", ByTerminal, "36", 20, "AO AA", "AC AD"},
		{"11", ByTerminal, "12", 40, "AO AA AB AC", "CH AD BO BI"},
		{"09", ByTerminal, "10", 39, "AP AO AB AC", "CH BI"},
		{"29", ByTerminal, "30", 40, "AO AA", "AD AB AJ AC CH BO"},
		{"65", ByTerminal, "66", 20, "AO AA", "AD AC BO"},
		{"15", ByTerminal, "16", 21, "AO AA", "BW BS BY AD AB AJ AC BO"},
		{"17", ByTerminal, "18", 20, "AO AB", "AC"},
		{"19", ByTerminal, "20", 20, "AO AB CH", "AC"},
		{"01", ByTerminal, "24", 21, "AO AL AA AC", ""},
		{"25", ByTerminal, "26", 20, "AO AA", "AC AD"},
		{"37", ByTerminal, "38", 27, "BV AO AA", "AC AD CG BK"},

		{"94", BySystem, "", 3, "", ""},
		{"98", BySystem, "", 36, "AO BX", "AM AN AF AG"},
		{"96", BySystem, "", 2, "", ""},
		{"24", BySystem, "", 37, "AO AA AE", "BL CQ BH BV AF AG"},
		{"64", BySystem, "", 61, "AO AA AE", "BZ CA CB BL CQ BH BV CC AS AT AU AV BU CD BD BE BF AF AG"},
		{"36", BySystem, "", 21, "AO AA", "AF AG"},
		{"12", BySystem, "", 24, "AO AA AB AJ AH", "BT CI BH BV CK CH BK AF AG"},
		{"10", BySystem, "", 24, "AO AB AQ", "AJ CL AA CK CH AF AG"},
		{"30", BySystem, "", 24, "AO AA AB AJ AH", "BT CI BH BV CK CH BK AF AG"},
		{"66", BySystem, "", 29, "AO", "BM BN AF AG"},
		{"16", BySystem, "", 22, "AO AA", "BW BR BS AB AJ AF AG"},
		{"18", BySystem, "", 26, "AB AJ", "CF AH CJ CM BG BH BV CK AQ AP CH AF AG"},
		{"20", BySystem, "", 21, "AB", "AJ CH AF AG"},
		{"26", BySystem, "", 37, "AO AA AE", "BL CQ AF AG"},
		{"38", BySystem, "", 21, "AO AA", "BK AF AG"},

		{"XS", ByTerminal, "XT", 2, "", ""},
		{"XT", BySystem, "", 2, "", ""},
	} {
		t.Run(string(row.code), func(t *testing.T) {
			s, ok := Lookup(row.code)
			if !ok {
				t.Fatal("not known")
			}
			if s.By != row.by || s.Reply != row.reply {
				t.Errorf("by %d, answered by %q; want %d, %q", s.By, s.Reply, row.by, row.reply)
			}
			if got := 2 + s.HeaderWidth(); got != row.first {
				t.Errorf("the first field is at %d, want %d", got, row.first)
			}
			var required, optional []string
			for _, u := range s.Fields {
				if u.Required {
					required = append(required, string(u.Tag))
				} else {
					optional = append(optional, string(u.Tag))
				}
			}
			for _, list := range []struct {
				name string
				got  []string
				want string
			}{{"required", required, row.required}, {"optional", optional, row.optional}} {
				want := strings.Fields(list.want)
				slices.Sort(list.got)
				slices.Sort(want)
				if !slices.Equal(list.got, want) {
					t.Errorf("%s: %v, want %v", list.name, list.got, want)
				}
			}
		})
	}
	if n := len(Specs()); n != 33 {
		t.Errorf("%d messages, and 33 in this table", n)
	}
	if _, ok := Lookup("88"); ok {
		t.Error("88 is known")
	}
}

// Real clients take the first field by its offset.
func TestAOStandsFirst(t *testing.T) {
	for _, code := range []Code{"24", "64", "10", "12", "30", "36", "26", "38", "66", "98"} {
		if s, _ := Lookup(code); s.Fields[0].Tag != Institution {
			t.Errorf("%s begins with %s", code, s.Fields[0].Tag)
		}
	}
	if s, _ := Lookup(ItemInformationResponse); s.Takes(Institution) || s.Fields[0].Tag != HoldQueueLength {
		t.Error("18 begins with another field than CF, or has AO")
	}
}

func TestTable(t *testing.T) {
	var last Code
	for _, s := range Specs() {
		if s.Code <= last {
			t.Errorf("%s stands behind %s", s.Code, last)
		}
		last = s.Code
		if s.By == ByTerminal && s.Reply != "" {
			if r, ok := Lookup(s.Reply); !ok || r.By != BySystem {
				t.Errorf("%s is answered by %q", s.Code, s.Reply)
			}
		}
		if asks := slices.Contains([]Code{"17", "23", "63", "99"}, s.Code); s.Asks != asks {
			t.Errorf("%s only asks: %v", s.Code, s.Asks)
		}
		parts, tags := map[Part]bool{}, map[Tag]bool{}
		for _, slot := range s.Header {
			if parts[slot.Part] || slot.Kind.Width() == 0 {
				t.Errorf("%s: part %q", s.Code, slot.Part)
			}
			parts[slot.Part] = true
		}
		for _, u := range s.Fields {
			if tags[u.Tag] || len(u.Tag) != 2 || known[string(u.Tag)] != u.Tag {
				t.Errorf("%s: field %q", s.Code, u.Tag)
			}
			tags[u.Tag] = true
			if list := slices.Contains([]Tag{"AF", "AG", "AS", "AT", "AU", "AV", "BU", "CD", "BM", "BN"}, u.Tag); u.Repeats != list {
				t.Errorf("%s: field %s repeats: %v", s.Code, u.Tag, u.Repeats)
			}
		}
	}
}

// Each part in its own alphabet: the protocol has three for yes and no.
func TestAlphabets(t *testing.T) {
	for _, row := range []struct {
		part  Part
		kind  Kind
		codes string
	}{
		{OK, Binary, "94 12 10 30 66 16"},
		{PropertiesOK, Binary, "20"},
		{SessionEnded, YesNo, "36"},
		{PaymentAccepted, YesNo, "38"},
		{Available, YesNo, "16"},
		{RenewalOK, YesNo, "12 30"},
		{MagneticMedia, YesNoOther, "10 12 30"},
		{Alert, YesNo, "10"},
		{NoBlock, YesNo, "11 09 29"},
		{RenewalPolicy, YesNo, "11"},
		{CardRetained, YesNo, "01"},
		{OfflineOK, YesNo, "98"},
		{PatronStatusPart, Status, "24 26 64"},
		{WantedSummary, Summary, "63"},
		{NBDueDate, DateOrNone, "11 29"},
		{ReturnDate, Date, "09"},
		{DateTimeSync, Date, "98"},
		{HoldMode, Char, "15"},
		{CurrencyPart, Currency, "37"},
	} {
		var codes []string
		for _, s := range Specs() {
			if _, k, ok := s.slot(row.part); ok {
				codes = append(codes, string(s.Code))
				if k != row.kind {
					t.Errorf("%s of %s is of kind %d, want %d", row.part, s.Code, k, row.kind)
				}
			}
		}
		want := strings.Fields(row.codes)
		slices.Sort(want)
		if !slices.Equal(codes, want) {
			t.Errorf("%s is in %v, want %v", row.part, codes, want)
		}
	}
}

func TestCodes(t *testing.T) {
	for width, codes := range map[int][]string{
		1: {
			string(HoldOther), string(HoldAnyCopy), string(HoldSpecificCopy), string(HoldAnyAtOneBranch), string(HoldAdd),
			string(HoldCancel), string(HoldChange), string(TerminalOK), string(TerminalOutOfPaper), string(TerminalShuttingDown),
		},
		2: {string(CircMissing), string(MarkerWhisperTape), string(FeeHold), string(PaidCreditCard), string(AlertOther)},
		3: {string(MediaBookAndAudioTape)},
	} {
		for _, c := range codes {
			if len(c) != width {
				t.Errorf("%q has not %d characters", c, width)
			}
		}
	}
	if len(Languages) != 28 || Languages[1] != "English" || Languages[27] != "Taiwanese" || Languages[12] != "Norwegian" {
		t.Error("the languages do not stand at their numbers")
	}
	if CircAvailable != "03" || CircCharged != "04" || CircOnHoldShelf != "08" || CircInTransit != "10" || CircMissing != "13" {
		t.Error("codes of circulation")
	}
}
