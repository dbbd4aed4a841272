package local

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/names"
)

// A lister is a look at a copy that gives the lines of an index in parts.
type lister interface {
	Lines(ctx context.Context, index circ.Index, after []byte, n int, tell func(of, id string)) (last []byte, err error)
}

// The names of a copy are read in parts, and after each is rested twice as long as it
// took: whoever scans meanwhile has the machine.
const (
	namesAtOnce = 1000
	namesRest   = 2
	namesAnew   = 1 << 16 // names that changed until all are read anew
	namesAgain  = time.Minute
)

// KeepNames reads the names of all patrons of the copy into memory, and again whenever
// the copy was filled or has changed very much, until the context ends. Nobody waits for
// it. A copy that does not give its names is searched as [journal.Reader] can.
func (d *Desk) KeepNames(ctx context.Context) error {
	for {
		d.mu.Lock()
		if d.namesDue == nil {
			d.namesDue = make(chan struct{}, 1)
		}
		due := d.namesDue
		d.mu.Unlock()
		wait := time.Duration(0)
		switch err := d.fillNames(ctx); {
		case errors.Is(err, errNoNames) || ctx.Err() != nil:
			return ctx.Err()
		case err != nil: // the copy says so to whoever scans
			wait = namesAgain
		}
		var again <-chan time.Time
		if wait > 0 {
			again = time.After(wait)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-due:
		case <-again:
		}
	}
}

var errNoNames = errors.New("the copy does not give its names")

// errNamesOver says that another filling has begun.
var errNamesOver = errors.New("the names are read anew")

// fillNames reads the names of the copy.
func (d *Desk) fillNames(ctx context.Context) error {
	fill := d.names.Fill()
	var after []byte
	for {
		begun := time.Now()
		type line struct{ name, id string }
		var lines []line
		var last []byte
		err := d.Cache.View(ctx, func(tx journal.CacheTx) (err error) {
			l, ok := tx.(lister)
			if !ok {
				return errNoNames
			}
			lines = lines[:0]
			last, err = l.Lines(ctx, circ.ByName, after, namesAtOnce, func(of, id string) { lines = append(lines, line{of, id}) })
			return err
		})
		if err != nil {
			return err
		}
		for _, l := range lines {
			if !fill.Add(l.name, l.id) {
				return errNamesOver
			}
		}
		if after = last; after == nil {
			fill.Done()
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(namesRest * time.Since(begun)):
		}
	}
}

// keepsNames reports whether somebody keeps the names.
func (d *Desk) keepsNames() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.namesDue != nil
}

// readNames lets the names be read anew.
func (d *Desk) readNames() {
	d.names.Forget()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.namesDue == nil {
		return
	}
	select {
	case d.namesDue <- struct{}{}:
	default:
	}
}

// putNames takes the names of rows that the copy has now.
func (d *Desk) putNames(rows []circ.Row) {
	for _, r := range rows {
		p, ok := r.(circ.Patron)
		if !ok {
			continue
		}
		for _, l := range p.Index() {
			if l.Index == circ.ByName {
				d.names.Put(l.Of, string(p.ID))
			}
		}
	}
	if d.names.Puts() > namesAnew {
		d.readNames()
	}
}

// Named is who was found by name.
type Named struct {
	// Fit are those whose names fit what was typed, the likeliest first.
	Fit []circ.Patron
	// Near are names with one letter other than what was typed, and one of the people
	// who are called so.
	Near []NearName
	// Coming: not all names were read yet, there may be more.
	Coming bool
}

// NearName is a name that is much like one that was typed.
type NearName struct {
	Patron circ.Patron // one of them
	Query  string      // finds them
	People int         // how many there are, about
}

// FindNamed looks for at most n people by name, as [names.Index.Find] does, and what is
// not delivered yet is among them: who was merged, erased or renamed is not. It waits for
// no entry that is written, nor does one wait for it longer than n records are read.
func (d *Desk) FindNamed(ctx context.Context, query string, n int) (out Named, err error) {
	a := d.names.Find(query, 2*n)
	a.Near = a.Near[:min(n, len(a.Near))]
	out.Coming = !a.Whole && d.keepsNames()
	if !a.Whole {
		more, err := d.scanNames(ctx, query, n)
		if err != nil {
			return out, err
		}
		a.IDs = append(a.IDs, more...)
	}
	return out, d.readNamed(ctx, query, a, n, &out)
}

