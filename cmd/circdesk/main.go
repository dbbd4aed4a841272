// Circdesk is a library's circulation desk in a terminal, and the small central
// server behind it: one program, a file for each command.
//
// It puts the parts together and says what went wrong in words. It knows no
// rule, no format and no screen.
package main

//go:generate go run circdesk/cmd/internal/picture -o check_out.svg

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"circdesk/desk/words"
	"circdesk/store/bolt"
	"circdesk/store/secret"
)

func main() {
	bolt.RunCheckChild()
	runProgram(&keeping{keyring: secret.Keyring{}, vault: secret.DefaultVault})
}

// runProgram runs the command line of the process, and ends it.
func runProgram(k *keeping) {
	ignoreLimits()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, words: words.English(), keeping: k}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
