package marc

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"
)

// xmlRecord is a record element of MARCXML, in whatever namespace.
type xmlRecord struct {
	Leader  string `xml:"leader"`
	Control []struct {
		Tag   string `xml:"tag,attr"`
		Value string `xml:",chardata"`
	} `xml:"controlfield"`
	Data []struct {
		Tag       string `xml:"tag,attr"`
		Ind1      string `xml:"ind1,attr"`
		Ind2      string `xml:"ind2,attr"`
		Subfields []struct {
			Code  string `xml:"code,attr"`
			Value string `xml:",chardata"`
		} `xml:"subfield"`
	} `xml:"datafield"`
}

// parseXML reads one record element into rec. A reason says why it is none.
func parseXML(rec *Record, raw []byte) (reason string) {
	clean, unknown := decodeUTF8(raw)
	if unknown != nil {
		rec.warn("", replaced, unknown)
	}
	d := xml.NewDecoder(strings.NewReader(clean))
	d.Entity = xml.HTMLEntity
	var in xmlRecord
	if err := d.Decode(&in); err != nil {
		return err.Error()
	}
	rec.Leader = readXML(rec, "", in.Leader)
	if n := utf8.RuneCountInString(rec.Leader); n != leaderLen {
		rec.warn("", fmt.Sprintf("a leader of %d characters", n), nil)
	}
	for _, c := range in.Control {
		if !isTag(c.Tag) || c.Tag[:2] != "00" {
			rec.warn("", fmt.Sprintf("a control field of the tag %q: passed over", c.Tag), []byte(c.Value))
			continue
		}
		rec.Control = append(rec.Control, Control{Tag: c.Tag, Value: readXML(rec, c.Tag, c.Value)})
	}
	for _, f := range in.Data {
		if !isTag(f.Tag) || f.Tag[:2] == "00" {
			rec.warn("", fmt.Sprintf("a data field of the tag %q: passed over", f.Tag), nil)
			continue
		}
		field := Field{Tag: f.Tag, Ind1: indicator([]byte(f.Ind1), 0), Ind2: indicator([]byte(f.Ind2), 0)}
		for _, sub := range f.Subfields {
			code := byte(' ')
			if len(sub.Code) == 1 && sub.Code[0] > ' ' && sub.Code[0] <= '~' {
				code = sub.Code[0]
			} else {
				rec.warn(f.Tag, "a subfield code that is none: kept under the code ' '", []byte(sub.Code))
			}
			field.Subfields = append(field.Subfields, Subfield{Code: code, Value: readXML(rec, f.Tag, sub.Value)})
		}
		rec.Data = append(rec.Data, field)
	}
	return ""
}

// readXML gives the text of an element: a line break that a pretty printer put
// there is a blank.
func readXML(rec *Record, tag, value string) string {
	if strings.ContainsAny(value, "\r\n") {
		lines := strings.FieldsFunc(value, func(r rune) bool { return r == '\r' || r == '\n' })
		for i, line := range lines {
			lines[i] = strings.Trim(line, " \t")
		}
		value = string(bytes.TrimSpace([]byte(strings.Join(lines, " "))))
	}
	s, unknown := text([]byte(value), true)
	if unknown != nil {
		rec.warn(tag, replaced, unknown)
	}
	return s
}
