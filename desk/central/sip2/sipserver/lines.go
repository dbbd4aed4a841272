package sipserver

import (
	"sort"
	"strconv"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines says on which line of a TOML text each key and table stands: "terminal#2.login".
type lines map[string]int

// findLines reads a text that is known to be valid TOML.
func findLines(text []byte) lines {
	found, count, under := lines{}, map[string]int{}, ""
	var ends []int
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i)
		}
	}
	var p unstable.Parser
	p.Reset(text)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind == unstable.Comment {
			continue
		}
		path := ""
		if e.Kind == unstable.KeyValue {
			path = under
		}
		for keys := e.Key(); keys.Next(); {
			k := keys.Node()
			if path != "" {
				path += "."
			}
			path += string(k.Data)
			if e.Kind == unstable.ArrayTable && keys.IsLast() {
				count[path]++
			}
			if n := count[path]; n > 0 { // the last of an array of tables
				path += "#" + strconv.Itoa(n)
			}
			if found[path] == 0 {
				found[path] = 1 + sort.SearchInts(ends, int(k.Raw.Offset))
			}
		}
		if e.Kind != unstable.KeyValue {
			under = path
		}
	}
	return found
}
