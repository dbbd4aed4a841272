package desk

import (
	"reflect"
	"strings"
	"sync"

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
	cleanAll(&r)
	return r
}

// cleanAll makes a record safe where it stands, as [safe] does.
func cleanAll[R any](r *R) {
	v := reflect.ValueOf(r).Elem()
	textsOf(v.Type()).scrub(v)
}

// isID reports whether texts of a type are ids of records.
func isID(t reflect.Type) bool {
	return strings.HasSuffix(t.Name(), "ID") && t.PkgPath() == reflect.TypeFor[circ.ItemID]().PkgPath()
}

// texts says what of a type is scrubbed. Nil: nothing.
type texts struct {
	fields []textField // of a struct
}

type textField struct {
	index int
	texts *texts
}

// typesMet has the texts of types that were met; a type never changes.
var typesMet sync.Map // reflect.Type: *texts

func textsOf(t reflect.Type) *texts {
	if found, ok := typesMet.Load(t); ok {
		return found.(*texts)
	}
	found := findTexts(t)
	typesMet.Store(t, found)
	return found
}

func findTexts(t reflect.Type) *texts {
	switch t.Kind() {
	case reflect.String:
		if !isID(t) {
			return &texts{}
		}
	case reflect.Struct:
		var out texts
		for i := range t.NumField() {
			if field := t.Field(i); field.IsExported() {
				if in := textsOf(field.Type); in != nil {
					out.fields = append(out.fields, textField{i, in})
				}
			}
		}
		if out.fields != nil {
			return &out
		}
	case reflect.Slice:
		return &texts{} // its elements are looked at when there are some: they may be of its own type
	}
	return nil
}

func (x *texts) scrub(v reflect.Value) {
	if x == nil {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if v.Len() == 0 {
			return
		}
		if c := clean(v.String()); c != v.String() {
			v.SetString(c)
		}
	case reflect.Struct:
		for _, f := range x.fields {
			f.texts.scrub(v.Field(f.index))
		}
	case reflect.Slice: // a slice of a record is shared: a copy is scrubbed
		if v.IsNil() {
			return
		}
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		if each := textsOf(v.Type().Elem()); each != nil {
			for i := range fresh.Len() {
				each.scrub(fresh.Index(i))
			}
		}
		v.Set(fresh)
	}
}
