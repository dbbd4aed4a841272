package siptest

import "math/rand/v2"

// Fault is what a [Proxy] does to one message. Both ends of its connection are
// closed where one is cut; what has reached the library by then is carried out.
type Fault int

// The faults.
const (
	Pass      Fault = iota
	CutBefore       // the connection ends in its place
	CutWithin       // the connection ends after half of it
	CutAfter        // the connection ends behind it
	Lose            // it never arrives, and the connection stands
	Delay           // it arrives when the terminal has sent something else. If that gives up, a request arrives all the same
	Double          // an answer arrives twice; a request does not
	Garble          // one byte is another
	Split           // it arrives byte by byte
	HalfOpen        // neither it nor anything behind it arrives any more, in both directions, and the connection stands
	Junk            // a line that is no SIP2 stands before it
)

// Faults are all of them but [Pass].
func Faults() []Fault {
	return []Fault{CutBefore, CutWithin, CutAfter, Lose, Delay, Double, Garble, Split, HalfOpen, Junk}
}

func (f Fault) String() string {
	names := [...]string{
		"pass", "cut before", "cut within", "cut after", "lose", "delay", "double", "garble", "split", "half open", "junk",
	}
	if f < 0 || int(f) >= len(names) {
		return "no fault"
	}
	return names[f]
}

// Side is an end of a connection.
type Side int

// The sides.
const (
	FromTerminal Side = iota // requests
	FromLibrary              // answers
)

func (s Side) String() string {
	if s == FromLibrary {
		return "answer"
	}
	return "request"
}

// Passage is a message on its way.
type Passage struct {
	From Side
	Code string // of the request; of an answer that of the request before it
	Nth  int    // the how many-th of its side and code through this proxy, from 1
	All  int    // the how many-th of all, from 1
	Conn int    // which connection, from 1
}

// Script says what becomes of each message. It is called by one goroutine at a
// time.
type Script func(Passage) Fault

// Rule is one line of a script.
type Rule struct {
	From Side
	Code string // of the request; "": of any
	Nth  int    // 0: of each
	Do   Fault
}

// Rules are a script in which the first rule that fits counts: the answer to the
// third check-out is lost by {FromLibrary, "11", 3, Lose}.
func Rules(rules ...Rule) Script {
	return func(m Passage) Fault {
		for _, r := range rules {
			if r.From == m.From && (r.Code == "" || r.Code == m.Code) && (r.Nth == 0 || r.Nth == m.Nth) {
				return r.Do
			}
		}
		return Pass
	}
}

// At is a script that does something to the n-th of all messages, from 1.
func At(n int, do Fault) Script {
	return func(m Passage) Fault {
		if m.All == n {
			return do
		}
		return Pass
	}
}

// Noise is a script by chance: about one message in so many meets one of the
// faults. The same seed and the same dialogue meet the same.
func Noise(seed uint64, oneIn int, faults ...Fault) Script {
	chance := rand.New(rand.NewPCG(seed, 1))
	return func(Passage) Fault {
		if chance.IntN(oneIn) > 0 {
			return Pass
		}
		return faults[chance.IntN(len(faults))]
	}
}
