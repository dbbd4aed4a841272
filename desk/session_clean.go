package desk

import (
	"reflect"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/text"
)

// maxText is how long a text of a record is shown.
const maxText = 200

// clean makes one text of a record safe to show.
func clean(s string) string { return text.Clean(s, maxText) }

// safe gives a record whose texts are all safe to show. The ids of records stay
// as they are: they are looked up, and shown to nobody.
func safe[R any](r R) R {
	scrub(reflect.ValueOf(&r).Elem())
	return r
}

// isID reports whether texts of a type are ids of records.
func isID(t reflect.Type) bool {
	return strings.HasSuffix(t.Name(), "ID") && t.PkgPath() == reflect.TypeFor[circ.ItemID]().PkgPath()
}

func scrub(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Len() == 0 || isID(v.Type()) {
			return
		}
		if c := clean(v.String()); c != v.String() {
			v.SetString(c)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() { // what is not exported is not
				scrub(field)
			}
		}
	case reflect.Slice: // a slice of a record is shared: a copy is scrubbed
		if v.IsNil() {
			return
		}
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		for i := range fresh.Len() {
			scrub(fresh.Index(i))
		}
		v.Set(fresh)
	}
}
