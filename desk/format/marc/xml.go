package marc

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const (
	longestXML = 1 << 20 // bytes of one record of MARCXML
	longestTag = 1 << 16 // bytes of markup outside of a record
)

// xmlSource cuts record elements out of a MARCXML document, whatever they are
// wrapped in (a collection, OAI-PMH, SRU, nothing). It looks at tags only, so a
// record that is not well formed does not spoil the next.
type xmlSource struct {
	src     *bufio.Reader // UTF-8
	at      int64
	root    string // the outermost element that is open, as it is written; "" when none is
	first   string // local name of the first element
	found   bool   // a record was found
	pending *markup
	ended   bool
}

// markup is one piece of a document: a tag, a comment, a declaration.
type markup struct {
	at   int64 // of its first byte
	raw  []byte
	name string // of a tag, as it is written; "" for anything else
	kind kind
}

type kind byte

const (
	other kind = iota // comment, CDATA, declaration, instruction
	opens
	closes
	empty // opens and closes
)

func (m *markup) local() string {
	return m.name[strings.IndexByte(m.name, ':')+1:]
}

// declared finds the encoding in an XML declaration.
var declared = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// newXMLSource reads a document that begins with head.
func newXMLSource(src *bufio.Reader, head []byte) (*xmlSource, error) {
	var enc encoding.Encoding
	if bytes.HasPrefix(head, []byte("\xFE\xFF")) || bytes.HasPrefix(head, []byte("\xFF\xFE")) {
		enc = unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	} else if m := declared.FindSubmatch(head); m != nil {
		known := false
		if enc, known = encodingNamed(string(m[1])); !known {
			return nil, fmt.Errorf("MARCXML in the encoding %q, which is not known here", m[1])
		}
	}
	if enc != nil {
		src = bufio.NewReader(transform.NewReader(src, enc.NewDecoder()))
	}
	return &xmlSource{src: src}, nil
}

// encodingNamed gives the encoding that an XML declaration names; nil is UTF-8.
func encodingNamed(name string) (enc encoding.Encoding, known bool) {
	switch strings.ToLower(name) {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return nil, true
	case "iso-8859-1", "latin1":
		return charmap.ISO8859_1, true
	case "iso-8859-2":
		return charmap.ISO8859_2, true
	case "iso-8859-15":
		return charmap.ISO8859_15, true
	case "windows-1250":
		return charmap.Windows1250, true
	case "windows-1251":
		return charmap.Windows1251, true
	case "windows-1252":
		return charmap.Windows1252, true
	case "koi8-r":
		return charmap.KOI8R, true
	}
	return nil, false
}

func (s *xmlSource) next(rec *Record) error {
	if s.ended {
		return io.EOF
	}
	start, err := s.findRecord()
	if err == io.EOF {
		return s.end()
	}
	if err != nil {
		return err
	}
	s.found = true
	raw, at, reason, err := s.cut(start)
	if err != nil {
		return err
	}
	rec.Offset = at
	if reason == "" {
		reason = parseXML(rec, raw)
	}
	if reason != "" {
		return &BadRecord{Offset: at, Reason: reason}
	}
	return nil
}

// end says how the document ended: io.EOF, or what is missing.
func (s *xmlSource) end() error {
	s.ended = true
	switch {
	case s.root != "":
		return &BadRecord{Offset: s.at, Reason: fmt.Sprintf("the document ends before </%s>", s.root)}
	case !s.found && s.first != "collection":
		return &BadRecord{Offset: 0, Reason: fmt.Sprintf("a document of the element %q holds no MARC record", s.first)}
	}
	return io.EOF
}

// findRecord gives the tag of the next record.
func (s *xmlSource) findRecord() (*markup, error) {
	if m := s.pending; m != nil {
		s.pending = nil
		return m, nil
	}
	for {
		if _, err := s.text(nil); err != nil {
			return nil, err
		}
		m, err := s.markup(longestTag)
		if err != nil {
			return nil, err
		}
		s.follow(m)
		if m.kind != other && m.kind != closes && m.local() == "record" {
			return m, nil
		}
	}
}

// follow keeps the outermost element.
func (s *xmlSource) follow(m *markup) {
	switch {
	case m.kind == closes && m.name == s.root:
		s.root = ""
	case m.kind == opens && s.root == "":
		s.root = m.name
	}
	if s.first == "" && m.name != "" {
		s.first = m.local()
	}
}

