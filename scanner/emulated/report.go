package emulated

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Line is one line of what the machine tells; one of its fields is set.
type Line struct {
	Plan  []string `json:",omitempty"` // the names of all checks; the first line
	Check *Check   `json:",omitempty"` // how one went
	Type  string   `json:",omitempty"` // a text that shall be typed on the machine's own keyboard
	End   bool     `json:",omitempty"` // all was told; the last line
}

// Check is how a check went.
type Check struct {
	Name   string
	Failed string `json:",omitempty"` // why it failed; "": it passed
	Saw    string `json:",omitempty"` // what a person may like to know, of a check that passed too
}

// String returns the check as one printable line, whatever a device may have said.
func (c Check) String() string {
	s := "ok    " + c.Name
	if c.Failed != "" {
		s = "FAIL  " + c.Name + ": " + c.Failed
	}
	if c.Saw != "" {
		s += " (" + c.Saw + ")"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// Report is what the machine has told. The zero Report has heard nothing.
type Report struct {
	plan   []string
	checks []Check
	ended  bool
}

// Take takes in a line and returns what it says. The error says what is wrong with
// it; a report with such a line is not to be trusted.
func (r *Report) Take(text string) (Line, error) {
	var l Line
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return Line{}, fmt.Errorf("read %.200q: %w", text, err)
	}
	switch {
	case r.ended:
		return Line{}, fmt.Errorf("after the end: %.200q", text)
	case l.Plan != nil && r.plan == nil:
		names := slices.Compact(slices.Sorted(slices.Values(l.Plan)))
		if len(names) != len(l.Plan) {
			return Line{}, fmt.Errorf("a check is planned twice: %.200q", text)
		}
		r.plan = l.Plan
	case r.plan == nil:
		return Line{}, fmt.Errorf("before the plan: %.200q", text)
	case l.Check != nil:
		if err := r.check(*l.Check); err != nil {
			return Line{}, err
		}
	case l.End:
		r.ended = true
	case l.Type == "":
		return Line{}, fmt.Errorf("a line that says nothing: %.200q", text)
	}
	return l, nil
}

func (r *Report) check(c Check) error {
	switch {
	case !slices.Contains(r.plan, c.Name):
		return fmt.Errorf("check %q was not planned", c.Name)
	case slices.ContainsFunc(r.checks, func(o Check) bool { return o.Name == c.Name }):
		return fmt.Errorf("check %q came twice", c.Name)
	}
	r.checks = append(r.checks, c)
	return nil
}

// Passed returns how many checks passed, of how many.
func (r *Report) Passed() (passed, planned int) {
	for _, c := range r.checks {
		if c.Failed == "" {
			passed++
		}
	}
	return passed, len(r.plan)
}

// Err returns nil if there was a plan, the machine came to its end, and every check
// of the plan passed; else the error says what is missing.
func (r *Report) Err() error {
	var errs []error
	if len(r.plan) == 0 {
		errs = append(errs, errors.New("no check was planned"))
	}
	for _, name := range r.plan {
		i := slices.IndexFunc(r.checks, func(c Check) bool { return c.Name == name })
		switch {
		case i < 0:
			errs = append(errs, fmt.Errorf("%s: was not told", name))
		case r.checks[i].Failed != "":
			errs = append(errs, fmt.Errorf("%s: failed", name))
		}
	}
	if !r.ended {
		errs = append(errs, errors.New("the machine stopped before its end"))
	}
	return errors.Join(errs...)
}