// FindBegun is FindNamed for names that begin as was typed alone: much sooner, and with
// nothing where the names are still being read.
func (d *Desk) FindBegun(ctx context.Context, query string, n int) (out Named, err error) {
	return out, d.readNamed(ctx, query, names.Answer{IDs: d.names.Prefix(query, n)}, n, &out)
}

// readNamed reads the records of an answer, and leaves out whose name no longer fits.
func (d *Desk) readNamed(ctx context.Context, query string, a names.Answer, n int, out *Named) error {
	wants := make([]circ.Want, 0, n)
	return d.View(ctx, func(r journal.Reader) error {
		out.Fit, out.Near = nil, nil
		seen := map[circ.PatronID]bool{}
		add := func(p circ.Patron) {
			if how := names.Fits(query, nameIn(p)); !seen[p.ID] && how != names.No && how != names.Like {
				seen[p.ID] = true
				out.Fit = append(out.Fit, p)
			}
		}
		laid := d.layer.Of(circ.KindPatron) // d.mu is held by View
		for _, row := range laid {
			if p, ok := row.(circ.Patron); ok {
				add(p)
			}
		}
		mine := len(out.Fit)
		for rest := a.IDs; len(rest) > 0 && len(out.Fit) < n+mine; {
			now := rest[:min(n, len(rest))]
			rest = rest[len(now):]
			wants = wants[:0]
			for _, id := range now {
				wants = append(wants, circ.ByKey(circ.KindPatron, id))
			}
			found, err := r.Read(ctx, wants)
			if err != nil {
				return err
			}
			for _, rows := range found {
				for _, row := range rows {
					if p, ok := row.(circ.Patron); ok {
						add(p)
					}
				}
			}
		}
		if mine > 0 {
			slices.SortStableFunc(out.Fit, func(a, b circ.Patron) int {
				return cmp.Or(cmp.Compare(names.Fits(query, nameIn(a)), names.Fits(query, nameIn(b))), cmp.Compare(nameIn(a), nameIn(b)))
			})
		}
		out.Fit = out.Fit[:min(n, len(out.Fit))]
		return d.nearNames(ctx, r, query, a.Near, laid, out)
	})
}

// nearNames reads one of the people of each near name; a name that nobody has any more is
// left out. d.mu is held.
func (d *Desk) nearNames(ctx context.Context, r journal.Reader, query string, near []names.Near, laid []circ.Row, out *Named) error {
	wants := make([]circ.Want, 0, len(near))
	for _, one := range near {
		wants = append(wants, circ.ByKey(circ.KindPatron, one.ID))
	}
	found, err := r.Read(ctx, wants)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for i, rows := range found {
		for _, row := range rows {
			if p, ok := row.(circ.Patron); ok && names.Fits(near[i].Query, nameIn(p)) != names.No {
				out.Near = append(out.Near, NearName{p, near[i].Query, near[i].People})
				known[near[i].Query] = true
			}
		}
	}
	for _, row := range laid {
		p, ok := row.(circ.Patron)
		if !ok || names.Fits(query, nameIn(p)) != names.Like {
			continue
		}
		if key := nameIn(p); !known[key] && !slices.ContainsFunc(out.Near, func(n NearName) bool { return names.Fits(n.Query, key) != names.No }) {
			known[key] = true
			out.Near = append(out.Near, NearName{p, key, 1})
		}
	}
	return nil
}

// nameIn gives the name under which somebody is found; empty: under none.
func nameIn(p circ.Patron) string {
	for _, l := range p.Index() {
		if l.Index == circ.ByName {
			return l.Of
		}
	}
	return ""
}

// scanned is how many bytes of a folded name are needed to look it up in a sealed copy
// without opening all names.
const scanned = 3

// scanNames looks for people by how their names begin, in the copy itself.
func (d *Desk) scanNames(ctx context.Context, query string, n int) (ids []string, err error) {
	name := names.Folded(query)
	if name == "" || len(name) < scanned && d.keepsNames() {
		return nil, nil
	}
	wants := []circ.Want{circ.In(circ.ByName, name, n)}
	if i := strings.LastIndexByte(name, ' '); i > 0 { // "maria silva"
		wants = append(wants, circ.In(circ.ByName, name[i+1:]+" "+name[:i], n))
	}
	err = d.Cache.View(ctx, func(tx journal.CacheTx) error {
		ids = ids[:0]
		found, err := tx.Read(ctx, wants)
		if err != nil {
			return err
		}
		for _, rows := range found {
			for _, row := range rows {
				ids = append(ids, row.Key().ID)
			}
		}
		return nil
	})
	return ids, err
}
