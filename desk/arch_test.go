package desk_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the module.
type source struct {
	path string // from the module's root, with slashes
	file *ast.File
}

func (s source) folder() string { return path.Dir(s.path) }
func (s source) isTest() bool   { return strings.HasSuffix(s.path, "_test.go") }

// imports returns the paths that the file imports.
func (s source) imports() []string {
	var paths []string
	for _, spec := range s.file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// within reports whether a path is a folder or below it.
func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// module is the module's name; what begins with it is ours.
const module = "circdesk"

// root returns the module's root.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// tree returns all Go files of the module, in the order of their paths.
func tree(t *testing.T) []source {
	t.Helper()
	top := root(t)
	var files []source
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != top && (strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") || d.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		rel, err := filepath.Rel(top, p)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		files = append(files, parse(t, filepath.ToSlash(rel), string(text)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// parse reads a file: of a pure package all of it, of others the comment and the imports.
func parse(t *testing.T, name, text string) source {
	t.Helper()
	mode := parser.ParseComments | parser.SkipObjectResolution
	if _, pure := purity[path.Dir(name)]; !pure {
		mode |= parser.ImportsOnly
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, mode)
	if err != nil {
		t.Fatal(err)
	}
	return source{name, file}
}

// arrows say which of our folders each top folder may import.
var arrows = map[string][]string{
	"desk":    {"desk"},
	"scanner": {"scanner"},
	"store":   {"store", "desk"},
	"tui":     {"tui", "desk", "scanner"},
	"cmd":     {"cmd", "tui", "desk", "store", "scanner"},
}

// testArrows are what the tests of a folder may import besides.
var testArrows = map[string][]string{"desk": {"store/bolt"}}

// againstArrows returns what the files import and may not.
func againstArrows(files []source) []string {
	var found []string
	for _, f := range files {
		top, _, _ := strings.Cut(f.path, "/")
		allowed, known := arrows[top]
		if !known {
			found = append(found, f.path+": no arrows for this folder")
		}
		if f.isTest() {
			allowed = slices.Concat(allowed, testArrows[top])
		}
		for _, p := range f.imports() {
			ours, ok := strings.CutPrefix(p, module+"/")
			if ok && !slices.ContainsFunc(allowed, func(folder string) bool { return within(ours, folder) }) {
				found = append(found, f.path+" imports "+ours)
			}
		}
	}
	return found
}

func TestArrows(t *testing.T) {
	files := tree(t)
	for _, found := range againstArrows(files) {
		t.Error(found)
	}
	for _, row := range []struct {
		name   string
		path   string
		text   string
		strays bool
	}{
		{"desk imports desk", "desk/circ/a.go", `import "circdesk/desk/money"`, false},
		{"desk imports store", "desk/circ/a.go", `import "circdesk/store"`, true},
		{"desk imports a scanner", "desk/a.go", `import "circdesk/scanner"`, true},
		{"desk imports the screens", "desk/a.go", `import "circdesk/tui"`, true},
		{"a test of desk imports bolt", "desk/a_test.go", `import "circdesk/store/bolt"`, false},
		{"a test of desk imports postgres", "desk/a_test.go", `import "circdesk/store/postgres"`, true},
		{"scanner imports desk", "scanner/hid/a.go", `import "circdesk/desk/text"`, true},
		{"scanner imports scanner", "scanner/hid/a.go", `import "circdesk/scanner"`, false},
		{"store imports desk", "store/bolt/a.go", `import "circdesk/desk/journal"`, false},
		{"store imports scanner", "store/bolt/a.go", `import "circdesk/scanner"`, true},
		{"tui imports scanner", "tui/a.go", `import "circdesk/scanner/wedge"`, false},
		{"tui imports store", "tui/screen/a.go", `import "circdesk/store/bolt"`, true},
		{"tui imports cmd", "tui/a.go", `import "circdesk/cmd/circdesk"`, true},
		{"cmd imports all", "cmd/circdesk/a.go", `import ("circdesk/tui"; "circdesk/store/bolt"; s "circdesk/scanner"; _ "circdesk/desk")`, false},
		{"a folder that begins alike", "desk/a.go", `import "circdesk/deskutil"`, true},
		{"a new folder at the top", "util/a.go", `import "fmt"`, true},
		{"a file at the top", "a.go", `import "fmt"`, true},
	} {
		if found := againstArrows([]source{parse(t, row.path, "package p\n"+row.text)}); (len(found) > 0) != row.strays {
			t.Errorf("%s: found %q", row.name, found)
		}
	}
}

// purity says what a pure package may import besides the standard library.
// Pure is: no clock, file, network, context, chance or goroutine.
var purity = map[string][]string{
	"desk/circ":   {module + "/desk/money", module + "/desk/policy", module + "/desk/text"},
	"desk/policy": {module + "/desk/money", module + "/desk/text", "github.com/pelletier/go-toml/v2"},
	"desk/money":  {},
	"desk/text":   {"golang.org/x/text", "github.com/rivo/uniseg", "github.com/charmbracelet/x/ansi"},
}

// impure are the packages of the standard library that no pure package imports,
// with all below them.
var impure = []string{
	"context", "crypto/rand", "database", "io/ioutil", "log", "math/rand", "net", "os", "path/filepath", "plugin",
	"runtime", "syscall", "testing", "unsafe",
}

// clocks are the names of package time that no pure package uses.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local"}

// againstPurity returns what the files of pure packages import, use and start
// and may not.
func againstPurity(files []source) []string {
	var found []string
	for _, f := range files {
		allowed, pure := purity[f.folder()]
		if !pure || f.isTest() {
			continue
		}
		for _, p := range f.imports() {
			first, _, _ := strings.Cut(p, "/")
			standard := first != module && !strings.Contains(first, ".")
			in := func(folder string) bool { return within(p, folder) }
			if standard && slices.ContainsFunc(impure, in) || !standard && !slices.ContainsFunc(allowed, in) {
				found = append(found, f.path+" imports "+p)
			}
		}
		clock := timeName(f)
		ast.Inspect(f.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				found = append(found, f.path+" starts a goroutine")
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && clock != "" && x.Name == clock && slices.Contains(clocks, n.Sel.Name) {
					found = append(found, f.path+" uses time."+n.Sel.Name)
				}
			}
			return true
		})
		if clock == "." {
			found = append(found, f.path+" imports time without its name")
		}
	}
	return found
}

// timeName returns the name that a file calls package time by, "": none.
func timeName(f source) string {
	for _, spec := range f.file.Imports {
		if spec.Path.Value != `"time"` {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return "time"
	}
	return ""
}

func TestPurity(t *testing.T) {
	files := tree(t)
	for _, found := range againstPurity(files) {
		t.Error(found)
	}
	for folder := range purity {
		if !slices.ContainsFunc(files, func(f source) bool { return f.folder() == folder }) {
			t.Errorf("%s is to be pure and is not there", folder)
		}
	}
	for _, row := range []struct {
		name   string
		path   string
		text   string
		strays bool
	}{
		{"the engine uses the standard library", "desk/circ/a.go", `import ("slices"; "crypto/sha256"; "encoding/json")`, false},
		{"the engine uses money", "desk/circ/a.go", `import "circdesk/desk/money"`, false},
		{"the engine uses the journal", "desk/circ/a.go", `import "circdesk/desk/journal"`, true},
		{"the engine uses a library of others", "desk/circ/a.go", `import "golang.org/x/text/cases"`, true},
		{"the engine reads a file", "desk/circ/a.go", `import "os"`, true},
		{"the engine calls someone", "desk/circ/a.go", `import "net/http"`, true},
		{"the engine waits for someone", "desk/circ/a.go", `import "context"`, true},
		{"the engine throws dice", "desk/circ/a.go", `import "math/rand/v2"`, true},
		{"the engine reckons", "desk/circ/a.go", `import "math"`, false},
		{"the engine looks at the clock", "desk/circ/a.go", `import "time"; var t = time.Now()`, true},
		{"the engine looks at the clock by another name", "desk/circ/a.go", `import clock "time"; var now = clock.Now`, true},
		{"the engine hides the clock's name", "desk/circ/a.go", `import . "time"; var t = Now()`, true},
		{"the engine reckons in the machine's zone", "desk/circ/a.go", `import "time"; var l = time.Local`, true},
		{"the engine reckons with times", "desk/circ/a.go", `import "time"; var d = time.Hour`, false},
		{"the engine starts a goroutine", "desk/circ/a.go", `func f() { go f() }`, true},
		{"a test of the engine may", "desk/circ/a_test.go", `import "os"; func f() { go f() }`, false},
		{"another package may", "desk/uplink/a.go", `import "net/http"; func f() { go f() }`, false},
		{"money uses policy", "desk/money/a.go", `import "circdesk/desk/policy"`, true},
		{"policy carries its defaults", "desk/policy/a.go", `import _ "embed"`, false},
	} {
		if found := againstPurity([]source{parse(t, row.path, "package p\n"+row.text)}); (len(found) > 0) != row.strays {
			t.Errorf("%s: found %q", row.name, found)
		}
	}
}

// limits are the words by which a package comment says what it does not know.
var limits = []string{"not know", "knows no", "know nothing"}

// againstComments returns the packages that have not one comment, or whose
// comment does not say what the package does not know.
func againstComments(files []source) []string {
	comments := make(map[string][]string)
	for _, f := range files {
		if f.isTest() {
			continue
		}
		texts := comments[f.folder()] // nil: a folder without a comment so far
		if f.file.Doc != nil {
			texts = append(texts, strings.Join(strings.Fields(f.file.Doc.Text()), " "))
		}
		comments[f.folder()] = texts
	}
	var found []string
	for folder, texts := range comments {
		if len(texts) != 1 {
			found = append(found, fmt.Sprintf("%s has %d package comments", folder, len(texts)))
			continue
		}
		if !slices.ContainsFunc(limits, func(words string) bool { return strings.Contains(texts[0], words) }) {
			found = append(found, folder+": its comment does not say what it does not know")
		}
	}
	slices.Sort(found)
	return found
}

func TestPackageComments(t *testing.T) {
	for _, found := range againstComments(tree(t)) {
		t.Error(found)
	}
	const good = "// Package p is p. It knows p and does\n// not know q.\npackage p"
	for _, row := range []struct {
		name   string
		files  []string
		strays bool
	}{
		{"one comment over two lines", []string{good, "package p"}, false},
		{"a comment with other words", []string{"// Package p knows no q.\npackage p"}, false},
		{"no comment", []string{"package p"}, true},
		{"a comment that is not the package's", []string{"// It does not know q.\n\npackage p"}, true},
		{"two comments", []string{good, good}, true},
		{"a comment without a limit", []string{"// Package p knows all.\npackage p"}, true},
	} {
		var files []source
		for i, text := range row.files {
			files = append(files, parse(t, fmt.Sprintf("desk/p/%d.go", i), text))
		}
		if found := againstComments(files); (len(found) > 0) != row.strays {
			t.Errorf("%s: found %q", row.name, found)
		}
	}
	if found := againstComments([]source{parse(t, "desk/p/p_test.go", "package p")}); len(found) > 0 {
		t.Errorf("a folder of tests: found %q", found)
	}
}

// top is what lies at the top of the repository, besides dotfiles.
var top = []string{
	"cmd", "tui", "desk", "store", "scanner",
	"go.mod", "go.sum", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md",
}

// againstTop returns the names that do not belong at the top.
func againstTop(names []string) []string {
	var found []string
	for _, name := range names {
		if !strings.HasPrefix(name, ".") && !slices.Contains(top, name) {
			found = append(found, name)
		}
	}
	return found
}

func TestTopOfTheRepository(t *testing.T) {
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	for _, found := range againstTop(names) {
		t.Errorf("%s does not belong at the top", found)
	}
	if found := againstTop([]string{"desk", ".ci", "util", "desk2", "go.mod"}); !slices.Equal(found, []string{"util", "desk2"}) {
		t.Errorf("found %q", found)
	}
}
