//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"

	"circdesk/scanner"
	"circdesk/scanner/watch"
)

// childRole is the argument with which the program is a desk in a process of its
// own: another user's, or one that will be killed.
const childRole = "desk"

// told is a line that such a desk writes.
type told struct {
	Event  watch.Event    `json:",omitempty"`
	Name   string         `json:",omitempty"`
	Access scanner.Access `json:",omitempty"`
	Rule   string         `json:",omitempty"`
	Scan   *scanner.Scan  `json:",omitempty"`
}

// child is the desk of another process. Its one argument says what it wants; it
// ends when its input does.
func child(args []string) {
	var ask wanted
	if err := json.Unmarshal([]byte(args[0]), &ask); err != nil {
		fmt.Fprintln(os.Stderr, "desk:", err)
		os.Exit(1)
	}
	var mu sync.Mutex
	tell := func(t told) {
		mu.Lock()
		defer mu.Unlock()
		_ = json.NewEncoder(os.Stdout).Encode(t)
	}
	w := watch.Watcher{Backends: ask.backends(), Wanted: ask.Wanted, Notice: func(n watch.Notice) {
		tell(told{Event: n.Event, Name: n.Name, Access: n.Info.Access, Rule: n.Info.Rule()})
	}}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	_ = w.Run(ctx, func(s scanner.Scan) { tell(told{Scan: &s}) })
}

// wanted is what the desk of another process shall read.
type wanted struct {
	Backends []string
	Wanted   []watch.Wanted
}

func (w wanted) backends() (list []scanner.Backend) {
	for _, b := range backends() {
		for _, name := range w.Backends {
			if b.Name() == name {
				list = append(list, b)
			}
		}
	}
	return list
}

// other is the desk of another process, seen from here.
type other struct {
	cmd   *exec.Cmd
	in    io.Closer
	lines chan told
}

// sitOther starts the desk of another process, as the user with that number.
func sitOther(uid uint32, ask wanted) (*other, error) {
	arg, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	o := &other{cmd: exec.Command("/proc/self/exe", childRole, string(arg)), lines: make(chan told, backlog)}
	o.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	o.cmd.Stderr = os.Stderr
	if o.in, err = o.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := o.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the desk of another user: %w", err)
	}
	go func() {
		defer close(o.lines)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var t told
			if json.Unmarshal(lines.Bytes(), &t) == nil {
				o.lines <- t
			}
		}
	}()
	return o, nil
}

// hear waits for a line that is wanted, past all others.
func (o *other) hear(ctx context.Context, what string, is func(told) bool) (told, error) {
	var before []told
	for {
		select {
		case t, ok := <-o.lines:
			switch {
			case !ok:
				return told{}, fmt.Errorf("%s: the other desk has ended; before: %+v", what, before)
			case is(t):
				return t, nil
			}
			before = append(before, t)
		case <-ctx.Done():
			return told{}, fmt.Errorf("%s: is not told; before: %+v", what, before)
		}
	}
}

// event waits for an event about a scanner.
func (o *other) event(ctx context.Context, e watch.Event, name string) (told, error) {
	return o.hear(ctx, string(e)+" of "+name, func(t told) bool { return t.Event == e && t.Name == name })
}

// leave ends the desk in peace.
func (o *other) leave() error {
	o.in.Close()
	return o.gone()
}

// kill kills the desk.
func (o *other) kill() {
	_ = o.cmd.Process.Kill()
	_ = o.gone() // that it was killed
}

func (o *other) gone() error {
	for range o.lines {
	}
	return o.cmd.Wait()
}
