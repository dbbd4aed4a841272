package sip2

import (
	"context"
	"errors"
	"fmt"
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/text"
)

// Status is what a system says of itself.
type Status struct {
	Online   bool
	Checkin  bool
	Checkout bool
	Renewal  bool
	Offline  bool // it promises to take what has happened while it was away
	// Timeout is how long it wants to be waited for; zero: it does not say.
	Timeout     time.Duration
	Version     string
	Institution string
	Library     string
	Takes       sipwire.Services
	Says        string    // for the screen
	Now         time.Time // by its clock; zero: it has none
}

func (c *Conn) statusOf(m *sipwire.Message) Status {
	var s Status
	s.Online, _ = m.Flag(sipwire.Online)
	s.Checkin, _ = m.Flag(sipwire.CheckinOK)
	s.Checkout, _ = m.Flag(sipwire.CheckoutOK)
	s.Renewal, _ = m.Flag(sipwire.RenewalAllowed)
	s.Offline, _ = m.Flag(sipwire.OfflineOK)
	if n, ok := m.Count(sipwire.TimeoutPeriod); ok && n != sipwire.Unknown && n != sipwire.OfflineTimeout {
		s.Timeout = time.Duration(n) * time.Second / 10
	}
	if v, ok := m.Part(sipwire.ProtocolVersion); ok {
		s.Version = text.Clean(string(v), 4)
	}
	s.Institution = c.text(m, sipwire.Institution)
	s.Library = c.text(m, sipwire.LibraryName)
	s.Says = c.says(m)
	if b, ok := m.First(sipwire.SupportedMessages); ok {
		s.Takes = sipwire.Supported(b)
	}
	s.Now, _ = m.Date(sipwire.DateTimeSync, c.Account.zone())
	return s
}

// Greet signs in and asks for the status, as the profile has it. An error is a
// *[NoAnswerError] whose cause may be [ErrLogin] or [ErrOffline]; the connection
// is given up with it.
func (c *Conn) Greet(ctx context.Context) error {
	err := c.greet(ctx)
	if err != nil {
		c.give(err)
		return fmt.Errorf("greet the SIP2 server %s: %w", c.Address, err)
	}
	return nil
}

func (c *Conn) greet(ctx context.Context) error {
	if c.Profile.Status == StatusFirst {
		if err := c.Ping(ctx); err != nil {
			return err
		}
	}
	if c.Account.User != "" {
		if err := c.Login(ctx); err != nil {
			return err
		}
	}
	if c.Profile.Status == StatusAfter {
		return c.Ping(ctx)
	}
	return nil
}

// Login signs the desk in. [ErrLogin]: the system does not let it.
func (c *Conn) Login(ctx context.Context) error {
	m, err := c.Profile.login(c.Account)
	if err != nil {
		return err
	}
	answer, err := c.Exchange(ctx, m)
	if err != nil {
		return err
	}
	if in, ok := answer.Flag(sipwire.OK); !ok || !in {
		return &NoAnswerError{m.Code, true, ErrLogin}
	}
	return nil
}

// Ping asks for the system's status. [ErrOffline]: it says that it is off-line.
func (c *Conn) Ping(ctx context.Context) error {
	m, err := c.Profile.statusRequest(sipwire.TerminalOK)
	if err != nil {
		return err
	}
	if _, err := c.Exchange(ctx, m); err != nil {
		return err
	}
	if !c.status.Online {
		return &NoAnswerError{m.Code, true, ErrOffline}
	}
	return nil
}

// text returns the first field of a tag as text that is safe to show.
func (c *Conn) text(m *sipwire.Message, t sipwire.Tag) string {
	return text.Clean(c.Profile.Form.First(m, t), maxText)
}

// maxText is how many characters of a system's text are kept.
const maxText = 1000

// says returns what a system says for the screen: see [Profile.Says].
func (c *Conn) says(m *sipwire.Message) string { return c.Profile.Says(m) }

// leaves reports whether an error ends all tries: no second connection would do
// better.
func leaves(err error) bool { return errors.Is(err, ErrLogin) || errors.Is(err, ErrOffline) }
