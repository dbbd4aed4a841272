package journal

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"

	"circdesk/desk/circ"
)

// seal encrypts what is private under a fresh key (XChaCha20-Poly1305, the
// random nonce in front), tied to the entry's id.
func seal(plain []byte, id circ.EntryID) (key, sealed []byte, err error) {
	random := make([]byte, chacha20poly1305.KeySize+chacha20poly1305.NonceSizeX, chacha20poly1305.KeySize+chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	rand.Read(random) // never fails: it ends the program instead
	key = bytes.Clone(random[:chacha20poly1305.KeySize])
	nonce := random[chacha20poly1305.KeySize:]
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, nil, fmt.Errorf("seal: %w", err)
	}
	return key, aead.Seal(nonce, nonce, plain, []byte(id)), nil
}

// unseal opens what [seal] closed.
func unseal(key, sealed []byte, id circ.EntryID) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("open private part: %w", err)
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errors.New("open private part: too short")
	}
	nonce, text := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, text, []byte(id))
	if err != nil {
		return nil, fmt.Errorf("open private part: %w", err)
	}
	return plain, nil
}

// privateOut and privateIn are what is sealed. Values stand under the path of
// their field, so a field that a later version adds disturbs nobody.
type privateOut struct {
	Why     string   `json:"why,omitempty"`
	Command values   `json:"command,omitempty"`
	Told    []values `json:"told,omitempty"` // one for each event
}

type privateIn struct {
	Why     string                       `json:"why"`
	Command map[string]json.RawMessage   `json:"command"`
	Told    []map[string]json.RawMessage `json:"told"`
}

// value is a private value under its path.
type value struct {
	path string
	v    any
}

// values are private values in the order of the walk.
type values []value

// MarshalJSON writes an object.
func (vs values) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, v := range vs {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(v.path)
		if err != nil {
			return nil, err
		}
		body, err := json.Marshal(v.v)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), body...)
	}
	return append(b, '}'), nil
}

// split gives what of a command or event stands open, as something to encode,
// and its private values. The command or event stays as it is.
func split(x any) (open any, private values, err error) {
	v := reflect.Indirect(reflect.ValueOf(x))
	if v.Kind() != reflect.Struct {
		return x, nil, nil
	}
	p, err := planOf(v.Type())
	if err != nil || p == nil {
		return x, nil, err
	}
	c := reflect.New(v.Type())
	c.Elem().Set(v)
	p.take(c.Elem(), "", &private)
	return c.Interface(), private, nil
}

// join decodes a command or event from its open form and its private values.
func join(x any, open json.RawMessage, private map[string]json.RawMessage) error {
	if len(open) == 0 {
		return errors.New("no body")
	}
	if err := json.Unmarshal(open, x); err != nil {
		return err
	}
	if len(private) == 0 {
		return nil
	}
	v := reflect.ValueOf(x).Elem()
	p, err := planOf(v.Type())
	if err != nil || p == nil {
		return err
	}
	return p.give(v, "", private)
}

// plan says where a type has private values; nil: nowhere.
type plan []step

// step is one field on the way to private values.
type step struct {
	field   int
	path    string // with a point before it; empty: embedded
	private bool
	sub     plan
}

// plans keeps the plan of each type. It is a cache: what it holds follows from
// the types alone.
var plans sync.Map // reflect.Type → plan

func planOf(t reflect.Type) (plan, error) {
	if p, ok := plans.Load(t); ok {
		return p.(plan), nil
	}
	p, err := makePlan(t, 0)
	if err != nil {
		return nil, err
	}
	plans.Store(t, p)
	return p, nil
}

// planDepth bounds how deep types are looked into: types that hold themselves
// have no private values below it.
const planDepth = 8

func makePlan(t reflect.Type, depth int) (plan, error) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	if t.Kind() == reflect.Map {
		p, err := makePlan(t.Elem(), depth+1)
		if err == nil && p != nil {
			err = fmt.Errorf("type %s: private values cannot be taken out of a map", t)
		}
		return nil, err
	}
	if t.Kind() != reflect.Struct || depth > planDepth {
		return nil, nil
	}
	var p plan
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() && !f.Anonymous {
			continue
		}
		s := step{field: i, path: pathOf(f), private: f.Tag.Get("private") != ""}
		if !s.private {
			var err error
			if s.sub, err = makePlan(f.Type, depth+1); err != nil {
				return nil, err
			}
		}
		if s.private || s.sub != nil {
			p = append(p, s)
		}
	}
	return p, nil
}

// pathOf names a field as JSON does.
func pathOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case name != "" && name != "-":
		return "." + name
	case f.Anonymous:
		return ""
	}
	return "." + f.Name
}

// take moves the private values of an addressable value out of it. What the
// value points to is copied first, and stays as it is.
func (p plan) take(v reflect.Value, at string, out *values) {
	for _, s := range p {
		f := v.Field(s.field)
		switch {
		case !s.private:
			s.sub.takeIn(f, at+s.path, out)
		case !f.IsZero():
			*out = append(*out, value{(at + s.path)[1:], f.Interface()})
			f.SetZero()
		}
	}
}

func (p plan) takeIn(v reflect.Value, at string, out *values) {
	switch v.Kind() {
	case reflect.Struct:
		p.take(v, at, out)
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		c := reflect.New(v.Type().Elem())
		c.Elem().Set(v.Elem())
		v.Set(c)
		p.takeIn(c.Elem(), at, out)
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(c, v)
		v.Set(c)
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			p.takeIn(v.Index(i), at+"."+strconv.Itoa(i), out)
		}
	}
}

// give puts private values back in their places.
func (p plan) give(v reflect.Value, at string, from map[string]json.RawMessage) error {
	for _, s := range p {
		f := v.Field(s.field)
		if !s.private {
			if err := s.sub.giveIn(f, at+s.path, from); err != nil {
				return err
			}
			continue
		}
		path := (at + s.path)[1:]
		raw, ok := from[path]
		if !ok {
			continue
		}
		if err := json.Unmarshal(raw, f.Addr().Interface()); err != nil {
			return fmt.Errorf("private value %s: %w", path, err)
		}
	}
	return nil
}

func (p plan) giveIn(v reflect.Value, at string, from map[string]json.RawMessage) error {
	switch v.Kind() {
	case reflect.Struct:
		return p.give(v, at, from)
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return p.giveIn(v.Elem(), at, from)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if err := p.giveIn(v.Index(i), at+"."+strconv.Itoa(i), from); err != nil {
				return err
			}
		}
	}
	return nil
}
