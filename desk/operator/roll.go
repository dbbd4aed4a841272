package operator

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"circdesk/desk/text"
)

// Bounds of a list of operators.
const (
	maxFile   = 1 << 20 // bytes
	maxRoll   = 5000    // operators
	maxName   = 64      // characters
	maxRights = 100
)

// Roll is a list of operators as it was read. The zero Roll lists nobody. It is
// never changed.
type Roll struct {
	rows []row
	at   map[string]int // by key
}

// row is an operator with what his PIN is checked against; nil: he has none and
// cannot sign in.
type row struct {
	Operator
	pin *sealed
}

// String says how many are listed, and nothing of them or their PINs.
func (r Roll) String() string { return fmt.Sprintf("%d operators", len(r.rows)) }

// GoString is String: a hash of a short PIN is nearly the PIN.
func (r Roll) GoString() string { return r.String() }

// Load reads a list of operators from a file; see [Parse].
func Load(path string) (Roll, error) {
	data, err := read(path)
	if err != nil {
		return Roll{}, err
	}
	roll, err := Parse(data)
	if err != nil {
		return Roll{}, fmt.Errorf("read operators %s: %w", path, err)
	}
	return roll, nil
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read operators: %w", err) // names the path
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read operators %s: %w", path, err)
	}
	return data, nil
}

// listed is an operator as the file writes him.
type listed struct {
	Name   string     `toml:"name"`
	Full   string     `toml:"full,omitempty"`
	Rights []string   `toml:"rights"`
	PIN    string     `toml:"pin,omitempty"`
	Left   *time.Time `toml:"left,omitempty"`
}

type list struct {
	Operators []listed `toml:"operators"`
}

// Parse reads a list of operators:
//
//	[[operators]]
//	name = "anna"
//	full = "Anna Lee"
//	rights = ["circulate", "override"]
//	pin = "$argon2id$v=19$m=19456,t=2,p=1$…$…"
//
//	left = 2026-11-30T18:00:00Z
//
// From left on nobody signs in by that name any more; what was done before stands.
// Without pin nobody can sign in by that name; its rights can be looked up.
// Names are compared as [text.Fold] has them, and two that fold alike are
// refused, as are keys that are not in the list above, names and rights that
// would not be shown as they are, and hashes that [VerifyPIN] would not read.
// Errors name the line or the operator, never what stands in pin.
func Parse(data []byte) (Roll, error) {
	if len(data) > maxFile {
		return Roll{}, fmt.Errorf("more than %d bytes", maxFile)
	}
	var l list
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&l); err != nil {
		return Roll{}, where(err)
	}
	if len(l.Operators) > maxRoll {
		return Roll{}, fmt.Errorf("more than %d operators", maxRoll)
	}
	r := Roll{at: make(map[string]int, len(l.Operators))}
	for i, o := range l.Operators {
		row, err := o.row()
		if err != nil {
			return Roll{}, fmt.Errorf("operator %d %.40q: %w", i+1, o.Name, err)
		}
		if before, twice := r.at[key(o.Name)]; twice {
			return Roll{}, fmt.Errorf("operator %d %.40q: named like operator %d", i+1, o.Name, before+1)
		}
		r.at[key(o.Name)] = i
		r.rows = append(r.rows, row)
	}
	return r, nil
}

// where keeps the place and drops the words of a TOML error: they may quote the
// file.
func where(err error) error {
	if e, ok := errors.AsType[*toml.StrictMissingError](err); ok && len(e.Errors) > 0 {
		line, column := e.Errors[0].Position()
		return fmt.Errorf("line %d, column %d: a key that is not known here", line, column)
	}
	if e, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, column := e.Position()
		return fmt.Errorf("line %d, column %d: not as a list of operators is written", line, column)
	}
	return errors.New("not TOML")
}

// row checks one operator.
func (o listed) row() (row, error) {
	if key(o.Name) == "" || text.Clean(o.Name, maxName) != o.Name {
		return row{}, fmt.Errorf("the name is empty, longer than %d characters, or not plain text", maxName)
	}
	if text.Clean(o.Full, maxName) != o.Full {
		return row{}, fmt.Errorf("the full name is longer than %d characters or not plain text", maxName)
	}
	if len(o.Rights) > maxRights {
		return row{}, fmt.Errorf("more than %d rights", maxRights)
	}
	for i, right := range o.Rights {
		if right == "" || text.Clean(right, maxName) != right || strings.Contains(right, " ") {
			return row{}, fmt.Errorf("right %d is not one word", i+1)
		}
	}
	checked := row{Operator: Operator{Name: o.Name, Full: o.Full, Rights: o.Rights}}
	if o.Left != nil {
		checked.Left = o.Left.UTC()
	}
	if o.PIN == "" {
		return checked, nil
	}
	s, err := readPHC(o.PIN)
	if err != nil {
		return row{}, fmt.Errorf("pin: %w", err)
	}
	checked.pin = &s
	return checked, nil
}

// key returns the form of a name that is compared.
func key(name string) string { return text.Fold(text.Clean(name, 4*maxName)) }

// Row returns the lines that list an operator, to be added to the end of a file.
// The hash is what [HashPIN] returned, or "" for none. The error is why [Parse]
// would refuse them.
func Row(o Operator, phc string) (string, error) {
	l := listed{Name: o.Name, Full: o.Full, Rights: append([]string{}, o.Rights...), PIN: phc}
	if !o.Left.IsZero() {
		l.Left = &o.Left
	}
	if _, err := l.row(); err != nil {
		return "", fmt.Errorf("list operator %.40q: %w", o.Name, err)
	}
	data, err := toml.Marshal(list{[]listed{l}})
	if err != nil {
		return "", fmt.Errorf("list operator %.40q: %w", o.Name, err)
	}
	return "\n" + string(data), nil
}

// left reports whether nobody signs in by the name any more.
func (r row) left(now time.Time) bool { return !r.Left.IsZero() && !now.Before(r.Left) }

// operator returns a copy that the caller may keep.
func (r row) operator() Operator {
	o := r.Operator
	o.Rights = slices.Clone(o.Rights)
	return o
}

// find returns the row of a name.
func (r Roll) find(name string) (row, bool) {
	i, ok := r.at[key(name)]
	if !ok {
		return row{}, false
	}
	return r.rows[i], true
}

// decoy returns a hash to try a PIN against that nobody has. It costs what the
// hash of someone listed costs, always the same for one name, so that the time
// does not tell whether the name exists.
func (r Roll) decoy(name string) sealed {
	costs := []cost{usual}
	for _, row := range r.rows {
		if row.pin != nil {
			costs = append(costs, row.pin.cost)
		}
	}
	if len(costs) > 1 {
		costs = costs[1:]
	}
	h := fnv.New32a()
	h.Write([]byte(key(name))) // never fails
	return sealed{costs[int(h.Sum32()%uint32(len(costs)))], make([]byte, 16), make([]byte, 32)}
}
