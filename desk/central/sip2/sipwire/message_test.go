package sipwire

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// written shows how a message was taken apart: its header, then each field, ¦
// behind one that a delimiter ends, then what is at the end.
func written(m Message) string {
	var s strings.Builder
	s.WriteString(string(m.Code) + "[" + string(m.Header) + "]")
	for _, f := range m.Fields {
		s.WriteString(string(f.Tag) + "=" + string(f.Value))
		if !f.Open {
			s.WriteString("¦")
		}
	}
	if m.Sequence != nil {
		s.WriteString(" seq=" + string(m.Sequence))
	}
	if m.Checksum != nil {
		s.WriteString(" sum=" + string(m.Checksum))
	}
	return s.String()
}

func TestParse(t *testing.T) {
	for _, row := range []struct {
		name string
		line string
		want string
	}{
		{"a login", "9300CNdesk|COsecret|CPmain|AY1AZF4D2\r", "93[00]CN=desk¦CO=secret¦CP=main¦ seq=1 sum=F4D2"},
		{"without error detection", "9300CNdesk|COsecret|\r", "93[00]CN=desk¦CO=secret¦"},
		{"CR and LF", "941\r\n", "94[1]"},
		{"a LF left over from the message before", "\n941\r", "94[1]"},
		{"no terminator", "941", "94[1]"},
		{"no delimiter behind the last field", "9300CNdesk|COsecret\r", "93[00]CN=desk¦CO=secret"},
		{"no delimiter before the number", "9300CNdesk|COsecretAY1AZF4F1\r", "93[00]CN=desk¦CO=secret seq=1 sum=F4F1"},
		{"a delimiter too many before the number", "9300CNdesk|COsecret||AY1AZF4F1\r", "93[00]CN=desk¦CO=secret¦=¦ seq=1 sum=F4F1"},
		{"a tail of delimiters", "9300CNdesk|CO|||\r\n", "93[00]CN=desk¦CO=¦=¦=¦"},
		{"a delimiter too many between fields", "9300CNdesk||COsecret|\r", "93[00]CN=desk¦=¦CO=secret¦"},
		{"fields in another order", "9300CPmain|COsecret|CNdesk|\r", "93[00]CP=main¦CO=secret¦CN=desk¦"},
		{"a delimiter at the beginning of a value", "9300CN|x|CO|\r", "93[00]CN=|x¦CO=¦"},
		{"an empty value", "9300CN|CO|\r", "93[00]CN=¦CO=¦"},
		{"a field of an extension", "9300CNdesk|U1x|ZZ|\r", "93[00]CN=desk¦U1=x¦ZZ=¦"},
		{"a field twice", "9300CNdesk|CNother|\r", "93[00]CN=desk¦CN=other¦"},
		{"a delimiter within a title", "1803000120261126    120000AB1|AJa | b |c|CK001|\r", "18[03000120261126    120000]AB=1¦AJ=a | b |c¦CK=001¦"},
		{"a delimiter within the last title", "1803000120261126    120000AB1|AJa | b\r", "18[03000120261126    120000]AB=1¦AJ=a | b"},
		{"bytes that are no field", "9300CNdesk|hello|COsecret|\r", "93[00]CN=desk|hello¦CO=secret¦"},
		{"bytes that are no field, first", "9300hello|COsecret|\r", "93[00]=hello¦CO=secret¦"},
		{"one byte behind", "9300CNdesk|x", "93[00]CN=desk|x"},
		{"blanks behind", "9300CNdesk|CO|  \r", "93[00]CN=desk¦CO=¦=  "},
		{"blanks behind the checksum", "941AY0AZFDFD  \r", "94[1] seq=0 sum=FDFD"},

		{"no number, as an answer that was asked for again", "941AZFEC7\r", "94[1] sum=FEC7"},
		{"a request to send again", "97AZFEF5\r", "97[] sum=FEF5"},
		{"a bare request to send again", "97\r", "97[]"},
		{"a number without a digit", "941AYAZFE2D\r", "94[1] seq= sum=FE2D"},
		{"a number of two digits", "941AY10AZFDCC\r", "94[1] seq=10 sum=FDCC"},
		{"a delimiter for a number", "9300CNa|AY|AZF909\r", "93[00]CN=a¦AY=¦ sum=F909"},
		{"a control character for a number", "9300CNa|AY\nAZF909\r", "93[00]CN=a¦AY=\nAZF909"},
		{"a number of its own delimiters", "9300CNa|AY1|AZF8D3\r", "93[00]CN=a¦AY=1¦ sum=F8D3"},
		{"a number and no checksum", "9300CNa|AY1\r", "93[00]CN=a¦AY=1"},
		{"small hexadecimal digits", "941AY0AZfdfd\r", "94[1] seq=0 sum=fdfd"},
		{"a location that ends like a checksum", "9300CNa|CO|CPPLAZ1234\r", "93[00]CN=a¦CO=¦CP=PLAZ1234"},
		{"a location that ends like a checksum, ended", "9300CNa|CO|CPPLAZ1234|\r", "93[00]CN=a¦CO=¦CP=PLAZ1234¦"},

		{"a header of no field", "990802.00\r", "99[0802.00]"},
		{"a header cut off", "36Y20261126\r", "36[Y20261126]"},
		{"a header cut off before the fields", "63001AOmain|AA1|\r", "63[001]AO=main¦AA=1¦"},
		{"a date without its zone", "36Y20261126120000AOmain|AA1|\r", "36[Y20261126120000]AO=main¦AA=1¦"},
		{"a date of 17 characters", "101YNN2026112600001200AOmain|AB1|AQmain|\r", "10[1YNN2026112600001200]AO=main¦AB=1¦AQ=main¦"},
		{"a date of 19 characters", "36Y20261126     120000AOmain|AA1|\r", "36[Y20261126     120000]AO=main¦AA=1¦"},
		{"a broken date, and an institution that looks like a field", "36Y2026112 120000AOAA|AA1|\r", "36[Y2026112 120000]AO=AA¦AA=1¦"},
		{"a short print width", "990401.00|AY1AZFBE1\r", "99[0401.00]=¦ seq=1 sum=FBE1"},
		{"a date in words", "36Yyesterday, at noonAOmain|AA1|\r", "36[Yyesterday, at noon]AO=main¦AA=1¦"},
		{"nothing that is right", "36hello world\r", "36[hello world]"},
		{"nothing that is right, and a delimiter", "36hello|world\r", "36[hello]=¦=world"},
		{"blanks for a whole header", "63" + strings.Repeat(" ", 31) + "AO|AA1|AY0AZF8C8", "63[" + strings.Repeat(" ", 31) + "]AO=¦AA=1¦ seq=0 sum=F8C8"},
		{"only a code", "63\r", "63[]"},

		{"an unknown message", "88what|AAone|\r", "88[what|]AA=one¦"},
		{"an unknown message without fields", "88what\r", "88[what]"},
		{"an unknown message, checked", "88whatAY1AZFFFF\r", "88[what] seq=1 sum=FFFF"},
		{"an unknown message, all checksum", "88AZFF04\r", "88[] sum=FF04"},
		{"a mediator's message", "XSAY1AZFDA1\r", "XS[] seq=1 sum=FDA1"},
		{"not UTF-8", "9300CNM\xfcller|\r", "93[00]CN=M\xfcller¦"},
		{"NUL and escapes", "9300CNa\x00b\x1b[31m|\r", "93[00]CN=a\x00b\x1b[31m¦"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := parse(t, row.line)
			if got := written(m); got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
			if got := string(m.Bytes()); got != row.line {
				t.Errorf("written again %q, read %q", got, row.line)
			}
		})
	}
}

