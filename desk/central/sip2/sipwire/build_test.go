package sipwire

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/money"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func TestBuild(t *testing.T) {
	utf8 := Form{Charset: UTF8}
	for _, row := range []struct {
		name  string
		build *Builder
		want  string
	}{
		{"a login", utf8.Build(Login).Set(UIDAlgorithm, "0").Set(PasswordAlgorithm, "0").
			Field(LoginUser, "desk").Field(LoginPassword, "secret").Field(LoginLocation, "main"),
			"9300CNdesk|COsecret|CPmain|\r"},
		{"fields in the protocol's order, whatever was said first", utf8.Build(Login).Field(LoginLocation, "main").
			Field(LoginPassword, "secret").Field(LoginUser, "desk").Set(PasswordAlgorithm, "0").Set(UIDAlgorithm, "0"),
			"9300CNdesk|COsecret|CPmain|\r"},
		{"passwords that are not used are sent empty", utf8.Build(PatronStatusRequest).Set(Language, "001").
			Date(TransactionDate, noon, time.UTC).Field(Institution, "main").Field(PatronID, "1"),
			"2300120261126    120000AOmain|AA1|AC|AD|\r"},
		{"a terminal's status", utf8.Build(TerminalStatus).Set(StatusCode, string(TerminalOK)).Count(PrintWidth, 80).Set(ProtocolVersion, "2.00"),
			"9900802.00\r"},
		{"a check-out", utf8.Build(Checkout).Flag(RenewalPolicy, true).Flag(NoBlock, false).DateUTC(TransactionDate, noon).
			Field(Institution, "main").Field(PatronID, "1").Field(ItemID, "2").FlagField(FeeAcknowledged, false),
			"11YN20261126   Z120000                  AOmain|AA1|AB2|AC|BON|\r"},
		{"a check-out that has happened", utf8.Build(Checkout).Flag(RenewalPolicy, false).Flag(NoBlock, true).
			Date(TransactionDate, noon, time.UTC).Date(NBDueDate, noon.AddDate(0, 0, 28), time.UTC),
			"11NY20261126    12000020261224    120000AO|AA|AB|AC|\r"},
		{"no due date", utf8.Build(Checkout).Flag(RenewalPolicy, false).Flag(NoBlock, true).
			Date(TransactionDate, noon, time.UTC).Date(NBDueDate, time.Time{}, time.UTC),
			"11NY20261126    120000                  AO|AA|AB|AC|\r"},
		{"a list of a patron", utf8.Build(PatronInformation).Set(Language, "000").Date(TransactionDate, noon, time.UTC).
			List(ChargedList).Field(StartItem, "1").Field(EndItem, "10"),
			"6300020261126    120000  Y       AO|AA|BP1|BQ10|\r"},
		{"what is known of a patron", utf8.Build(PatronInformationResponse).Status(TooManyOverdue).Set(Language, "001").
			Date(TransactionDate, noon, time.UTC).Count(ChargedItems, 3).Count(OverdueItems, 12345).
			Field(ScreenMessage, "one").Field(ChargedItem, "a").Field(ScreenMessage, "two").Field(ChargedItem, "b").
			Field(PersonalName, "Händel").Limit(HoldItemsLimit, 25).Amount(FeeAmount, money.Amount{Minor: -320, Currency: "EUR"}).
			Amount(FeeLimit, money.Amount{Minor: 1000, Currency: "EUR"}),
			"64      Y       00120261126    120000    99990003            AO|AA|AEHändel|BZ0025|BHEUR|BV-3.20|CC10.00|AUa|AUb|AFone|AFtwo|\r"},
		{"a fee that was paid", utf8.Build(FeePaid).Date(TransactionDate, noon, time.UTC).Set(FeeTypePart, string(FeeOverdue)).
			Set(PaymentTypePart, string(PaidCash)).Amount(FeeAmount, money.Amount{Minor: 500, Currency: "JPY"}),
			"3720261126    1200000400JPYBV500|AO|AA|\r"},
		{"a return", utf8.Build(CheckinResponse).Flag(OK, true).Flag(Resensitize, true).Set(MagneticMedia, "U").Flag(Alert, false).
			Date(TransactionDate, noon, time.UTC).Field(CallNumber, "853").Field(Institution, "main"),
			"101YUN20261126    120000AOmain|AB|AQ|CS853|\r"},
		{"a hold that is cancelled", utf8.Build(Hold).Set(HoldMode, string(HoldCancel)).Date(TransactionDate, noon, time.UTC).
			DateField(ExpirationDate, noon, time.UTC),
			"15-20261126    120000BW20261126    120000|AO|AA|\r"},
		{"a system without a clock", utf8.Build(SystemStatus).Flag(Online, true).Flag(CheckinOK, true).Flag(CheckoutOK, true).
			Flag(RenewalAllowed, true).Flag(StatusUpdateOK, false).Flag(OfflineOK, true).Count(TimeoutPeriod, 100).Count(RetriesAllowed, Unknown).
			NoDate(DateTimeSync).Set(ProtocolVersion, "2.00").FieldBytes(SupportedMessages, (TakesCheckout | TakesCheckin).Append(nil)),
			"98YYYYNY1009990000000000000000002.00AO|BXNYYNNNNNNNNNNNNN|\r"},
		{"a delimiter within a title", utf8.Build(ItemStatusUpdateResponse).Flag(PropertiesOK, true).Date(TransactionDate, noon, time.UTC).
			Field(Title, "a|AFb\r\n\x1bc"), "20120261126    120000AB|AJa AFb   c|\r"},
		{"a delimiter within bytes", utf8.Build(ItemStatusUpdateResponse).Flag(PropertiesOK, true).Date(TransactionDate, noon, time.UTC).
			FieldBytes(Title, []byte("a|\rb")), "20120261126    120000AB|AJa  b|\r"},
		{"a wide delimiter that an older set writes as ours", Form{Charset: Latin1}.Build(Login).Set(UIDAlgorithm, "0").
			Set(PasswordAlgorithm, "0").Field(LoginUser, "a｜b"), "9300CNa b|CO|\r"},
		{"another form", Form{Charset: CP850, Delimiter: '^', Terminator: "\r\n"}.Build(Login).Set(UIDAlgorithm, "0").
			Set(PasswordAlgorithm, "0").Field(LoginUser, "ä|b^c"), "9300CN\x84|b c^CO^\r\n"},
		{"a long text", utf8.Build(EndSessionResponse).Flag(SessionEnded, true).Date(TransactionDate, noon, time.UTC).
			Field(ScreenMessage, "a"+strings.Repeat("é", 200)),
			"36Y20261126    120000AO|AA|AFa" + strings.Repeat("é", 127) + "|\r"},
		{"a message of nothing", utf8.Build(EndConnection), "XS\r"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m, err := row.build.Message()
			if err != nil {
				t.Fatal(err)
			}
			if got := string(m.Bytes()); got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
			if m.Odd() || m.Missing() != nil {
				t.Errorf("%q is odd, or misses %v", m.Bytes(), m.Missing())
			}
		})
	}
}

