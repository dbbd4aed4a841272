package policy

import (
	"maps"
	"strings"
	"testing"
)

func TestLinesOfKeysAndTables(t *testing.T) {
	got := findLines([]byte(`a = 1
b.c = """
two
lines"""
# a word
[t]
x = [
  1,
]
[[r]]
k = 1
[r.sub]
k = 1
[[r]]
"k" = 1
[[r.inner]]
[[r.inner]]
z = { y = 1 }
`))
	path := func(names ...string) string { return "\x00" + strings.Join(names, "\x00") }
	want := lines{
		path("a"): 1, path("b"): 2, path("b", "c"): 2, path("t"): 6, path("t", "x"): 7,
		path("r"): 10, path("r", "#1"): 10, path("r", "#1", "k"): 11, path("r", "#1", "sub"): 12, path("r", "#1", "sub", "k"): 13,
		path("r", "#2"): 14, path("r", "#2", "k"): 15, path("r", "#2", "inner"): 16,
		path("r", "#2", "inner", "#1"): 16, path("r", "#2", "inner", "#2"): 17,
		path("r", "#2", "inner", "#2", "z"): 18,
	}
	if !maps.Equal(got, want) {
		t.Errorf("lines %#v, want %#v", got, want)
	}
	for _, row := range []struct {
		name, path string
		want       int
	}{
		{"a key", path("t", "x"), 7},
		{"a key that is inside another", path("r", "#2", "inner", "#2", "z", "y"), 18},
		{"a key that is not there: its table", path("r", "#1", "absent"), 10},
		{"nothing", "", 0},
		{"a key of the whole that is not there", path("absent"), 0},
	} {
		if got := got.of(row.path); got != row.want {
			t.Errorf("%s is on line %d, want %d", row.name, got, row.want)
		}
	}
}

func TestPathsStayShort(t *testing.T) {
	long := strings.Repeat("n", 10_000)
	for path := range findLines([]byte("[" + long + "." + strings.Repeat("a.", 1000) + "b]\n" + long + ".c = 1\n")) {
		if len(path) > 2*deepest*(longestName+1) {
			t.Errorf("a path of %d bytes", len(path))
		}
	}
}
