package marc

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Title is what a desk shows of a record. What a record does not say is "".
type Title struct {
	Control  string   // the system's number of the record (001)
	ISBNs    []string // digits and X, as the record has them: whether they make an ISBN is not looked at
	Title    string   // without the punctuation that ends an ISBD area
	Sort     string   // Title without the article that a list passes over
	Author   string   // the main entry, else the first added one
	Year     string   // four digits
	Material Material
}

// Material says what kind of thing a record describes, from its leader.
type Material string

// The values of Material are made here from leader positions 06 and 07.
const (
	Unknown    Material = ""
	Book       Material = "book"
	Serial     Material = "serial"
	Score      Material = "score"
	Map        Material = "map"
	Film       Material = "film" // video and projected pictures
	Speech     Material = "speech"
	Music      Material = "music" // recorded
	Picture    Material = "picture"
	Electronic Material = "electronic"
	Kit        Material = "kit"
	Mixed      Material = "mixed"
	Object     Material = "object"
)

// Title gives what a desk shows of the record.
func (r *Record) Title() Title {
	t := Title{
		Control:  tidy(r.ControlValue("001")),
		ISBNs:    r.isbns(),
		Author:   r.author(),
		Year:     r.year(),
		Material: r.material(),
	}
	for f := range r.Fields("245") {
		var parts []string
		for _, code := range []byte("abnp") {
			for _, v := range f.Values(code) {
				if v = tidy(v); v != "" {
					parts = append(parts, v)
				}
			}
		}
		whole := strings.Join(parts, " ")
		t.Title = endISBD(unmarked(whole))
		t.Sort = endISBD(tidy(filed(whole, f.Ind2)))
		break
	}
	return t
}

// isbns reads 020 $a, where notes may stand after the number.
func (r *Record) isbns() []string {
	var all []string
	for f := range r.Fields("020") {
		for _, v := range f.Values('a') {
			if n := isbn(v); n != "" {
				all = append(all, n)
			}
		}
	}
	return all
}

// isbn gives the number that a text begins with, without hyphens and blanks. A
// number after a blank is part of it only where it has not ten or thirteen
// digits without.
func isbn(v string) string {
	v = strings.ToUpper(strings.TrimSpace(v))
	if end := strings.IndexFunc(v, func(c rune) bool { return !strings.ContainsRune("0123456789X- ", c) }); end >= 0 {
		v = v[:end]
	}
	first, _, _ := strings.Cut(v, " ")
	first = strings.ReplaceAll(first, "-", "")
	if len(first) == 10 || len(first) == 13 {
		return first
	}
	return strings.NewReplacer("-", "", " ", "").Replace(v)
}

// authors are the fields that name one, in the order of preference, with the
// subfields that make the name.
var authors = []struct{ tag, codes string }{
	{"100", "abc"}, {"110", "ab"}, {"111", "a"}, {"700", "abc"}, {"710", "ab"}, {"711", "a"},
}

func (r *Record) author() string {
	for _, from := range authors {
		for f := range r.Fields(from.tag) {
			if name := strings.TrimRight(endISBD(unmarked(f.join(from.codes))), ", "); name != "" {
				return name
			}
		}
	}
	return ""
}

// join gives the subfields whose code is in codes, in the order of the field,
// with a blank between them.
func (f Field) join(codes string) string {
	var parts []string
	for _, s := range f.Subfields {
		if strings.IndexByte(codes, s.Code) >= 0 {
			if v := tidy(s.Value); v != "" {
				parts = append(parts, v)
			}
		}
	}
	return strings.Join(parts, " ")
}

// year is the year of publication: 264 of a publication, any 264, 260, 008.
func (r *Record) year() string {
	var published, any264, old string
	for f := range r.Fields("264") {
		y := fourDigits(f.join("c"))
		if f.Ind2 == '1' && published == "" {
			published = y
		}
		if any264 == "" {
			any264 = y
		}
	}
	for f := range r.Fields("260") {
		if old == "" {
			old = fourDigits(f.join("c"))
		}
	}
	fixed := ""
	if f := r.ControlValue("008"); len(f) >= 11 {
		fixed = fourDigits(f[7:11])
	}
	for _, y := range []string{published, any264, old, fixed} {
		if y != "" {
			return y
		}
	}
	return ""
}

// fourDigits gives the first run of exactly four digits that could be a year.
func fourDigits(s string) string {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	for i := 0; i < len(s); {
		if !digit(s[i]) {
			i++
			continue
		}
		from := i
		for i < len(s) && digit(s[i]) {
			i++
		}
		if y := s[from:i]; len(y) == 4 && y >= "1000" && y <= "2999" {
			return y
		}
	}
	return ""
}

// material reads the leader: MARC 21 Format for Bibliographic Data, Leader/06
// (type of record) and Leader/07 (bibliographic level).
func (r *Record) material() Material {
	if len(r.Leader) < 8 {
		return Unknown
	}
	switch r.Leader[6] {
	case 'a', 't':
		if level := r.Leader[7]; level == 's' || level == 'b' || level == 'i' {
			return Serial
		}
		return Book
	case 'c', 'd':
		return Score
	case 'e', 'f':
		return Map
	case 'g':
		return Film
	case 'i':
		return Speech
	case 'j':
		return Music
	case 'k':
		return Picture
	case 'm':
		return Electronic
	case 'o':
		return Kit
	case 'p':
		return Mixed
	case 'r':
		return Object
	}
	return Unknown
}

// tidy makes every run of white space one blank and takes it off the ends.
func tidy(s string) string {
	return strings.Join(strings.Fields(s), " ")
}

// endISBD takes off the punctuation that ISBD puts between areas. A period
// stays where it ends an initial or is one of several.
func endISBD(s string) string {
	s = strings.TrimRight(s, " /:;=,")
	if before, ok := strings.CutSuffix(s, "."); ok && !strings.HasSuffix(before, ".") && !endsInInitial(before) {
		s = strings.TrimRight(before, " /:;=,")
	}
	return s
}

// endsInInitial: the last word is one capital letter.
func endsInInitial(s string) bool {
	word := []rune(s[strings.LastIndexAny(s, " .")+1:])
	return len(word) == 1 && unicode.IsUpper(word[0])
}

// unmarked takes the marks of non-sorting text out of s.
func unmarked(s string) string {
	return tidy(strings.Map(func(r rune) rune {
		if r == nonSorting || r == sorting {
			return -1
		}
		return r
	}, s))
}

// filed gives the title as it is filed: without the text that is marked as
// non-sorting, or without as many characters as the second indicator says,
// marks above and below letters counted (MARC 21, 245). An indicator that
// points into the middle of a word is wrong and changes nothing.
func filed(title string, ind2 byte) string {
	if before, rest, ok := strings.Cut(title, string(nonSorting)); ok {
		if _, after, ok := strings.Cut(rest, string(sorting)); ok {
			return unmarked(before + after)
		}
	}
	title = unmarked(title)
	if ind2 < '1' || ind2 > '9' {
		return title
	}
	all, n := []rune(norm.NFD.String(title)), int(ind2-'0')
	if n >= len(all) || unicode.IsMark(all[n]) ||
		unicode.IsLetter(all[n-1]) || unicode.IsDigit(all[n-1]) || unicode.IsMark(all[n-1]) {
		return title
	}
	return norm.NFC.String(string(all[n:]))
}
