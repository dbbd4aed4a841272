package health

import (
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
)

// Facts is what was found at a desk. A zero value says that nothing was found, or that
// nobody knows; each check says which of the two counts as no.
type Facts struct {
	Now   time.Time // by the desk's clock as it is set right
	Desk  circ.DeskID
	Alone bool // the desk has the central system in its own folder: no line can go

	Whole   bool      // the copy has been read to its end
	Filling bool      // it is being filled
	Copy    time.Time // when it was known to be complete
	MostAge time.Duration

	Up     bool
	Behind Known // the feed has something that the copy does not

	Journal error // why nothing can be written to it; nil: something was
	Disk    Space

	Sealed bool  // the desk's files are
	Keys   error // why their keys cannot be had for the next start; nil: they can, or none are needed

	Standing central.Standing // with the central system; empty: nobody knows
	Ends     time.Time        // of the enrolment; zero: it has none, or nobody knows

	Rules Pair // the version of those in force here, and at the central system

	Operators int   // who may sign in without a line
	SignIn    error // why nobody may

	Clock Offset // how far the machine's clock is behind the central system's

	Waiting int       // entries not delivered
	Oldest  time.Time // of them

	Spares []central.DeskState // the other desks of the library
}

// Known is yes, no, or not known.
type Known int

// The values.
const (
	NotKnown Known = iota
	Yes
	No
)

// Space is how much of a disk is free, in bytes.
type Space struct {
	Free  int64
	Known bool
}

// Offset is how far a clock is off.
type Offset struct {
	By    time.Duration
	Known bool
}

// Pair is what two have; empty: not known.
type Pair struct{ Here, There string }

// Name names a question. In JSON it stands as it is: never renamed.
type Name string

// Code says which of the answers of a check it is; desk/words has a row for each.
// In JSON it stands as it is: never renamed.
type Code string

// An Answer is what one check says.
type Answer struct {
	Check Name
	Ready bool
	Code  Code
	// What the answer is about, as far as it says.
	At   time.Time
	N    int
	Text string
}

// A Check answers one question.
type Check func(Facts) Answer

// Checks are all questions, in the order in which they are answered.
func Checks() []Check {
	return []Check{Copy, Age, Feed, Journal, Disk, Keys, Enrolment, Rules, SignIn, Clock, Waiting, Spares}
}

// Look answers all questions.
func Look(f Facts) (all []Answer) {
	for _, c := range Checks() {
		all = append(all, c(f))
	}
	return all
}

// Missing gives the answers that say no: none, and the desk is ready.
func Missing(all []Answer) (out []Answer) {
	for _, a := range all {
		if !a.Ready {
			out = append(out, a)
		}
	}
	return out
}

// yes and no begin an answer.
func yes(n Name, code Code) Answer { return Answer{Check: n, Ready: true, Code: code} }
func no(n Name, code Code) Answer  { return Answer{Check: n, Code: code} }
