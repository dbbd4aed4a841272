package plain

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"circdesk/desk"
	"circdesk/desk/words"
)

// Config is what the plain mode is made of. In, Out, Send, Waiting and Words are
// needed.
type Config struct {
	In      io.Reader
	Out     io.Writer // nothing but outcomes is written to it, and in text notices
	JSON    bool
	Send    func(desk.Input) int64 // hands an input to the session and gives its number
	Waiting func() int             // entries that are not yet delivered
	Words   *words.Book
	Zone    func() *time.Location // the library's, by the rules that are in force now; nil: UTC
	Now     func() time.Time      // nil: time.Now
	// Line is what :pull and :plug take away and put back; nil: they are refused.
	Line Line
	// Secret asks for a PIN that the line did not give, without showing it; nil:
	// such a line is refused.
	Secret func(prompt string) (string, error)
}

// Line is a line to the central system that can be taken away. Both return when
// the desk knows how it is, and say whether it was so already.
type Line interface {
	Pull(context.Context) (already bool, err error)
	Plug(context.Context) (already bool, err error)
}

// Desk is a desk in plain mode.
type Desk struct {
	c Config

	mu    sync.Mutex
	heard []desk.Output
	ready chan struct{} // holds one when something was heard

	last    *desk.Outcome // what :why explains
	list    *desk.Outcome // the last list of conflicts, which :settle counts in
	notices []desk.Notice // not yet told, in JSON
}

// New makes a desk in plain mode. It reads nothing until [Desk.Run].
func New(c Config) (*Desk, error) {
	if c.In == nil || c.Out == nil || c.Send == nil || c.Waiting == nil || c.Words == nil {
		return nil, errors.New("make the plain mode: no input, output, session or words")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Zone == nil {
		c.Zone = func() *time.Location { return time.UTC }
	}
	return &Desk{c: c, ready: make(chan struct{}, 1)}, nil
}

// Hear takes what the session says. It never waits.
func (d *Desk) Hear(out desk.Output) {
	d.mu.Lock()
	d.heard = append(d.heard, out)
	d.mu.Unlock()
	select {
	case d.ready <- struct{}{}:
	default:
	}
}

// line is a line that was read.
type line struct {
	text string
	err  error
}

// Run reads lines until they end, the clerk quits, or the context ends; none of
// these is an error. A line that is being read when Run returns stays with the
// goroutine that reads it.
func (d *Desk) Run(ctx context.Context) error {
	lines := make(chan line)
	go func() {
		r := newReader(d.c.In)
		for {
			text, err := r.next()
			select {
			case lines <- line{text, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.ready:
			if _, err := d.hears(0); err != nil {
				return err
			}
		case l := <-lines:
			switch {
			case l.err == io.EOF:
				return nil
			case l.err != nil:
				return l.err
			}
			if quit, err := d.does(ctx, l.text); quit || err != nil {
				return err
			}
		}
	}
}

// does does what a line says and writes what came of it.
func (d *Desk) does(ctx context.Context, text string) (quit bool, err error) {
	in, reply := d.read(ctx, text)
	if in == nil {
		reply.out.Waiting = d.c.Waiting()
		return reply.quit, d.write(reply.out)
	}
	out, err := d.outcome(ctx, d.c.Send(in))
	if err != nil || out == nil {
		return true, err
	}
	d.remember(in, out)
	return false, d.write(*out)
}

// outcome waits for the final outcome of an input; nil when the desk closes
// before it comes.
func (d *Desk) outcome(ctx context.Context, n int64) (*desk.Outcome, error) {
	for {
		select {
		case <-ctx.Done():
			return nil, nil
		case <-d.ready:
		}
		if out, err := d.hears(n); out != nil || err != nil {
			return out, err
		}
	}
}

// hears takes what was heard: notices are told, and of the outcomes the final
// one of input n is given.
func (d *Desk) hears(n int64) (found *desk.Outcome, err error) {
	d.mu.Lock()
	heard := d.heard
	d.heard = nil
	d.mu.Unlock()
	for _, h := range heard {
		switch h := h.(type) {
		case desk.Notice:
			if d.c.JSON {
				d.notices = append(d.notices, h)
			} else if err := d.print(noticeWord, h.Words); err != nil {
				return nil, err
			}
		case desk.Outcome:
			if h.Final && h.N == n {
				found = &h
			}
		}
	}
	return found, nil
}

// remember keeps what later lines count in.
func (d *Desk) remember(in desk.Input, out *desk.Outcome) {
	if out.Word != desk.WordList && !slices.ContainsFunc(out.Reasons, notAnswered) {
		d.last = out
	}
	if _, is := in.(desk.Conflicts); is {
		d.list = out
	}
}

// notAnswered reports whether an input was refused for a question that is still open,
// which is what there is to explain.
func notAnswered(r desk.Said) bool { return r.Reason == desk.AnswerFirst }

// write writes an outcome.
func (d *Desk) write(out desk.Outcome) error {
	if d.c.JSON {
		notices := d.notices
		d.notices = nil
		return d.writeObject(out, notices)
	}
	return d.printOutcome(out)
}
