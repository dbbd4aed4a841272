package siptest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// widths are how many characters stand between the code of a request and its
// fields.
var widths = map[string]int{
	"01": 19, "09": 37, "11": 38, "15": 19, "17": 18, "19": 18, "23": 21, "25": 18, "29": 38, "35": 18, "37": 25,
	"63": 31, "65": 18, "93": 2, "97": 0, "99": 8,
}

// request is a message as it came.
type request struct {
	code     string
	header   string
	fields   []field
	sequence string // the digit behind AY, "": none
	summed   bool   // there is a checksum
	damaged  bool   // it is wrong
	open     bool   // the last field has no delimiter behind it
	raw      string
}

type field struct{ tag, value string }

// read reads a message. ok is false where there is none.
func (d *Dialect) read(raw string) (r request, ok bool) {
	if d.StripsTail {
		raw = strings.TrimRightFunc(raw, func(c rune) bool {
			return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c < 0x80
		})
	}
	if len(raw) < 2 {
		return request{}, false
	}
	r = request{code: raw[:2], raw: raw}
	rest := raw[2:]
	if n := len(raw) - 6; n >= 2 && raw[n:n+2] == "AZ" {
		if sum, err := strconv.ParseUint(raw[n+2:], 16, 16); err == nil {
			if d.sequenced(raw, n) || r.code == "97" || r.code == "96" {
				r.summed, r.damaged = true, checksum(raw[:n+2]) != uint16(sum)
				rest = raw[2:n]
				if d.sequenced(raw, n) {
					r.sequence, rest = raw[n-1:n], raw[2:n-3]
				}
			}
		}
	}
	w, known := widths[r.code]
	if !known {
		return r, true
	}
	if len(rest) < w {
		return r, false
	}
	r.header, rest = rest[:w], rest[w:]
	r.open = rest != "" && !strings.HasSuffix(rest, "|")
	for part := range strings.SplitSeq(rest, "|") {
		if len(part) >= 2 {
			r.fields = append(r.fields, field{part[:2], part[2:]})
		}
	}
	return r, true
}

// sequenced reports whether AY and one digit stand before a place.
func (*Dialect) sequenced(raw string, n int) bool {
	return n >= 5 && raw[n-3:n-1] == "AY" && raw[n-1] >= '0' && raw[n-1] <= '9'
}

// checksum is that of all bytes up to AZ and with it.
func checksum(s string) uint16 {
	var sum uint16
	for i := range len(s) {
		sum += uint16(s[i])
	}
	return -sum
}

// get returns the first field of a tag as text.
func (r *request) get(d *Dialect, tag string) string {
	v, _ := r.find(d, tag)
	return v
}

func (r *request) find(d *Dialect, tag string) (string, bool) {
	for _, f := range r.fields {
		if f.tag == tag {
			return d.decode(f.value), true
		}
	}
	return "", false
}

// date reads 18 characters of a header; what cannot be read is the zero Time.
func (l *Library) date(s string) time.Time {
	if len(s) != 18 {
		return time.Time{}
	}
	zone := l.Zone
	switch z := strings.TrimSpace(s[8:12]); {
	case z == "":
	case z == "Z", z == "0000":
		zone = time.UTC
	default:
		return time.Time{}
	}
	t, err := time.ParseInLocation("20060102150405", s[:8]+s[12:], zone)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// reply is an answer that is being written, in the order in which it will stand.
type reply struct {
	d *Dialect
	b bytes.Buffer
}

func (l *Library) reply(code string, header ...string) *reply {
	r := &reply{d: &l.Dialect}
	r.b.WriteString(code)
	for _, h := range header {
		r.b.WriteString(h)
	}
	return r
}

// add writes a field, empty if there is nothing.
func (r *reply) add(tag, text string) *reply {
	r.b.WriteString(tag)
	r.b.WriteString(r.d.encode(text))
	r.b.WriteByte('|')
	return r
}

// may writes a field if there is something to say.
func (r *reply) may(tag, text string) *reply {
	if text != "" {
		r.add(tag, text)
	}
	return r
}

// sealed returns the message with a number and a checksum, "": without either.
func sealed(body, sequence string) string {
	if sequence == "" {
		return body
	}
	body += "AY" + sequence + "AZ"
	return body + fmt.Sprintf("%04X", checksum(body))
}

func summed(body string) string {
	body += "AZ"
	return body + fmt.Sprintf("%04X", checksum(body))
}

func (l *Library) stamp(t time.Time) string { return t.In(l.Zone).Format("20060102    150405") }

// dueText is a date due as the dialect writes it, "" for none.
func (l *Library) dueText(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case l.Dialect.DueLayout != "":
		return t.In(l.Zone).Format(l.Dialect.DueLayout)
	}
	return l.stamp(t)
}

func amount(minor int64) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return fmt.Sprintf("%s%d.%02d", sign, minor/100, minor%100)
}

// minor reads an amount with at most two decimals. ok is false for anything else.
func minor(s string) (n int64, ok bool) {
	whole, part, _ := strings.Cut(strings.TrimSpace(s), ".")
	if whole == "" || len(part) > 2 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	return n, err == nil
}

func flag(yes bool) string {
	if yes {
		return "Y"
	}
	return "N"
}

func bit(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

const mostValue = 255

// encode writes text as a value on the wire.
func (d *Dialect) encode(text string) string {
	pipe := " "
	if d.Entities {
		pipe = "&#124;"
	}
	text = strings.NewReplacer("|", pipe, "\r", " ", "\n", " ").Replace(text)
	text = norm.NFC.String(text)
	if d.Decomposed {
		text = norm.NFD.String(text)
	}
	var b []byte
	for _, r := range text {
		b = d.append(b, r)
	}
	if len(b) > mostValue {
		b = b[:mostValue]
	}
	return string(b)
}

func (d *Dialect) append(b []byte, r rune) []byte {
	if r < 0x80 {
		return append(b, byte(r))
	}
	switch d.Charset {
	case "utf8":
		return append(b, string(r)...)
	case "latin1":
		if r <= 0xff {
			return append(b, byte(r))
		}
	case "", "cp850":
		if c, ok := charmap.CodePage850.EncodeRune(r); ok {
			return append(b, c)
		}
	}
	return append(b, '?')
}

func (d *Dialect) decode(value string) string {
	switch d.Charset {
	case "utf8":
		return norm.NFC.String(value)
	case "latin1", "ascii":
		var s strings.Builder
		for i := range len(value) {
			s.WriteRune(rune(value[i]))
		}
		return s.String()
	}
	var s strings.Builder
	for i := range len(value) {
		s.WriteRune(charmap.CodePage850.DecodeByte(value[i]))
	}
	return s.String()
}
