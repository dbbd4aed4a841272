package policy

import (
	"sort"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines says on which line of a TOML text each key and table header stands. The
// key is the path: names joined by NUL, with "#2" for the second of an array of
// tables.
type lines map[string]int

// Bounds of a path, so that a hostile text cannot make long ones of short ones.
// What lies beyond them is unknown anyway.
const (
	deepest     = 6   // names of one key
	longestName = 128 // bytes of a name that count
)

// findLines reads a text that is known to be valid TOML. Inline tables have no
// lines of their own: what is inside them is on the line of their key.
func findLines(text []byte) lines {
	found := lines{}
	at := newlines(text)
	count := map[string]int{} // tables so far in each array of tables
	under := ""
	var p unstable.Parser
	p.Reset(text)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind == unstable.Comment {
			continue
		}
		path, line := "", 0
		if e.Kind == unstable.KeyValue {
			path = under
		}
		keys := e.Key()
		for depth := 0; keys.Next() && depth < deepest; depth++ {
			k := keys.Node()
			path = join(path, string(k.Data))
			if line == 0 {
				line = at.line(int(k.Raw.Offset))
			}
			if e.Kind == unstable.ArrayTable && keys.IsLast() {
				count[path]++
			}
			found.first(path, line)
			if n := count[path]; n > 0 {
				path = nth(path, n)
				found.first(path, line)
			}
		}
		if e.Kind != unstable.KeyValue {
			under = path
		}
	}
	return found
}

// first keeps the line where a path is named first, be it as part of a longer
// one.
func (l lines) first(path string, line int) {
	if l[path] == 0 {
		l[path] = line
	}
}

// of gives the line of a path, or else of the nearest that it lies in.
func (l lines) of(path string) int {
	for {
		if n := l[path]; n > 0 || path == "" {
			return n
		}
		path = path[:strings.LastIndexByte(path, 0)]
	}
}

func join(path, name string) string {
	return path + "\x00" + name[:min(len(name), longestName)]
}

// nth names the n-th table of an array, from 1.
func nth(path string, n int) string { return join(path, "#"+strconv.Itoa(n)) }

// newlineOffsets says where each line ends.
type newlineOffsets []int

func newlines(text []byte) newlineOffsets {
	var at newlineOffsets
	for i, c := range text {
		if c == '\n' {
			at = append(at, i)
		}
	}
	return at
}

// line gives the line of an offset, from 1.
func (n newlineOffsets) line(offset int) int { return 1 + sort.SearchInts(n, offset) }
