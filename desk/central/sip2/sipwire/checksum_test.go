package sipwire

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sealed are messages with checksums as systems and terminals in use sent them,
// or as they are printed, but for one without a person's name; the
// bytes are UTF-8.
var sealed = []string{
	"941AY0AZFDFD",
	"941AY3AZFDFA",
	"97AZFEF5",
	"96AZFEF6",
	"9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZEC7B", // the protocol's own description prints EC78, which is no sum of it
	"990 402.00AY1AZFCB4",
	"990   2.00AY1AZFCD8",
	"9900802.00AY1AZFCA0",
	"98YYYYYN60000320130424    1135112.00AOEPLMNA|AMEPLMNA|BXYYYYYYYYYYYNNYYY|ANSIPCHK|AY1AZE80C",
	"98YYYYNN10000520220721    2130422.00AONEX|BXYYYYYYYYYYYNYYYY|AY2AZEE74",
	"1804020120110630    110249AB30007008503046|AJLe Pie\u0300ge de Bogota|CK001|AQOSUL|APOSUL|BGOSUL|AH2011-10-28 23:59:59|CSPB LP DAL|AY7AZDCF8",
	"1804020120110630    110250AB30007001211936|AJL' E\u0301nigme du clou chinois|CK001|AQOSUL|APOSUL|BGOSUL|AH2011-10-28 23:59:59|CSPB LP     GUL|AY2AZD9CF",
	"1804020120110630    110249AB30007008641556|AJLa sorcie\u0300re de Portobello|CK001|AQOSUL|APOSUL|BGOSUL|AH2011-10-28 23:59:59|CSPB LP  COE|AY0AZD99C",
}

func TestChecksums(t *testing.T) {
	for _, line := range sealed {
		name, _, _ := strings.Cut(line, "|")
		t.Run(name, func(t *testing.T) {
			n := len(line) - sumDigits
			if got := string(SumOf([]byte(line[:n])).Append(nil)); got != line[n:] {
				t.Errorf("the checksum is %s, want %s", got, line[n:])
			}
			for _, as := range []string{line, line[:n] + strings.ToLower(line[n:])} {
				if m := parse(t, as); m.Check() != Intact {
					t.Errorf("%q: check %d", as, m.Check())
				}
			}
		})
	}
}

func TestADamagedMessageShows(t *testing.T) {
	for _, row := range []struct {
		name string
		line string
		want Check
	}{
		{"as it was sent", "941AY0AZFDFD", Intact},
		{"another answer", "940AY0AZFDFD", Damaged},
		{"another number", "941AY1AZFDFD", Damaged},
		{"another checksum", "941AY0AZFDFE", Damaged},
		{"a checksum and no number", "941AZFEC7", Intact},
		{"a number and no checksum", "941AY0", Unchecked},
		{"neither", "941", Unchecked},
		{"a checksum that is not four digits", "941AY0AZFDF", Unchecked},
		{"a checksum that is no number", "941AY0AZFDFG", Unchecked},
		{"white space before and behind is not summed", "\r\n 941AY0AZFDFD \r\n", Intact},
	} {
		t.Run(row.name, func(t *testing.T) {
			if m := parse(t, row.line); m.Check() != row.want {
				t.Errorf("%q: check %d, want %d", row.line, m.Check(), row.want)
			}
		})
	}
}

func TestSealing(t *testing.T) {
	for _, row := range []struct {
		name string
		seal func(Message) Message
		want string
	}{
		{"the first number", func(m Message) Message { return m.Sealed(0) }, "941AY0AZFDFD"},
		{"one digit only", func(m Message) Message { return m.Sealed(13) }, "941AY3AZFDFA"},
		{"a number below", func(m Message) Message { return m.Sealed(-7) }, "941AY3AZFDFA"},
		{"without a number", Message.Summed, "941AZFEC7"},
		{"without both", Message.Bare, "941"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, before := range []string{"941", "941AY9AZ1234", "\n941AZFFFF"} {
				m := row.seal(parse(t, before))
				m.Lead = nil
				if got := string(m.Bytes()); got != row.want {
					t.Errorf("from %q: %q, want %q", before, got, row.want)
				}
			}
		})
	}
}

// The pieces of a message sum to what its bytes do.
func TestSumOfPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, err := Parse(wild().Draw(t, "bytes"), 0)
		if err != nil {
			return
		}
		m.Lead, m.End = nil, nil
		m = m.Sealed(rapid.IntRange(0, 9).Draw(t, "number"))
		b := m.Bytes()
		if want := SumOf(b[:len(b)-sumDigits]); m.sum() != want || m.Check() != Intact {
			t.Fatalf("%q: sum %X, want %X", b, m.sum(), want)
		}
	})
}

func TestNumber(t *testing.T) {
	for line, want := range map[string]int{"941AY0AZFDFD": 0, "941AY9AZFDF4": 9, "941AY10AZFDCC": -1, "941AYAZFE2D": -1, "941AYxAZFDB5": -1, "941": -1} {
		m := parse(t, line)
		if n, ok := m.Number(); ok != (want >= 0) || ok && n != want {
			t.Errorf("%q: number %d, %v", line, n, ok)
		}
	}
}

// parse reads a message that is one.
func parse(t testing.TB, line string) Message {
	t.Helper()
	m, err := Parse([]byte(line), 0)
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return m
}
