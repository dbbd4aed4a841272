//go:build linux

// Command guest is the only program of the emulated machine: its first process. It
// sets the machine up, plugs emulated scanners in, checks what our backends make of
// them, tells how it went, and switches the machine off.
//
//	boot.go      file systems, modules, and the switch
//	plug.go      devices on the kernel's virtual host controller
//	devices.go   the emulated scanners, and the reports that they send
//	desk.go      a desk that reads scanners; a desk of another user, or one to be killed
//	checks.go    all checks; every one has a file of its own
//
// It knows this machine and nothing outside it. It does not know how the machine was
// started, and must not be run on another.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime/pprof"
	"strings"
	"time"

	"circdesk/scanner/emulated"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == childRole {
		child(os.Args[2:])
		return
	}
	if os.Getpid() != 1 {
		fmt.Fprintln(os.Stderr, "guest is the first process of an emulated machine and runs nowhere else")
		os.Exit(1)
	}
	if err := first(); err != nil {
		fmt.Println("guest:", err)
		tellKernel(os.Stdout)
	}
	powerOff()
}

// first is the machine's life.
func first() error {
	if err := boot(); err != nil {
		return err
	}
	out, err := os.OpenFile("/dev/ttyS1", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	filter, err := regexp.Compile(chosen())
	if err != nil {
		return err
	}
	t := &teller{out: out}
	var list []check
	var plan []string
	for _, c := range checks(t) {
		if filter.MatchString(c.name) {
			list = append(list, c)
			plan = append(plan, c.name)
		}
	}
	t.tell(emulated.Line{Plan: plan})
	for _, c := range list {
		if !t.run(c) {
			return fmt.Errorf("%s does not come back", c.name)
		}
	}
	t.tell(emulated.Line{End: true})
	return nil
}

// chosen is the pattern of the checks that shall run; "": all.
func chosen() string {
	b, err := os.ReadFile("/checks")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// check is one thing that must be so. saw is for people, of a check that passes too.
type check struct {
	name string
	run  func(ctx context.Context) (saw string, err error)
}

// teller tells who has started the machine what happens in it.
type teller struct{ out io.Writer }

func (t *teller) tell(l emulated.Line) {
	b, err := json.Marshal(l)
	if err != nil {
		panic(err) // a line is plain data
	}
	if _, err := t.out.Write(append(b, '\n')); err != nil {
		fmt.Println("guest: tell:", err)
	}
}

// In the machine's own time, which counts instructions.
const (
	limit  = 2 * time.Minute  // for one check
	beyond = 20 * time.Second // for it to notice
)

// run runs a check and tells how it went. It returns false where the check hangs.
func (t *teller) run(c check) (back bool) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	told := emulated.Check{Name: c.name}
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		saw, err := c.run(ctx)
		told.Saw = saw
		if err != nil {
			told.Failed = err.Error()
		}
	}()
	select {
	case <-returned:
		back = true
	case <-time.After(limit + beyond):
		_ = pprof.Lookup("goroutine").WriteTo(os.Stdout, 2)
		told = emulated.Check{Name: c.name, Failed: "it does not come back"}
	}
	if told.Failed != "" {
		fmt.Printf("guest: %s: %s\n", told.Name, told.Failed)
		tellKernel(os.Stdout)
	}
	t.tell(emulated.Line{Check: &told})
	return back
}