func TestWhatIsNoMessage(t *testing.T) {
	for _, line := range []string{"", "\r\n", "9", "  ", "pr", "Problems handling the request: x", "<html>", "\x00\x01", "9é", "|||", "-1"} {
		if m, err := Parse([]byte(line), 0); !errors.Is(err, ErrNoMessage) {
			t.Errorf("%q: %s, %v", line, written(m), err)
		} else if strings.Contains(err.Error(), "Problems") {
			t.Errorf("the error tells what was sent: %v", err)
		}
	}
}

func TestDelimiters(t *testing.T) {
	m, err := Parse([]byte("9300CNa|b^COc^"), '^')
	if err != nil {
		t.Fatal(err)
	}
	if got := written(m); got != "93[00]CN=a|b¦CO=c¦" {
		t.Error(got)
	}
	if got := string(m.Bytes()); got != "9300CNa|b^COc^" {
		t.Error(got)
	}
	for _, c := range []byte("AZaz09 .+-*\r\n\t\x7f\x80\xff") {
		if _, err := Parse([]byte("941"), c); !errors.Is(err, ErrDelimiter) {
			t.Errorf("%q delimits: %v", c, err)
		}
	}
}

func TestOdd(t *testing.T) {
	for line, want := range map[string]bool{
		"36Y20261126    120000AO|AA|": false,
		"36Y                  AO|AA|": false,
		"36Y20261126120000AO|AA|":     true,
		"36X20261126    120000AO|AA|": true,
		"36Y2026112X    120000AO|AA|": true,
		"9900802.00":                  false,
		"990 802.00":                  false,
		"990802.00":                   true,
		"990080200.":                  true,
		"88what":                      false,
		"120NUN20140124    131049AOx|AA2|AB1234|AJ|AH|BLY|":  false,
		"2420261126    120000001AOx|":                        true,
		"3720261126    1200000100EURBV1.00|AOx|AA1|":         false,
		"3720261126    1200000100EBV1.00|AOx|AA1|":           true,
		"15+20261126    120000AOx|AA1|":                      false,
		"6420261126    120000AOx|AA1|":                       true,
		"98YYYYYN30000520200224    0011562.00AO|BXYYYY|":     false,
		"98YYYYYN3000052020022407001156032.00AO|AM|BXYYYYY|": false, // digits in the zone: a known test server
	} {
		m := parse(t, line)
		if m.Odd() != want {
			t.Errorf("%q is odd: %v", line, m.Odd())
		}
	}
}

