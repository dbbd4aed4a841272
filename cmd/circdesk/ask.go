package main

import (
	"context"
	"errors"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/reach"
	"circdesk/desk/journal"
)

// starting is how long a desk that holds its files may take until it can be
// asked.
const starting = 3 * time.Second

// orAsk asks the desk that runs on the folder to do it; where none runs, do does
// it. A desk that has just started can be asked soon; one that has just ended
// lets go of its files soon.
func (p *program) orAsk(ctx context.Context, where folder.Folder, args []string, in string, do func() error) error {
	return p.orAskAny(ctx, []string{where.File(folder.Reach)}, args, in, do)
}

// orAskAny asks the first of some that runs, each by the file that says where.
func (p *program) orAskAny(ctx context.Context, files, args []string, in string, do func() error) error {
	deadline := time.Now().Add(starting)
	for {
		for _, file := range files {
			n, err := reach.Call(ctx, file, args, in, p.out, p.err)
			switch {
			case err == nil && n != 0:
				return code(n)
			case !errors.Is(err, reach.ErrNobody):
				return err
			}
		}
		err := do()
		if !errors.Is(err, journal.ErrHeld) || time.Now().After(deadline) {
			return err
		}
	}
}
