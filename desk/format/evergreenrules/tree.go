package evergreenrules

// tree is where one org unit, or patron group, is below another.
type tree struct {
	rows    map[string]*row     // by id; nil: the table is not among the files
	below   map[string][]string // ids, in the order of the table
	depth   map[string]int      // of what hangs together with a root
	root    string              // what holds for it holds for all; "": there is no such
	deepest int
}

// stockRoot is the id of the first org unit and of the first patron group, above all
// others, as Evergreen begins (950.data.seed-values.sql).
const stockRoot = "1"

func newTree(t tables, table, parent string) *tree {
	w := &tree{below: map[string][]string{}, depth: map[string]int{}}
	if _, ok := t[table]; !ok {
		w.root, w.deepest = stockRoot, 1
		return w
	}
	w.rows = t.byID(table)
	var roots []string
	for _, r := range t[table] {
		id, above := r.fields["id"], r.fields[parent]
		if w.rows[id] != r { // it is there again
			continue
		}
		if above == "" {
			roots = append(roots, id)
		} else {
			w.below[above] = append(w.below[above], id)
		}
	}
	for _, id := range roots {
		w.measure(id, 0)
	}
	if len(roots) == 1 {
		w.root = roots[0]
	}
	return w
}

// measure goes down from a root: each id has one above it, so none is met twice.
func (w *tree) measure(id string, depth int) {
	w.depth[id] = depth
	w.deepest = max(w.deepest, depth)
	for _, b := range w.below[id] {
		w.measure(b, depth+1)
	}
}

// from gives an id and all below it, those above first. Without the table an id is
// itself alone. Nil: it is not in the table, or under no root.
func (w *tree) from(id string) []string {
	if w.rows == nil {
		return []string{id}
	}
	if _, ok := w.depth[id]; !ok {
		return nil
	}
	all := []string{id}
	for i := 0; i < len(all); i++ {
		all = append(all, w.below[all[i]]...)
	}
	return all
}

// level gives how deep an id is.
func (w *tree) level(id string) int {
	if w.rows == nil && id != w.root {
		return 1
	}
	return w.depth[id]
}