func TestFields(t *testing.T) {
	m := parse(t, "64              00020261126    120000000200000002000000000000AOmain|AA1|AEAnn|AUa|AFone|AUb|AFtwo|U1x|")
	if v, ok := m.First(ScreenMessage); !ok || string(v) != "one" {
		t.Errorf("the first AF is %q, %v", v, ok)
	}
	if v, ok := m.First(Tag("U1")); !ok || string(v) != "x" {
		t.Errorf("U1 is %q, %v", v, ok)
	}
	if v, ok := m.First(HomeAddress); ok {
		t.Errorf("BD is %q", v)
	}
	if got := m.All(ChargedItem); len(got) != 2 || string(got[0]) != "a" || string(got[1]) != "b" {
		t.Errorf("AU are %q", got)
	}
	if got := m.All(HoldItem); got != nil {
		t.Errorf("AS are %q", got)
	}
	if got := m.Missing(); got != nil {
		t.Errorf("missing %v", got)
	}
	m = parse(t, "2300120261126    120000AA1|AD|")
	if got := m.Missing(); !slices.Equal(got, []Tag{Institution, TerminalPassword}) {
		t.Errorf("missing %v", got)
	}
	m = parse(t, "88AA1|")
	if got := m.Missing(); got != nil {
		t.Errorf("of an unknown message are missing %v", got)
	}
}

func TestParts(t *testing.T) {
	m := parse(t, "64YYYY          00120261126    120000000100020003    99990000AOmain|AA1|AE|")
	for part, want := range map[Part]string{
		PatronStatusPart: "YYYY          ", Language: "001", TransactionDate: "20261126    120000", HoldItems: "0001",
		OverdueItems: "0002", ChargedItems: "0003", FineItems: "    ", RecallItems: "9999", UnavailableHolds: "0000",
	} {
		if got, ok := m.Part(part); !ok || string(got) != want {
			t.Errorf("%s is %q, %v", part, got, ok)
		}
	}
	if got, ok := m.Part(NoBlock); ok {
		t.Errorf("a patron information has a no block: %q", got)
	}
	if n, ok := m.Count(FineItems); ok {
		t.Errorf("blank counts as %d", n)
	}
	if n, ok := m.Count(RecallItems); !ok || n != 9999 {
		t.Errorf("recalls: %d, %v", n, ok)
	}
	if n, ok := m.Count(TransactionDate); ok {
		t.Errorf("a date counts as %d", n)
	}
	short := parse(t, "121NNY2026")
	if ok, known := short.Flag(OK); !ok || !known {
		t.Error("a header cut off does not say ok")
	}
	if got, ok := short.Part(TransactionDate); ok {
		t.Errorf("a date that was cut off is %q", got)
	}
	unknown := parse(t, "88what|")
	if got, ok := unknown.Part(OK); ok {
		t.Errorf("an unknown message has an ok: %q", got)
	}
	status := parse(t, "98YYYYNN01099920130808    1509002.00AOst|BXYYYYYYYYYYYYYYYY|")
	if n, ok := status.Count(TimeoutPeriod); !ok || n != 10 {
		t.Errorf("timeout %d, %v", n, ok)
	}
	if n, ok := status.Count(RetriesAllowed); !ok || n != Unknown {
		t.Errorf("retries %d, %v", n, ok)
	}
	width := parse(t, "990 402.00")
	if n, ok := width.Count(PrintWidth); !ok || n != 40 {
		t.Errorf("print width %d, %v", n, ok)
	}
	limits := parse(t, "64              00020261126    120000000000000000000000000000AO|AA1|AE|BZ0025|CA25|CB|CFmany|")
	for tag, want := range map[Tag]int{HoldItemsLimit: 25, OverdueItemsLimit: 25, ChargedItemsLimit: -1, HoldQueueLength: -1, QueuePosition: -1} {
		if n, ok := limits.NumberField(tag); ok != (want >= 0) || ok && n != want {
			t.Errorf("%s is %d, %v", tag, n, ok)
		}
	}
}