func TestWhatCannotBeBuilt(t *testing.T) {
	login := func() *Builder { return Form{}.Build(Login).Set(UIDAlgorithm, "0").Set(PasswordAlgorithm, "0") }
	paid := func() *Builder {
		return Form{}.Build(FeePaid).Date(TransactionDate, noon, time.UTC).Set(FeeTypePart, "01").Set(PaymentTypePart, "00")
	}
	for _, row := range []struct {
		name  string
		build *Builder
		says  string
	}{
		{"a message that the protocol does not know", Form{}.Build("88"), `not a message of the protocol: "88"`},
		{"a part that is not set", Form{}.Build(Login).Set(UIDAlgorithm, "0"), "no PWD algorithm for a message 93"},
		{"a date that is not set", Form{}.Build(EndSession), "no transaction date for a message 35"},
		{"a date that is none", Form{}.Build(EndSession).Date(TransactionDate, time.Time{}, time.UTC), "no transaction date"},
		{"a year that cannot be written", Form{}.Build(EndSession).DateUTC(TransactionDate, noon.AddDate(9000, 0, 0)), "no transaction date"},
		{"a due date that cannot be written", Form{}.Build(Checkout).Flag(RenewalPolicy, true).Flag(NoBlock, true).
			DateUTC(TransactionDate, noon).DateUTC(NBDueDate, noon.AddDate(9000, 0, 0)), "no nb due date"},
		{"a part of another message", login().Flag(NoBlock, true), "a message 93 has no no block"},
		{"a mark for a code", login().Flag(UIDAlgorithm, true), "another kind of part"},
		{"a code that is too long", login().Set(UIDAlgorithm, "00"), `"00" is not a UID algorithm`},
		{"a code that is blank", login().Set(UIDAlgorithm, " "), "is not a UID algorithm"},
		{"a code that is none", login().Set(UIDAlgorithm, "x"), "is not a UID algorithm"},
		{"a delimiter for a code", Form{}.Build(Hold).Set(HoldMode, "|"), "is not a hold mode"},
		{"a tag that is none", login().Field("aa", "x"), "not the tag of a field"},
		{"a tag of three", login().Field("AAA", "x"), "not the tag of a field"},
		{"no tag", login().Field("", "x"), "not the tag of a field"},
		{"a number", login().Field(SequenceTag, "1"), "not the tag of a field"},
		{"a checksum", login().Field(ChecksumTag, "1"), "not the tag of a field"},
		{"a field twice", login().Field(LoginUser, "a").Field(LoginUser, "b"), "the field CN is twice"},
		{"money of no currency", paid().Amount(FeeAmount, money.Amount{Minor: 5}), "no currency"},
		{"two currencies", paid().Set(CurrencyPart, "USD").Amount(FeeAmount, money.Amount{Minor: 5, Currency: "EUR"}), "two currencies in a message 37: USD and EUR"},
		{"a delimiter that is a letter", Form{Delimiter: 'a'}.Build(EndConnection), ErrDelimiter.Error()},
		{"a terminator that nobody reads", Form{Terminator: "\x00"}.Build(EndConnection), ErrTerminator.Error()},
	} {
		t.Run(row.name, func(t *testing.T) {
			m, err := row.build.Message()
			if err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%q, %v; want an error with %q", m.Bytes(), err, row.says)
			}
		})
	}
}

