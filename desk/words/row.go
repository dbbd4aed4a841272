package words

import (
	"fmt"
	"strings"
)

// row is one text of a language; one is nil where it does not count.
type row struct{ one, other template }

// template is a text taken apart: its pieces in order.
type template []piece

// piece is a stretch of a text. Exactly one of its parts is set.
type piece struct {
	literal  string
	name     string   // a value
	optional template // left out when a value inside is empty
}

// parseTemplate takes a text apart. {name} is a value, [[ ]] an optional
// stretch, which has at least one value and none of its kind inside.
func parseTemplate(s string) (template, error) {
	var t template
	for rest := s; rest != ""; {
		i := strings.Index(rest, "[[")
		if i < 0 {
			i = len(rest)
		}
		plain, err := parsePlain(rest[:i])
		if err != nil {
			return nil, fmt.Errorf("text %q: %w", s, err)
		}
		t = append(t, plain...)
		if rest = rest[i:]; rest == "" {
			break
		}
		inside, after, ok := strings.Cut(rest[len("[["):], "]]")
		if !ok {
			return nil, fmt.Errorf("text %q: [[ without ]]", s)
		}
		optional, err := parsePlain(inside)
		if err != nil {
			return nil, fmt.Errorf("text %q: %w", s, err)
		}
		if len(optional.names()) == 0 {
			return nil, fmt.Errorf("text %q: nothing in [[%s]] decides whether it is left out", s, inside)
		}
		t = append(t, piece{optional: optional})
		rest = after
	}
	return t, nil
}

// parsePlain takes a text without optional stretches apart.
func parsePlain(s string) (template, error) {
	var t template
	for s != "" {
		before, rest, found := strings.Cut(s, "{")
		if strings.Contains(before, "}") {
			return nil, fmt.Errorf("} without {")
		}
		if strings.Contains(before, "[[") || strings.Contains(before, "]]") {
			return nil, fmt.Errorf("brackets that do not match")
		}
		if before != "" {
			t = append(t, piece{literal: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || !isName(name) {
			return nil, fmt.Errorf("{%s is no name of a value", name)
		}
		t = append(t, piece{name: name})
		s = after
	}
	return t, nil
}

// isName reports whether a value may be called so.
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// names gives the values that the text has, in order, with repeats.
func (t template) names() []string {
	var all []string
	for _, p := range t {
		if p.name != "" {
			all = append(all, p.name)
		}
		all = append(all, p.optional.names()...)
	}
	return all
}

// values gives what stands for a name; empty for none.
type values func(name string) string

// pairs are values as callers write them: a name and its value, and so on. The
// first of a name counts.
func pairs(args []string) values {
	return func(name string) string {
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				return args[i+1]
			}
		}
		return ""
	}
}

// fill puts the values in, in one pass. Each becomes one clean line first.
func (t template) fill(v values) string {
	if len(t) == 1 && t[0].literal != "" {
		return t[0].literal
	}
	var out strings.Builder
	t.write(&out, v)
	return out.String()
}

// write writes the text, and reports whether every value had something in it.
func (t template) write(out *strings.Builder, v values) (full bool) {
	full = true
	for _, p := range t {
		switch {
		case p.name != "":
			s := value(v(p.name))
			full = full && s != ""
			out.WriteString(s)
		case p.optional != nil:
			var inside strings.Builder
			if p.optional.write(&inside, v) {
				out.WriteString(inside.String())
			}
		default:
			out.WriteString(p.literal)
		}
	}
	return full
}