// wild draws bytes of what messages are made of, and others.
func wild() *rapid.Generator[[]byte] {
	codes := make([]string, 0, len(messages)+3)
	for _, m := range messages {
		codes = append(codes, string(m.Code), string(m.Code)+strings.Repeat(" ", m.width))
	}
	piece := rapid.OneOf(
		rapid.SampledFrom(append(codes, "88", "ZZ", "9")),
		rapid.SampledFrom([]string{
			"|", "||", "AA", "AO", "AF", "AY", "AZ", "AY1AZ", "AZFEF5", "AY1AZFFFF", "Y", "N", "0", "1", "|AB", "|x", "| ", "U1",
			"20261126    120000", "                  ", "2026112", "\r", "\n", "\x00", "é", "\xff", "text", "1.00", "USD", "    ",
		}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 6), func(b []byte) string { return string(b) }),
	)
	return rapid.Custom(func(t *rapid.T) []byte {
		return []byte(strings.Join(rapid.SliceOfN(piece, 0, 14).Draw(t, "pieces"), ""))
	})
}

// checkParse holds what is promised of any bytes.
func checkParse(t interface{ Fatalf(string, ...any) }, b []byte, delimiter byte) {
	before := bytes.Clone(b)
	m, err := Parse(b, delimiter)
	if !bytes.Equal(b, before) {
		t.Fatalf("%q: parsing has changed it to %q", before, b)
	}
	if err != nil {
		if !errors.Is(err, ErrNoMessage) && !errors.Is(err, ErrDelimiter) {
			t.Fatalf("%q: %v", b, err)
		}
		return
	}
	if got := m.Bytes(); !bytes.Equal(got, b) {
		t.Fatalf("read    %q\nwritten %q", b, got)
	}
	if len(m.Fields) > len(b) || len(m.Code) != 2 {
		t.Fatalf("%q: %d fields, code %q", b, len(m.Fields), m.Code)
	}
	for i, f := range m.Fields {
		if f.Open && i != len(m.Fields)-1 {
			t.Fatalf("%q: field %d is open and not the last", b, i)
		}
		if f.Tag != "" && len(f.Tag) != 2 {
			t.Fatalf("%q: tag %q", b, f.Tag)
		}
	}
	m.Check()
	m.Number()
	m.Missing()
	m.Amount(FeeAmount, "EUR")
	m.PatronStatus()
	for _, slot := range messages {
		for _, p := range slot.Header {
			m.Flag(p.Part)
			m.Count(p.Part)
		}
	}
	checkTrace(t, m.Trace())
}

func checkTrace(t interface{ Fatalf(string, ...any) }, trace string) {
	for i := range len(trace) {
		if trace[i] < ' ' || trace[i] > '~' {
			t.Fatalf("%q is no line of a log", trace)
		}
	}
}

func TestWhatParsesIsWrittenAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkParse(t, wild().Draw(t, "bytes"), Delimiter) })
}

func FuzzParse(f *testing.F) {
	for _, line := range sealed {
		f.Add([]byte(line+"\r"), byte('|'))
	}
	for _, line := range []string{"88x|AAb\r\n", "63001AOmain|\n", "\r\n 941", "9300CNa|b|||AY1AZ", "36Y2026|", "\xff\xfe"} {
		f.Add([]byte(line), byte('|'))
		f.Add([]byte(line), byte('^'))
	}
	f.Fuzz(func(t *testing.T, b []byte, delimiter byte) { checkParse(t, b, delimiter) })
}

// A message of nothing but delimiters costs what it is long, and no square of
// it.
func TestDelimitersAloneCostLittle(t *testing.T) {
	long := append([]byte("9300"), bytes.Repeat([]byte{'|'}, MaxMessage)...)
	m, err := Parse(long, 0)
	if err != nil || len(m.Fields) != MaxMessage {
		t.Fatalf("%d fields, %v", len(m.Fields), err)
	}
	spread := append([]byte("9300CN"), bytes.Repeat([]byte("|x"), MaxMessage)...)
	if m, err = Parse(spread, 0); err != nil || len(m.Fields) != 1 {
		t.Fatalf("%d fields, %v", len(m.Fields), err)
	}
}
