package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"circdesk/cmd/internal/station"
	"circdesk/desk/central/hub"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/store/secret"
)

// enrolment is what a journal notes of it, so that the next start needs no flags.
type enrolment struct {
	Central string      `json:"central"`
	Desk    circ.DeskID `json:"desk"`
	Library string      `json:"library,omitempty"`
}

const noteEnrolment = "enrolment"

func readEnrolment(ctx context.Context, j journal.Store[journal.JournalTx]) (e enrolment, err error) {
	err = j.View(ctx, func(tx journal.JournalTx) error {
		e = enrolment{}
		v, err := tx.Note(ctx, noteEnrolment)
		if err != nil || v == nil {
			return err
		}
		return json.Unmarshal(v, &e)
	})
	if err != nil {
		return e, fmt.Errorf("read where the desk is enrolled: %w", err)
	}
	return e, nil
}

func (e enrolment) write(ctx context.Context, j journal.Store[journal.JournalTx]) error {
	v, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return j.Update(ctx, func(tx journal.JournalTx) error { return tx.SetNote(ctx, noteEnrolment, v) })
}

// asksTime is how long a server may take to say whether it enrols desks.
const asksTime = 5 * time.Second

// keyFor gives the key by which the desk is known at the central server of its
// settings: it enrols the desk where a code is given, or asked for at the terminal; nil:
// the server asks for none, the desk has lost it and works without the line, or keys are
// kept nowhere.
func (p *program) keyFor(ctx context.Context, b *books, was enrolment, typed string) (*hub.Key, error) {
	if b.keeper == nil {
		return nil, nil
	}
	if typed == "" && was.Desk != "" {
		key, err := hub.ReadKey(b.keeper, was.Desk)
		if err == nil {
			return key, nil
		}
		p.note(p.words.Text(words.EnrolNoKey, "desk", string(was.Desk), "why", text.Clean(err.Error(), shown)))
		return nil, nil
	}
	client, err := b.dial(nil)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	mine, err := station.Known(ctx, b.stores.Journal)
	if err != nil {
		return nil, err
	}
	if typed == "" {
		asks, cancel := context.WithTimeout(ctx, asksTime)
		enrols, err := client.Enrols(asks)
		cancel()
		switch {
		case err != nil && mine != "":
			return nil, nil // it works without a line
		case err != nil:
			return nil, p.tell(exitFailed, words.ErrorCentralUnreachable, "url", b.settings.Central)
		case !enrols:
			return nil, nil
		}
		if typed, err = p.askCode(b.settings.Central); err != nil {
			return nil, err
		}
	}
	return p.enrol(ctx, b, client, mine, typed)
}

// askCode asks for a code, where a person can type one.
func (p *program) askCode(central string) (string, error) {
	if !terminal(p.in) {
		return "", p.tell(exitFailed, words.EnrolNeedsCode, "url", central)
	}
	p.note(p.words.Text(words.EnrolAsk, "url", central))
	line, err := bufio.NewReader(io.LimitReader(p.in, 256)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", err
	}
	return strings.TrimSpace(line), nil
}

func (p *program) enrol(ctx context.Context, b *books, client *hub.Client, mine circ.DeskID, typed string) (*hub.Key, error) {
	key, err := hub.NewKey(b.keeper)
	if err != nil {
		return nil, err
	}
	if mine == "" {
		mine = circ.DeskID(b.settings.Desk)
	}
	if err := b.keeper.Set(keyTrial, []byte("a key can be kept")); err != nil { // before the code is used
		return nil, p.keyError(err)
	}
	if err := b.keeper.Drop(keyTrial); err != nil {
		return nil, p.keyError(err)
	}
	out, err := client.Enrol(ctx, key, typed, mine, station.NewID())
	if no, ok := errors.AsType[*hub.CodeError](err); ok {
		return nil, p.tell(exitFailed, words.EnrolRefused, "why", text.Clean(no.Why, shown))
	}
	if err != nil {
		return nil, p.keyError(err)
	}
	now := enrolment{Central: b.settings.Central, Desk: out.Desk, Library: out.Library}
	if err := now.write(ctx, b.stores.Journal); err != nil {
		return nil, err
	}
	p.note(p.words.Text(words.EnrolDone, "desk", string(out.Desk), "at", p.words.Date(out.Ends, time.Local)))
	return key, nil
}

// keyError says a failure of the keeper with the way out.
func (p *program) keyError(err error) error {
	if errors.Is(err, secret.ErrNoKeyring) {
		return p.tell(exitFailed, words.EnrolNoKeyring)
	}
	return err
}

const keyTrial = "trial"
