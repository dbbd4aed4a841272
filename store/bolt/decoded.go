package bolt

import (
	"bytes"
	"reflect"
	"sync"

	"circdesk/desk/circ"
)

// decoded keeps records that were looked up, as they were read, beside the bytes that
// they were read from: a patron with a thousand loans is looked at with every scan. A
// record is read anew as soon as its bytes are others, so it does not matter which
// transaction looks at it. It is safe for concurrent use; its zero value is empty.
type decoded struct {
	mu         sync.Mutex
	young, old map[string]reading
}

// reading is a record and the bytes that say so.
type reading struct {
	bytes []byte
	row   circ.Row
}

// mostDecoded is how many records are young at most; as many may be old. Records have
// some hundred bytes each.
const mostDecoded = 6000

// get gives the record of a key if these are its bytes.
func (d *decoded) get(key, b []byte) (circ.Row, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.young[string(key)]
	if !ok {
		if r, ok = d.old[string(key)]; ok {
			d.put(string(key), r)
		}
	}
	if !ok || !bytes.Equal(r.bytes, b) {
		return nil, false
	}
	return r.row, true
}

// keep keeps what was read. The bytes are copied.
func (d *decoded) keep(key, b []byte, row circ.Row) circ.Row {
	row = clipped(row)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.put(string(key), reading{bytes.Clone(b), row})
	return row
}

func (d *decoded) put(key string, r reading) {
	if len(d.young) >= mostDecoded || d.young == nil {
		d.old, d.young = d.young, make(map[string]reading)
	}
	d.young[key] = r
}

// clipped gives a record whose lists have no room behind their ends: who appends to
// one makes a list of their own.
func clipped(row circ.Row) circ.Row {
	v := reflect.New(reflect.TypeOf(row)).Elem()
	v.Set(reflect.ValueOf(row))
	clip(v)
	out, ok := v.Interface().(circ.Row)
	if !ok {
		return row
	}
	return out
}

func clip(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				clip(f)
			}
		}
	case reflect.Slice:
		if v.Len() < v.Cap() {
			v.SetCap(v.Len())
		}
		if k := v.Type().Elem().Kind(); k == reflect.Struct || k == reflect.Slice {
			for i := range v.Len() {
				clip(v.Index(i))
			}
		}
	}
}
