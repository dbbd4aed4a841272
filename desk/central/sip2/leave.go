package sip2

import (
	"context"

	"circdesk/desk/central/sip2/sipwire"
)

// cards are the patrons of whom was spoken on a connection since their session was
// ended there last. To some systems a patron's visit is a session of the connection.
type cards map[string]bool

// mostCards is how many are remembered: whoever has more was never told that a visit
// is over, as where entries of a long outage are delivered.
const mostCards = 200

// note notes of whom a message speaks that was answered.
func (c *cards) note(m sipwire.Message) {
	b, ok := m.First(sipwire.PatronID)
	switch {
	case !ok || len(b) == 0:
	case m.Code == sipwire.EndSession:
		delete(*c, string(b))
	default:
		if *c == nil || len(*c) >= mostCards {
			*c = cards{}
		}
		(*c)[string(b)] = true
	}
}

// Leave tells the system that a patron's visit is over (35), where its profile says so
// and it was spoken of them: on each connection that is not in use. Nothing hangs on
// it: a connection that is lost has ended all its sessions. See [central.Leaver].
func (c *Client) Leave(ctx context.Context, card string) error {
	if !c.Profile.EndsSession || !c.takes(sipwire.EndSession) {
		return nil
	}
	m, err := c.Profile.EndSession(c.Account, c.Now(), card)
	if err != nil {
		return err
	}
	who, _ := m.First(sipwire.PatronID)
	return c.pool.each(ctx, func(n *Conn) bool { return n.spoken[string(who)] }, func(n *Conn) error {
		_, err := n.Exchange(ctx, m)
		return err
	})
}
