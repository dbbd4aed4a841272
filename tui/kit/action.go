package kit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Action is something the clerk can do, as data. The footer, the list of keys, the palette, the manual and the
// remapping of keys all come from the one list of actions.
type Action struct {
	ID    string   // never renamed: configuration files name it
	Keys  []string // as [KeyName] says them, the first is the one shown; none: reached by the palette only
	Scope string   // where the keys hold; empty: everywhere
	Label string   // one or two words, for the footer
	Help  string   // one sentence, for the list of keys and the palette
	Rank  int      // place in the footer, 1 first; 0: not there

	Off   func() string // why it cannot be done now; nil or an empty answer: it can
	Right string        // the right it needs; empty: none

	// What Enter must never do, as a key or by the palette.
	Money    bool // takes, gives or cancels money
	Override bool // sets a rule of the library aside
	Destroys bool // cannot be undone
}

// Grave tells whether the action is one that Enter must never do.
func (a Action) Grave() bool { return a.Money || a.Override || a.Destroys }

// OffBecause is why the action cannot be done now; empty when it can.
func (a Action) OffBecause() string {
	if a.Off == nil {
		return ""
	}
	return a.Off()
}

// Registry is a checked list of actions. It does not change; Rebind makes another one.
type Registry struct {
	actions []Action
	modal   []string
	byKey   map[boundKey]int
	byID    map[string]int
}

type boundKey struct{ scope, key string }