// cut gives the bytes of the record that start opens. Where it turns out to be
// a wrapper around a record (OAI-PMH), the one inside is meant. A reason says
// why there is none; then what cannot be read has been consumed.
func (s *xmlSource) cut(start *markup) (raw []byte, at int64, reason string, err error) {
	if start.kind == empty {
		return nil, start.at, "a record without fields", nil
	}
	raw, at = start.raw, start.at
	fields, long := false, false
	add := func(b []byte) {
		if long = long || len(raw)+len(b) > longestXML; !long {
			raw = append(raw, b...)
		}
	}
	for {
		b, err := s.text(raw)
		if b != nil {
			raw = b
			long = long || len(raw) > longestXML
		}
		var m *markup
		if err == nil {
			m, err = s.markup(longestXML)
		}
		if err == io.EOF {
			s.ended = true
			return nil, at, "the document ends inside this record", nil
		}
		if err != nil {
			return nil, at, "", err
		}
		switch name := m.local(); {
		case m.kind == closes && name == "record":
			if m.name == s.root {
				s.root = ""
			}
			add(m.raw)
			switch {
			case long:
				return nil, at, fmt.Sprintf("longer than %d bytes", longestXML), nil
			case !fields:
				return nil, at, "a record without fields", nil
			}
			return raw, at, "", nil
		case m.kind == closes && m.name == s.root:
			s.root = ""
			return nil, at, fmt.Sprintf("not closed before </%s>", m.name), nil
		case m.kind == opens && name == "record" && !fields:
			raw, at, long = m.raw, m.at, false
			continue
		case m.kind == opens && name == "record":
			s.pending = m
			return nil, at, "not closed before the next record", nil
		case name == "leader", name == "controlfield", name == "datafield":
			fields = true
		}
		add(m.raw)
	}
}

// text consumes what is before the next markup. It appends it to raw unless
// raw is nil; of more than longestXML bytes it keeps only enough to tell.
func (s *xmlSource) text(raw []byte) ([]byte, error) {
	for {
		b, err := s.src.ReadSlice('<')
		s.at += int64(len(b))
		if err == nil {
			b = b[:len(b)-1]
			s.at--
			if uerr := s.src.UnreadByte(); uerr != nil {
				return raw, uerr
			}
		}
		if raw != nil && len(raw) <= longestXML {
			raw = append(raw, b...)
		}
		if err != bufio.ErrBufferFull {
			return raw, err
		}
	}
}

// markup consumes one piece of markup; the next byte is its '<'. More than
// limit bytes of it are not kept, which leaves a broken piece.
func (s *xmlSource) markup(limit int) (*markup, error) {
	m := &markup{at: s.at}
	var quote byte
	subset := false // inside the brackets of a document type
	for {
		c, err := s.src.ReadByte()
		if err != nil {
			return nil, err
		}
		s.at++
		if len(m.raw) < limit {
			m.raw = append(m.raw, c)
		}
		special := len(m.raw) > 1 && (m.raw[1] == '!' || m.raw[1] == '?')
		switch {
		case len(m.raw) == 1:
		case c == '<' && !special: // never inside a tag: the tag is broken, the next begins
			m.raw = m.raw[:len(m.raw)-1]
			s.at--
			return m, s.src.UnreadByte()
		case !special && (c == '"' || c == '\'') && (quote == 0 || quote == c):
			quote ^= c
		case c == '[' && bytes.HasPrefix(m.raw, []byte("<!DOCTYPE")):
			subset = true
		case c == ']':
			subset = false
		}
		if c == '>' && quote == 0 && !subset && m.complete(limit) {
			m.read()
			return m, nil
		}
	}
}

// complete says whether a '>' just read ends the markup.
func (m *markup) complete(limit int) bool {
	long := len(m.raw) >= limit
	switch {
	case bytes.HasPrefix(m.raw, []byte("<!--")):
		return long || len(m.raw) >= 7 && bytes.HasSuffix(m.raw, []byte("-->"))
	case bytes.HasPrefix(m.raw, []byte("<![CDATA[")):
		return long || bytes.HasSuffix(m.raw, []byte("]]>"))
	case bytes.HasPrefix(m.raw, []byte("<?")):
		return long || bytes.HasSuffix(m.raw, []byte("?>"))
	}
	return true
}

// read finds out what tag a complete piece of markup is.
func (m *markup) read() {
	inner := bytes.TrimSuffix(bytes.TrimPrefix(m.raw, []byte("<")), []byte(">"))
	switch {
	case len(inner) == 0, inner[0] == '!', inner[0] == '?':
		return
	case inner[0] == '/':
		m.kind, inner = closes, inner[1:]
	case inner[len(inner)-1] == '/':
		m.kind, inner = empty, inner[:len(inner)-1]
	default:
		m.kind = opens
	}
	if end := bytes.IndexAny(inner, " \t\r\n"); end >= 0 {
		inner = inner[:end]
	}
	m.name = string(inner)
}
