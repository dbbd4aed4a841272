package operator

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Right is a right of the engine by its name, such as "circulate", "override"
// or "override.money". A name that no version knows is kept and allows nothing.
type Right = string

// Operator is one who signed in. It never holds a PIN or its hash.
type Operator struct {
	Name   string    // as the list writes it, and as entries name it
	Full   string    // for people; "": the name
	Rights []Right   // as the list gives them, each by itself: none includes another
	Left   time.Time // from when on nobody signs in by the name any more; zero: they may
}

// Has reports whether the operator was given the right.
func (o Operator) Has(right Right) bool { return slices.Contains(o.Rights, right) }

// Display returns the name for people.
func (o Operator) Display() string {
	if o.Full != "" {
		return o.Full
	}
	return o.Name
}

// Source is where operators sign in. It may be used by several goroutines at
// once.
type Source interface {
	// SignIn returns the operator of that name if the PIN is right. The error is
	// ErrNoSuch or ErrWrongPIN, which a clerk cannot tell apart, a *Wait when the
	// name was tried too often, or a failure of the source. It takes the time of
	// one hash, also for a name that does not exist.
	SignIn(ctx context.Context, name, pin string) (Operator, error)

	// Lookup returns the operator of that name without a PIN, for the rights of
	// those who signed in before. The error is ErrNoSuch or a failure of the
	// source.
	Lookup(ctx context.Context, name string) (Operator, error)

	// Names returns the names of all who may sign in, in the order of the list.
	Names(ctx context.Context) ([]string, error)
}

// ErrRefused is what both ErrNoSuch and ErrWrongPIN are: ask for it where the
// difference must not show.
var ErrRefused = errors.New("name or PIN is wrong")

// Why a sign-in is refused. Both read alike, so that nobody learns from a
// message which names exist.
var (
	ErrNoSuch   error = &refusal{}
	ErrWrongPIN error = &refusal{pin: true}
)

// refusal is told apart by its address alone.
type refusal struct{ pin bool }

func (*refusal) Error() string        { return ErrRefused.Error() }
func (*refusal) Is(target error) bool { return target == ErrRefused }
