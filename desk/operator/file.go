package operator

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"
)

// File is a [Source] that reads its operators from a file and reads it again
// when it has changed. A change that cannot be read changes nothing: those who
// could sign in still can, and Trouble says what is wrong.
type File struct {
	path string // "": a roll that stays
	now  func() time.Time

	mu      sync.Mutex
	roll    Roll
	data    []byte // that roll was read from
	trouble error
	brake   brake
}

// Open reads the file. now is the clock that wrong PINs are timed by.
func Open(path string, now func() time.Time) (*File, error) {
	f := &File{path: path, now: now}
	if f.reload(); f.trouble != nil {
		return nil, f.trouble
	}
	return f, nil
}

// Fixed returns a source of a roll that stays as it is. now is the clock that
// wrong PINs are timed by.
func Fixed(roll Roll, now func() time.Time) *File {
	return &File{roll: roll, now: now}
}

// String says how many are listed, and nothing of them or their PINs.
func (f *File) String() string { return f.current().String() }

// GoString is String.
func (f *File) GoString() string { return f.String() }

// Trouble returns why the file as it is now could not be read, nil: it was. The
// last list that could be read is in force until then.
func (f *File) Trouble() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reload()
	return f.trouble
}

// current returns the list in force.
func (f *File) current() Roll {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reload()
	return f.roll
}

// reload reads the file and takes its list if it is another one. The whole file
// is compared: a PIN changed in the same second leaves size and time as they
// were.
func (f *File) reload() {
	if f.path == "" {
		return
	}
	data, err := read(f.path)
	if err != nil {
		f.trouble = err
		return
	}
	if f.trouble == nil && f.data != nil && bytes.Equal(data, f.data) {
		return
	}
	roll, err := Parse(data)
	if err != nil {
		f.trouble = fmt.Errorf("read operators %s: %w", f.path, err)
		return
	}
	f.roll, f.data, f.trouble = roll, data, nil
}

// SignIn is [Source.SignIn].
func (f *File) SignIn(ctx context.Context, name, pin string) (Operator, error) {
	if err := ctx.Err(); err != nil {
		return Operator{}, fmt.Errorf("sign in: %w", err)
	}
	roll := f.current()
	if wait := f.try(name); wait > 0 {
		return Operator{}, &Wait{wait}
	}
	row, listed := roll.find(name)
	lock := roll.decoy(name)
	if row.pin != nil {
		lock = *row.pin
	}
	fits := lock.fits(pin)
	switch {
	case !listed, row.left(f.now()):
		return Operator{}, ErrNoSuch
	case row.pin == nil, !fits:
		return Operator{}, ErrWrongPIN
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.brake.right(key(name))
	return row.operator(), nil
}

func (f *File) try(name string) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.brake.try(key(name), f.now())
}

// Lookup is [Source.Lookup].
func (f *File) Lookup(ctx context.Context, name string) (Operator, error) {
	if err := ctx.Err(); err != nil {
		return Operator{}, fmt.Errorf("look up operator: %w", err)
	}
	row, ok := f.current().find(name)
	if !ok {
		return Operator{}, ErrNoSuch
	}
	return row.operator(), nil
}

// Names is [Source.Names].
func (f *File) Names(ctx context.Context) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list operators: %w", err)
	}
	roll := f.current()
	names := make([]string, 0, len(roll.rows))
	for _, row := range roll.rows {
		if row.pin != nil {
			names = append(names, row.Name)
		}
	}
	return names, nil
}
