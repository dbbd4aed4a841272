package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"circdesk/desk/text"
)

// constant is a constant of the source: its name, its value, the comment behind it.
type constant struct{ name, value, comment string }

// constants reads the string constants of a type from the Go files of a folder, tests left out.
// Type "" are those without a type.
func constants(t *testing.T, folder, typ string) []constant {
	t.Helper()
	var found []constant
	for _, file := range goFiles(t, folder) {
		for _, d := range file.Decls {
			d, ok := d.(*ast.GenDecl)
			if !ok || d.Tok != token.CONST {
				continue
			}
			for _, s := range d.Specs {
				s := s.(*ast.ValueSpec)
				if name, _ := s.Type.(*ast.Ident); (name == nil) != (typ == "") || name != nil && name.Name != typ {
					continue
				}
				for i, v := range s.Values {
					if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						found = append(found, constant{s.Names[i].Name, unquote(t, lit), strings.TrimSpace(s.Comment.Text())})
					}
				}
			}
		}
	}
	return found
}

func unquote(t *testing.T, lit *ast.BasicLit) string {
	t.Helper()
	v, err := strconv.Unquote(lit.Value)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func goFiles(t *testing.T, folder string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, p := range paths {
		if strings.HasSuffix(p, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		t.Fatalf("no Go files in %s", folder)
	}
	return files
}

// valuesOf gives the names of a row's values, in order, each once.
func (r row) valuesOf() []string {
	var once []string
	for _, n := range slices.Concat(r.one.names(), r.other.names()) {
		if !slices.Contains(once, n) {
			once = append(once, n)
		}
	}
	return once
}

// camel gives the constant's name of a key: "check_out.title" is CheckOutTitle.
func camel(key string) string {
	var name strings.Builder
	for part := range strings.FieldsFuncSeq(key, func(r rune) bool { return r == '.' || r == '_' }) {
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}

// againstTable gives what does not fit between constants and rows.
func againstTable(keys []constant, rows map[Key]row, exempt []string) []string {
	var wrong []string
	has := map[Key]string{}
	for _, c := range keys {
		key := Key(c.value)
		if before, ok := has[key]; ok {
			wrong = append(wrong, c.name+" and "+before+" are the same row")
		}
		has[key] = c.name
		r, ok := rows[key]
		if !ok {
			wrong = append(wrong, c.name+" has no row "+c.value)
			continue
		}
		if ast.IsExported(c.name) && c.name != camel(c.value) {
			wrong = append(wrong, c.name+" should be "+camel(c.value))
		}
		if got, want := valuesIn(c.comment), r.documented(); !slices.Equal(got, want) {
			wrong = append(wrong, c.name+" is commented with "+strings.Join(got, " ")+", the row has "+strings.Join(want, " "))
		}
	}
	for key := range rows {
		section, _, _ := strings.Cut(string(key), ".")
		if _, ok := has[key]; !ok && !slices.Contains(exempt, section) {
			wrong = append(wrong, "row "+string(key)+" has no constant")
		}
	}
	slices.Sort(wrong)
	return wrong
}

// documented gives what a constant's comment has to name: a row that counts has {n} first.
func (r row) documented() []string {
	values := slices.DeleteFunc(r.valuesOf(), func(n string) bool { return r.one != nil && n == "n" })
	if r.one != nil {
		values = append([]string{"n"}, values...)
	}
	return values
}

// valuesIn gives the names in braces at the beginning of a comment.
func valuesIn(comment string) []string {
	var names []string
	for word := range strings.FieldsSeq(comment) {
		name, ok := strings.CutPrefix(word, "{")
		if name, closed := strings.CutSuffix(name, "}"); ok && closed {
			names = append(names, name)
		}
	}
	return names
}

func TestRowsAndConstants(t *testing.T) {
	en := English()
	for _, wrong := range againstTable(constants(t, ".", "Key"), en.rows, coded) {
		t.Error(wrong)
	}

	rows := map[Key]row{"a.b": {other: template{{literal: "x"}}}}
	for _, c := range []struct {
		name string
		keys []constant
		want string
	}{
		{"a row and its constant", []constant{{"AB", "a.b", ""}}, ""},
		{"a row without a constant", nil, "row a.b has no constant"},
		{"a constant without a row", []constant{{"AB", "a.b", ""}, {"AC", "a.c", ""}}, "AC has no row a.c"},
		{"a constant of another name", []constant{{"Other", "a.b", ""}}, "Other should be AB"},
		{"two constants of one row", []constant{{"AB", "a.b", ""}, {"AB", "a.b", ""}}, "AB and AB are the same row"},
		{"a comment with a value that is not there", []constant{{"AB", "a.b", "{x}"}}, "AB is commented with x, the row has "},
	} {
		if got := strings.Join(againstTable(c.keys, rows, nil), "; "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestLanguagesAreComplete compares every language with English: the same keys, the same values.
func TestLanguagesAreComplete(t *testing.T) {
	files, err := fs.Glob(tables, "*.toml")
	if err != nil || !slices.Contains(files, "en.toml") {
		t.Fatal(files, err)
	}
	en := English().rows
	for _, file := range files {
		b, ok := ForLanguage(strings.TrimSuffix(file, ".toml"))
		if !ok {
			t.Errorf("%s cannot be read", file)
			continue
		}
		for key, r := range en {
			there, ok := b.rows[key]
			if got, want := there.valuesOf(), r.valuesOf(); !ok || !sameSet(got, want) {
				t.Errorf("%s, row %s: there %v, values %q, want %q", file, key, ok, got, want)
			}
		}
		for key := range b.rows {
			if _, ok := en[key]; !ok {
				t.Errorf("%s, row %s: English has none", file, key)
			}
		}
	}
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func TestPseudo(t *testing.T) {
	en, disguised := English(), Pseudo()
	if len(en.rows) == 0 || len(disguised.rows) != len(en.rows) {
		t.Fatalf("%d rows in English, %d in disguise", len(en.rows), len(disguised.rows))
	}
	for key, r := range en.rows {
		var args []string
		for _, n := range r.valuesOf() {
			args = append(args, n, "#")
		}
		for _, n := range []int{1, 2} {
			plain, other := en.N(key, n, args...), disguised.N(key, n, args...)
			if plain == other {
				t.Errorf("%s: %q is the same in disguise", key, plain)
			}
			if i := strings.IndexAny(other, "aeiouyAEIOUY"); i >= 0 {
				t.Errorf("%s: %q has a vowel without marks", key, other)
			}
			section, _, _ := strings.Cut(string(key), ".")
			if around := strings.HasPrefix(other, "⟦") && strings.HasSuffix(other, "⟧"); around == (section == "calendar") {
				t.Errorf("%s: %q", key, other)
			}
			if got, want := strings.Count(other, "#"), strings.Count(plain, "#"); got != want {
				t.Errorf("%s: %q has %d values, want %d", key, other, got, want)
			}
		}
	}
}

// widths are how many columns the texts of a section may take, values left out.
var widths = map[string]int{
	"word": 8, "label": 24, "tab": 7, "column": 12, "form": 44, "bar": 78, "help": 78, "plain": 90, "slip": 40,
	"reason": 52, "way": 40, "lift": 40, "route": 30, "stage": 18, "command": 20, "link": 14, "moment": 16, "status": 20, "item_status": 30,
	"unit": 10, "notice": 90, "right": 16, "place": 12, "mode": 10, "verdict": 14, "calendar": 9,
}

func TestTextsFit(t *testing.T) {
	for key, r := range English().rows {
		section, _, _ := strings.Cut(string(key), ".")
		most, ok := widths[section]
		if !ok {
			most = 110
		}
		for _, form := range []template{r.one, r.other} {
			if s := form.fill(pairs(nil)); text.Width(s) > most {
				t.Errorf("%s takes %d columns, more than %d: %q", key, text.Width(s), most, s)
			}
			for _, p := range form {
				if s := p.literal; text.Clean("x"+s+"x", 1000) != "x"+s+"x" && strings.TrimSpace(s) != "" && !strings.Contains(s, "  ") {
					t.Errorf("%s is not clean: %q", key, s)
				}
			}
			if s := form.fill(pairs(nil)); len(form) == 1 && strings.TrimSpace(s) != s {
				t.Errorf("%s begins or ends with space: %q", key, s)
			}
		}
	}
	// The line of function keys fits 80 columns.
	line := ""
	for i, key := range []Key{TabOut, TabIn, TabPatron, TabHolds, TabFees, TabPick, TabItems, TabSync, TabMore} {
		line += " F" + strconv.Itoa(i+2) + " " + English().Text(key) + " "
	}
	if text.Width(line) > 80 {
		t.Errorf("the line of function keys takes %d columns: %q", text.Width(line), line)
	}
}

// againstCaller gives what is wrong with a call of Text, Lines or N in a file that names this package pkg.
func againstCaller(call *ast.CallExpr, pkg string, keys map[string]Key, rows map[Key]row) string {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || call.Ellipsis.IsValid() {
		return ""
	}
	args := call.Args[1:]
	counts := method.Sel.Name == "N"
	switch {
	case counts && len(args) > 0:
		args = args[1:]
	case method.Sel.Name != "Text" && method.Sel.Name != "Lines":
		return ""
	}
	sel, ok := call.Args[0].(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if x, ok := sel.X.(*ast.Ident); !ok || x.Name != pkg {
		return ""
	}
	key, ok := keys[sel.Sel.Name]
	if !ok {
		return ""
	}
	r := rows[key]
	if counts != (r.one != nil) {
		return sel.Sel.Name + ": a row that counts is said by N, another one is not"
	}
	if len(args)%2 != 0 {
		return sel.Sel.Name + ": a value is missing"
	}
	want := slices.DeleteFunc(r.valuesOf(), func(n string) bool { return counts && n == "n" })
	var got []string
	for i := 0; i < len(args); i += 2 {
		lit, ok := args[i].(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return ""
		}
		name, err := strconv.Unquote(lit.Value)
		if err != nil {
			return ""
		}
		if !slices.Contains(want, name) {
			return sel.Sel.Name + " has no value " + name
		}
		got = append(got, name)
	}
	for _, p := range slices.Concat(r.one, r.other) {
		if p.name != "" && slices.Contains(want, p.name) && !slices.Contains(got, p.name) {
			return sel.Sel.Name + " is not given " + p.name
		}
	}
	return ""
}

// keysByName gives the keys by the names of their constants.
func keysByName(t *testing.T) map[string]Key {
	keys := map[string]Key{}
	for _, c := range constants(t, ".", "Key") {
		keys[c.name] = Key(c.value)
	}
	return keys
}

// TestCallers reads all Go files of the module that use this package: what they give is what the rows ask for.
func TestCallers(t *testing.T) {
	keys, rows := keysByName(t), English().rows
	top := filepath.Join("..", "..")
	if _, err := os.Stat(filepath.Join(top, "go.mod")); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"desk", "store", "tui", "cmd", "scanner"} {
		err := filepath.WalkDir(filepath.Join(top, folder), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") {
				if os.IsNotExist(err) {
					return nil
				}
				return err
			}
			for _, wrong := range callersIn(t, p, nil, keys, rows) {
				t.Error(wrong)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// callersIn gives what is wrong with the calls in one file. A file that is no Go is the compiler's.
func callersIn(t *testing.T, path string, source any, keys map[string]Key, rows map[Key]row) (wrong []string) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	pkg := ""
	for _, imp := range file.Imports {
		if imp.Path.Value == `"circdesk/desk/words"` {
			pkg = "words"
			if imp.Name != nil {
				pkg = imp.Name.Name
			}
		}
	}
	if pkg == "" || strings.HasSuffix(path, filepath.Join("words", "words_test.go")) {
		return nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if w := againstCaller(call, pkg, keys, rows); w != "" {
				wrong = append(wrong, fset.Position(call.Pos()).String()+": "+w)
			}
		}
		return true
	})
	return wrong
}

func TestAgainstCaller(t *testing.T) {
	keys, rows := keysByName(t), English().rows
	for _, row := range []struct {
		name, call, want string
	}{
		{"the right value", `b.Text(words.VisitStillFor, "name", n)`, ""},
		{"another value", `b.Text(words.VisitStillFor, "nam", n)`, "VisitStillFor has no value nam"},
		{"no value", `b.Text(words.VisitStillFor)`, "VisitStillFor is not given name"},
		{"no optional value", `b.Text(words.OutcomeDue, "title", n)`, ""},
		{"half a pair", `b.Text(words.VisitStillFor, "name")`, "VisitStillFor: a value is missing"},
		{"values in a list", `b.Text(words.VisitStillFor, args...)`, ""},
		{"a count", `b.N(words.StatusWaiting, 3)`, ""},
		{"a count said by Text", `b.Text(words.StatusWaiting, "n", n)`, "StatusWaiting: a row that counts is said by N, another one is not"},
		{"a text said by N", `b.N(words.VisitStillFor, 3, "name", n)`, "VisitStillFor: a row that counts is said by N, another one is not"},
	} {
		source := "package p\nimport \"circdesk/desk/words\"\nfunc f() { " + row.call + " }\n"
		got := strings.TrimPrefix(strings.Join(callersIn(t, "p.go", source, keys, rows), "; "), "p.go:3:12: ")
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestBadTables(t *testing.T) {
	for name, source := range map[string]string{
		"no table":                  "a = 1",
		"a number for a text":       "[a]\nb = 1",
		"one form of two":           "[a]\nb = { other = \"x\" }",
		"a form too many":           "[a]\nb = { one = \"x\", other = \"x\", few = \"x\" }",
		"a brace that stays open":   "[a]\nb = \"x {y\"",
		"a brace that closes alone": "[a]\nb = \"x} y\"",
		"a name with a capital":     "[a]\nb = \"{Name}\"",
		"an empty name":             "[a]\nb = \"{}\"",
		"brackets that stay open":   "[a]\nb = \"x [[ {y}\"",
		"brackets that close alone": "[a]\nb = \"x ]] {y}\"",
		"brackets without a value":  "[a]\nb = \"x [[y]]\"",
		"brackets in brackets":      "[a]\nb = \"[[x {y} [[{z}]]]]\"",
		"a row twice":               "[a]\nb = \"x\"\nb = \"y\"",
		"a bad one":                 "[a]\nb = { one = \"{\", other = \"x\" }",
	} {
		if rows, err := parseTable([]byte(source)); err == nil {
			t.Errorf("%s: read as %v", name, slices.Collect(maps.Keys(rows)))
		}
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"", "a {b} c", "[[, due {due}]]", "{{a}}", "[[[[{a}]]]]", "]]", "{a}[[{b}]]{c}", "[x]"} {
		f.Add(s, "v{b}")
	}
	f.Fuzz(func(t *testing.T, s, v string) {
		parsed, err := parseTemplate(s)
		if err != nil {
			return
		}
		if !strings.ContainsAny(s, "{}[]") && parsed.fill(pairs(nil)) != s {
			t.Errorf("%q says %q", s, parsed.fill(pairs(nil)))
		}
		var args []string
		for _, n := range parsed.names() {
			args = append(args, n, v)
		}
		if got, want := strings.Count(parsed.fill(pairs(args)), "\x00"), strings.Count(s, "\x00"); got != want {
			t.Errorf("%q with %q: %d zero bytes, want %d", s, v, got, want)
		}
	})
}

func FuzzValue(f *testing.F) {
	for _, s := range []string{"", "{who}", "[[ {text} ]]", "\x1b]0;x\x07", "a\r\nb", "\xff", "\u202e{text}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, b := range []*Book{English(), Pseudo()} {
			got := b.Text("reason.patron_blocked", "text", s, "who", "WHO")
			clean := text.Clean(s, longest)
			want := b.Text("reason.patron_blocked")
			if clean != "" {
				want = b.Text("reason.patron_blocked", "text", "@")
				want = strings.Replace(want, "@", clean, 1)
			}
			if got != want {
				t.Errorf("%q: got %q, want %q", s, got, want)
			}
		}
	})
}