// NewRegistry checks the list and keeps it in its order. A key means one thing: it may be bound once in a scope,
// and a key that holds everywhere cannot be bound again in a scope, unless that scope is named as modal, which
// means it is asked alone (a question, a form). All faults come in one error.
func NewRegistry(actions []Action, modal ...string) (*Registry, error) {
	r := &Registry{modal: slices.Clone(modal), byKey: map[boundKey]int{}, byID: map[string]int{}}
	var faults []error
	for i, a := range actions {
		a.Keys = slices.Clone(a.Keys)
		r.actions = append(r.actions, a)
		if a.ID == "" || a.Label == "" {
			faults = append(faults, fmt.Errorf("action %d %q: no id or no label", i, a.ID))
		}
		if _, twice := r.byID[a.ID]; twice {
			faults = append(faults, fmt.Errorf("action %q: listed twice", a.ID))
		}
		r.byID[a.ID] = i
		faults = append(faults, lintKeys(a)...)
		for _, k := range a.Keys {
			at := boundKey{a.Scope, k}
			if j, twice := r.byKey[at]; twice {
				faults = append(faults, fmt.Errorf("key %s in scope %q: bound to %s and to %s", k, a.Scope, actions[j].ID, a.ID))
				continue
			}
			r.byKey[at] = i
		}
	}
	for _, a := range r.actions {
		if a.Scope == "" || slices.Contains(modal, a.Scope) {
			continue
		}
		for _, k := range a.Keys {
			if j, bound := r.byKey[boundKey{"", k}]; bound {
				faults = append(faults, fmt.Errorf("key %s in scope %q: bound to %s, and everywhere to %s", k, a.Scope, a.ID, actions[j].ID))
			}
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return r, nil
}

// forbidden are keys that no action may have, and why.
var forbidden = map[string]string{
	"ctrl+j":      "it is a scanner's line feed",
	"ctrl+m":      "it is a scanner's carriage return",
	"ctrl+i":      "it is Tab",
	"ctrl+[":      "it is Esc",
	"ctrl+]":      "it is the separator in GS1 codes",
	"ctrl+s":      "terminals stop the screen with it",
	"ctrl+q":      "terminals start the screen with it",
	"ctrl+h":      "it is Backspace on some terminals",
	"ctrl+u":      "it clears the line",
	"ctrl+w":      "it takes a word off the line",
	"backspace":   "it edits the line",
	"tab":         "it closes a scan",
	KeyPaste:      "it is no key",
	KeyFull:       "it is no key",
	"alt+[":       "it begins a terminal's own sequence",
	"alt+]":       "it begins a terminal's own sequence",
	"alt+^":       "it begins a terminal's own sequence",
	"alt+_":       "it begins a terminal's own sequence",
	"alt+\\":      "it ends a terminal's own sequence",
	"alt+shift+o": "it begins a terminal's own sequence",
	"alt+shift+p": "it begins a terminal's own sequence",
	"alt+shift+x": "it begins a terminal's own sequence",
}

// lintKeys gives the faults in the keys of one action.
func lintKeys(a Action) []error {
	var faults []error
	for _, k := range a.Keys {
		name := k[strings.LastIndexByte(k[:max(len(k)-1, 0)], '+')+1:]
		chord := strings.Contains(k, "ctrl+") || strings.Contains(k, "alt+")
		switch why, no := forbidden[k]; {
		case k == "":
			faults = append(faults, fmt.Errorf("action %q: empty key", a.ID))
		case k != strings.ToLower(k):
			faults = append(faults, fmt.Errorf("action %q, key %s: keys are written small", a.ID, k))
		case no:
			faults = append(faults, fmt.Errorf("action %q, key %s: %s", a.ID, k, why))
		case !chord && (utf8.RuneCountInString(name) == 1 || name == "space"):
			faults = append(faults, fmt.Errorf("action %q, key %s: a scan may contain it", a.ID, k))
		case name == KeyEnter && k != KeyEnter:
			faults = append(faults, fmt.Errorf("action %q, key %s: many terminals send plain Enter for it", a.ID, k))
		case k == KeyEnter && a.Grave():
			faults = append(faults, fmt.Errorf("action %q, key %s: Enter never does what costs money, overrides or destroys", a.ID, k))
		}
	}
	return faults
}

// Rebind gives a registry with other keys: by id, all keys of that action. An unknown id and every fault that
// NewRegistry finds is an error, and nothing is changed.
func (r *Registry) Rebind(keys map[string][]string) (*Registry, error) {
	actions := slices.Clone(r.actions)
	var faults []error
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		i, ok := r.byID[id]
		if !ok {
			faults = append(faults, fmt.Errorf("keys of action %q: no such action", id))
			continue
		}
		actions[i].Keys = keys[id]
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return NewRegistry(actions, r.modal...)
}

// Match finds the action of a key: in the scopes in their order, then, unless the first scope is modal, among the
// keys that hold everywhere. A chord with a letter that Caps Lock made a capital counts as the small one. The
// action may be off; ask it.
func (r *Registry) Match(key string, scopes ...string) (Action, bool) {
	if a, ok := r.match(key, scopes); ok {
		return a, true
	}
	if small, ok := withoutShift(key); ok {
		return r.match(small, scopes)
	}
	return Action{}, false
}

func (r *Registry) match(key string, scopes []string) (Action, bool) {
	for _, s := range r.reach(scopes) {
		if i, ok := r.byKey[boundKey{s, key}]; ok {
			return r.actions[i], true
		}
	}
	return Action{}, false
}

// reach is the scopes that are asked, the empty one last unless the first is modal.
func (r *Registry) reach(scopes []string) []string {
	if len(scopes) > 0 && slices.Contains(r.modal, scopes[0]) {
		return scopes[:1]
	}
	if slices.Contains(scopes, "") {
		return scopes
	}
	return append(slices.Clone(scopes), "")
}

// withoutShift takes the shift off a chord with one letter.
func withoutShift(key string) (string, bool) {
	mods, letter, found := strings.Cut(key, "shift+")
	if !found || mods == "" || len(letter) != 1 || letter < "a" || letter > "z" {
		return "", false
	}
	return mods + letter, true
}

// Action finds an action by its id.
func (r *Registry) Action(id string) (Action, bool) {
	i, ok := r.byID[id]
	if !ok {
		return Action{}, false
	}
	return r.actions[i], true
}

// In lists the actions that [Registry.Match] can reach from the scopes, the scopes in their order and the actions
// of each in the order of the list.
func (r *Registry) In(scopes ...string) []Action {
	return r.InOnly(r.reach(scopes)...)
}

// InOnly lists the actions of these scopes and no other, in their order.
func (r *Registry) InOnly(scopes ...string) []Action {
	var in []Action
	for _, s := range scopes {
		for _, a := range r.actions {
			if a.Scope == s {
				in = append(in, a)
			}
		}
	}
	return in
}

// All lists every action, in the order of the list: for the manual.
func (r *Registry) All() []Action { return slices.Clone(r.actions) }
