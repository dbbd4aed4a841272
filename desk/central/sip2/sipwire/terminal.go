package sipwire

import "errors"

// Why a request of a terminal has no answer. The connection is to be given up
// after each of them.
var (
	ErrBusy       = errors.New("a request is under way on this SIP2 connection")
	ErrOver       = errors.New("this SIP2 connection was given up")
	ErrSilent     = errors.New("no answer in time")
	ErrUnreadable = errors.New("the other end cannot read what is sent")
	ErrGarbled    = errors.New("answers come damaged")
	ErrAnswer     = errors.New("an answer to something else")
)

// Act is what an end of a connection is to do next.
type Act int

const (
	Wait  Act = iota // nothing: what came was not for now
	Send             // send the bytes
	Take             // the message is the answer to the request
	Note             // the message is a status that came instead of an answer: note it, then ask again
	Leave            // give the connection up
)

// Step is what a [Terminal] is to do next.
type Step struct {
	Do      Act
	Bytes   []byte  // Send: what is to be sent
	Message Message // Take, Note: what has come
	Err     error   // Leave: why

	// Undone: Note, Leave: the system cannot have carried the request out. False
	// says that nobody knows.
	Undone bool
}

// Terminal is the asking end of one connection (SIP2 calls it SC): it numbers
// requests, tells an answer from one to an earlier request, and says when to
// send or to ask again. It has no clock: the caller waits, and says when it was
// in vain.
//
// What does something is not sent again because no answer came: real systems
// carry it out again, and a second check-out is a renewal. It is sent again only
// when the system says that it could not read it. For an answer that was damaged
// the answer is asked for again, not the request made.
type Terminal struct {
	Form    Form
	Detect  bool // with sequence numbers and checksums
	Retries int  // how often one request is sent or asked for again; 0: never

	// Settles says that the system knows a request that it has answered, and
	// answers it again without carrying it out: then what does something is sent
	// again, too. See [System].
	Settles bool

	next    int  // the number of the next request
	busy    bool // a request is under way
	over    bool
	number  int // of the request under way
	request Message
	spec    *Spec  // nil: a message that the protocol does not know
	sent    []byte // the request as it was sent
	asked   []byte // the request to send again that was sent last; nil: the request itself was
	tries   int    // how often something was sent again
	unheard int    // how often the request was sent and not said to be unreadable
	seals   bool   // the system has numbered an answer
	late    bool   // something was sent again because no answer came: a further answer may follow
}

// Ask takes a request under way and returns the bytes to send. The error is
// [ErrBusy] while another is, and [ErrOver] after a [Leave].
func (t *Terminal) Ask(m Message) ([]byte, error) {
	switch {
	case t.over:
		return nil, ErrOver
	case t.busy:
		return nil, ErrBusy
	}
	t.busy, t.request, t.spec, t.asked, t.tries, t.unheard = true, m, m.Spec(), nil, 0, 1
	if t.Detect {
		t.number = t.next
		t.next = (t.next + 1) % 10
		m = m.Sealed(t.number)
	} else {
		m = m.Bare()
	}
	t.sent = m.Bytes()
	return t.sent, nil
}

// Heard takes what has come: one message, or what stood in the place of one. A
// right answer to an earlier request is passed over. An answer without a number
// is believed of a system that has not numbered any, while no other answer can be
// on its way, if it is about the same patron and item; else it was damaged.
func (t *Terminal) Heard(b []byte) Step {
	if t.over || !t.busy {
		return Step{}
	}
	m, err := t.Form.Parse(b)
	switch {
	case err != nil && !t.Detect:
		return t.leave(err)
	case err != nil, t.Detect && m.Check() == Damaged:
		return t.askAgain()
	case m.Code == RequestTerminalResend:
		return t.sayAgain()
	case t.asked != nil:
		if !t.echoes(&m) {
			return t.leave(ErrAnswer)
		}
	case t.Detect && m.Sequence == nil:
		if t.seals || !t.echoes(&m) {
			return t.askAgain()
		}
		if t.late {
			return t.leave(ErrAnswer)
		}
	case t.Detect && !t.numbered(&m):
		return Step{}
	case t.Detect:
		t.seals = true
	}
	switch {
	case t.spec == nil || t.spec.Reply == "" || m.Code == t.spec.Reply:
		t.busy = false
		return Step{Do: Take, Message: m}
	case m.Code == SystemStatus:
		t.busy = false
		return Step{Do: Note, Message: m, Undone: t.unheard == 1}
	}
	return t.leave(ErrAnswer)
}

// numbered reports whether a message has the number of the request under way.
func (t *Terminal) numbered(m *Message) bool {
	n, ok := m.Number()
	return ok && n == t.number
}

// echoes reports whether what has no number, or any, can be the answer to the
// request under way: an earlier answer would look the same, and so would one that was
// damaged where nothing is summed. What both say about patron and item has to be the
// same, and a field that the answer always has may not be missing.
func (t *Terminal) echoes(m *Message) bool {
	for _, tag := range []Tag{PatronID, ItemID} {
		asked, _ := t.request.First(tag)
		answered, there := m.First(tag)
		asked, answered = trimBlanks(asked), trimBlanks(answered)
		switch {
		case len(asked) == 0:
		case !there && m.Spec().requires(tag), len(answered) > 0 && string(asked) != string(answered):
			return false
		}
	}
	return true
}

// TimedOut takes that no answer came in time. What only asks is sent again, with
// the same number, so that a late answer is an answer, and a second one is passed
// over. Without numbers the two could not be told from the answers to come, nor
// could those to two requests to send again: then the connection is given up.
func (t *Terminal) TimedOut() Step {
	switch {
	case t.over || !t.busy:
		return Step{}
	case !t.Detect, t.asked != nil, !t.Settles && (t.spec == nil || !t.spec.Asks):
		return t.leave(ErrSilent)
	}
	t.late = true
	return t.again(ErrSilent)
}

// askAgain asks for an answer that came damaged.
func (t *Terminal) askAgain() Step {
	m := t.Form.resend(RequestSystemResend)
	t.asked = m.Bytes()
	return t.again(ErrGarbled)
}

// sayAgain sends the request again that the system could not read. When that
// was the request to send again, nothing helps.
func (t *Terminal) sayAgain() Step {
	if t.asked != nil {
		return t.leave(ErrUnreadable)
	}
	t.unheard--
	return t.again(ErrUnreadable)
}

// again sends once more what was sent last.
func (t *Terminal) again(why error) Step {
	if t.tries >= t.Retries {
		return t.leave(why)
	}
	t.tries++
	if t.asked != nil {
		return Step{Do: Send, Bytes: t.asked}
	}
	t.unheard++
	return Step{Do: Send, Bytes: t.sent}
}

func (t *Terminal) leave(why error) Step {
	t.busy, t.over = false, true
	return Step{Do: Leave, Err: why, Undone: t.unheard == 0}
}