func TestForms(t *testing.T) {
	for _, f := range []Form{{}, {Delimiter: '^'}, {Terminator: "\r\n"}, {Terminator: "\n", Charset: UTF8}} {
		if err := f.Check(); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
	for _, row := range []struct {
		form Form
		want error
	}{{Form{Delimiter: 'A'}, ErrDelimiter}, {Form{Delimiter: '\r'}, ErrDelimiter}, {Form{Terminator: "|"}, ErrTerminator}} {
		if err := row.form.Check(); !errors.Is(err, row.want) {
			t.Errorf("%+v: %v", row.form, err)
		}
	}
}

// Whatever is built is read as it was built, by every peer that knows the form:
// the parts, the fields in order, the checksum, the same bytes.
func TestBuiltMessagesAreRead(t *testing.T) {
	specs := Specs()
	rapid.Check(t, func(t *rapid.T) {
		form := Form{
			Charset:   Charset(rapid.IntRange(0, 3).Draw(t, "charset")),
			Delimiter: rapid.SampledFrom([]byte{0, '|', '^', '~'}).Draw(t, "delimiter"),
		}
		spec := rapid.SampledFrom(specs).Draw(t, "message")
		b := form.Build(spec.Code)
		for _, slot := range spec.Header {
			drawPart(t, b, slot)
		}
		want := map[Tag][]string{}
		for _, u := range spec.Fields {
			most := 1
			if u.Repeats {
				most = 3
			}
			for range rapid.IntRange(0, most).Draw(t, string(u.Tag)) {
				text := drawText().Draw(t, "text")
				b.Field(u.Tag, text)
				want[u.Tag] = append(want[u.Tag], string(form.value(text)))
			}
			if u.Required && want[u.Tag] == nil {
				want[u.Tag] = []string{""}
			}
		}
		m, err := b.Message()
		if err != nil {
			t.Fatal(err)
		}
		number := rapid.IntRange(0, 9).Draw(t, "number")
		sent := m.Sealed(number)
		bytesSent := sent.Bytes()
		read, err := NewReader(bytes.NewReader(bytesSent), 0, form.Delimiter).Next()
		if err != nil {
			t.Fatal(err)
		}
		got, err := form.Parse(read)
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := got.Number(); !ok || n != number || got.Check() != Intact || got.Odd() || got.Missing() != nil {
			t.Fatalf("%q: number %d, check %d, odd %v, missing %v", read, n, got.Check(), got.Odd(), got.Missing())
		}
		if !bytes.Equal(got.Bytes(), bytesSent) || !bytes.Equal(got.Header, m.Header) || len(got.Fields) != len(m.Fields) {
			t.Fatalf("built %s\nread  %s", written(m), written(got))
		}
		last := -1
		for _, f := range got.Fields {
			at := slices.IndexFunc(spec.Fields, func(u Use) bool { return u.Tag == f.Tag })
			if at < last {
				t.Fatalf("%q: %s is out of order", read, f.Tag)
			}
			last = at
		}
		for tag, values := range want {
			all := got.All(tag)
			if len(all) != len(values) {
				t.Fatalf("%q: %d fields %s, want %d", read, len(all), tag, len(values))
			}
			for i, v := range all {
				if string(v) != values[i] {
					t.Fatalf("%q: %s is %q, want %q", read, tag, v, values[i])
				}
			}
		}
	})
}

func drawPart(t *rapid.T, b *Builder, slot Slot) {
	switch slot.Kind {
	case Binary, YesNo, YesNoOther:
		b.Flag(slot.Part, rapid.Bool().Draw(t, "yes"))
	case Char:
		b.Set(slot.Part, rapid.SampledFrom([]string{"+", "-", "*"}).Draw(t, "mode"))
	case Code1:
		b.Set(slot.Part, rapid.StringMatching(`[0-9]`).Draw(t, "code"))
	case Code2:
		b.Set(slot.Part, rapid.StringMatching(`[0-9]{2}`).Draw(t, "code"))
	case Digits3, Count:
		b.Count(slot.Part, rapid.IntRange(-1, 11000).Draw(t, "count"))
	case Currency:
		b.Set(slot.Part, rapid.StringMatching(`[A-Z]{3}`).Draw(t, "currency"))
	case Version:
		b.Set(slot.Part, "2.00")
	case Date, DateOrNone:
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "time"), 0)
		if rapid.Bool().Draw(t, "utc") {
			b.DateUTC(slot.Part, at)
		} else {
			b.Date(slot.Part, at, time.UTC)
		}
	case Status:
		b.Status(PatronStatus(rapid.IntRange(0, 1<<14-1).Draw(t, "status")))
	case Summary:
		b.List(List(rapid.IntRange(-1, 6).Draw(t, "list")))
	}
}

// drawText draws texts that make trouble on a wire.
func drawText() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{
			"", "21112000698132", "Händel", "a|AFb", "^^", "x\r\ny", "AY1AZFFFF", "PLAZ1234", "|||", " ", "é", "漢字", "\xff", "ABc", "12|34",
			strings.Repeat("long ", 80), "｜", "\x00",
		}),
	)
}
