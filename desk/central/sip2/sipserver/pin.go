package sipserver

import (
	"context"
	"crypto/subtle"
	"strings"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/operator"
	"circdesk/desk/words"
)

// pinState is what became of the PIN of a request.
type pinState int

const (
	pinNotSent   pinState = iota
	pinUnchecked          // nobody knows what it should be
	pinRight
	pinWrong
	pinWait // tried too often: it was not looked at
)

// checked reports whether it was looked at, so that CQ says something.
func (s pinState) checked() bool { return s == pinRight || s == pinWrong }

// NotePIN names the note of the server's store that holds the hash of a patron's PIN.
func NotePIN(id circ.PatronID) string { return "pin." + string(id) }

// pin checks the PIN of the patron whose card is in the request, if one was sent.
func (r *request) pin(ctx context.Context, card string) (pinState, error) {
	said := strings.Trim(r.form.First(&r.m, sipwire.PatronPassword), " ")
	if said == "" {
		return pinNotSent, nil
	}
	if r.settings.PIN.none() {
		return pinUnchecked, nil
	}
	var p circ.Patron
	var hash []byte
	if err := r.look(ctx, func(t *hubserver.Turn) (err error) {
		if p, _, err = person(ctx, t, card); err != nil || p.ID == "" || !r.settings.PIN.Stored {
			return err
		}
		hash, err = t.Note(ctx, NotePIN(p.ID))
		return err
	}); err != nil {
		return 0, err
	}
	right := r.settings.PIN.of(p)
	if p.ID == "" || right == "" && hash == nil {
		return pinUnchecked, nil
	}
	mark := sum(right, string(hash)) // another PIN is tried anew
	name, at, clock := string(p.ID)+string(mark[:]), string(r.Desk), r.server.Now()
	may, known := r.server.cards.before(name, said, clock)
	mayHere, _ := r.server.sprays.before(at, name+"\x00"+said, clock)
	switch {
	case known:
		return pinWrong, nil
	case !may || !mayHere:
		r.reasons = append(r.reasons, "pin_wait")
		return pinWait, nil
	case r.fits(ctx, said, right, hash):
		return pinRight, nil // wrong ones stay counted: they were not this person's, perhaps
	}
	r.server.cards.wrong(name, said, clock)
	r.server.sprays.wrong(at, name+"\x00"+said, clock)
	r.reasons = append(r.reasons, "wrong_pin")
	return pinWrong, nil
}

func (r *request) fits(ctx context.Context, said, right string, hash []byte) bool {
	if hash == nil {
		return subtle.ConstantTimeCompare([]byte(said), []byte(right)) == 1
	}
	select {
	case r.server.hashing <- struct{}{}:
		defer func() { <-r.server.hashing }()
	case <-ctx.Done():
		return false
	}
	return operator.VerifyPIN(string(hash), said) == nil
}

// of gives what a patron's PIN is by their record; empty: it does not say.
func (p PIN) of(who circ.Patron) string {
	switch {
	case p.Birth != "":
		day, err := time.Parse(time.DateOnly, who.Birth)
		if err != nil {
			return ""
		}
		return day.Format(p.Birth)
	case p.Phone > 0:
		if d := circ.Digits(who.Phone); len(d) >= p.Phone {
			return d[len(d)-p.Phone:]
		}
	}
	return ""
}

// barred says why nothing is done for the patron: the PIN is wrong, or is missing where it
// is needed. Empty: it is right, or nobody asks.
func (r *request) barred(ctx context.Context, card string) (string, error) {
	s, err := r.pin(ctx, card)
	if err != nil {
		return "", err
	}
	said := ""
	switch {
	case s == pinWait:
		said = r.word(words.Sip2PinWait)
	case s == pinWrong:
		said = r.word(words.Sip2WrongPin)
	case r.AsksPIN && s == pinNotSent:
		said = r.word(words.Sip2PinNeeded)
	case r.AsksPIN && s != pinRight:
		said = r.word(words.Sip2SeeStaff)
	}
	if said != "" {
		r.verdict = refused
	}
	return said, nil
}

// person gives the patron of a card; the zero patron: nobody's.
func person(ctx context.Context, t *hubserver.Turn, number string) (p circ.Patron, k circ.Card, err error) {
	if k, err = row[circ.Card](ctx, t, circ.KindCard, number); err != nil || k.State == circ.CardVoid {
		return circ.Patron{}, circ.Card{}, err
	}
	id := k.Patron
	for range 8 { // merged records
		if p, err = row[circ.Patron](ctx, t, circ.KindPatron, string(id)); err != nil || p.Merged == "" {
			break
		}
		id = p.Merged
	}
	if p.Void || p.Merged != "" {
		p = circ.Patron{}
	}
	return p, k, err
}
