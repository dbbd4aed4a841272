package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"circdesk/scanner/emulated"
)

// machine is a machine that can be started.
type machine struct {
	kernel, initrd string
	console        string // file for what is written on its console
	limit          time.Duration
}

// arguments are QEMU's. The machine has one processor, since two that are computed
// wait for one another most of the time. Its clock counts instructions, 4 ns each, and
// leaps when there is nothing to do: so what happens in it is the same however busy
// the computer is on which it runs, and waiting costs no time. The first
// serial line is the console; the second carries the report, and is the file 3 of
// QEMU's process. Standard input and output are QEMU's own, for the keyboard.
func (m machine) arguments() []string {
	return []string{
		"-accel", "tcg", "-icount", "shift=2,sleep=off", "-m", "512", "-smp", "1",
		"-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
		"-kernel", m.kernel, "-initrd", m.initrd,
		"-append", "console=ttyS0 quiet panic=-1 oops=panic mitigations=off tsc=reliable clocksource=tsc cryptomgr.notests",
		"-device", "qemu-xhci,id=usb", "-device", "usb-kbd,bus=usb.0",
		"-serial", "file:" + m.console, "-serial", "file:/dev/fd/3",
		"-qmp", "stdio",
	}
}

// run runs the machine to its end and tells every check. It returns nil if the
// machine's report is whole and every check in it passed.
func (m machine) run(ctx context.Context, out io.Writer) error {
	ctx, cancel := context.WithTimeoutCause(ctx, m.limit, fmt.Errorf("the machine was ended after %s", m.limit))
	defer cancel()
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	cmd := exec.CommandContext(ctx, "qemu-system-x86_64", m.arguments()...)
	cmd.ExtraFiles = []*os.File{w}
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	cmd.WaitDelay = 5 * time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	err = cmd.Start()
	w.Close()
	if err != nil {
		return fmt.Errorf("start the machine: %w", err)
	}
	keys := &keyboard{in: in, out: json.NewDecoder(answers)}
	report, told := listen(r, keys, out)
	if told != nil {
		cancel() // what it tells is not to be trusted, so it need not go on
	}
	ended := cmd.Wait()
	if cause := context.Cause(ctx); told == nil && ended != nil && cause != nil {
		ended = cause
	}
	if ended != nil {
		ended = fmt.Errorf("the machine: %w", ended)
	}
	_, _ = out.Write(complaint.Bytes())
	passed, planned := report.Passed()
	fmt.Fprintf(out, "%d of %d checks passed; the machine took %.1f s of the processors\n", passed, planned,
		(cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	return errors.Join(told, ended, report.Err())
}

// listen takes in the machine's report until it ends, and types what it asks for.
func listen(r io.Reader, keys *keyboard, out io.Writer) (*emulated.Report, error) {
	report := &emulated.Report{}
	lines := bufio.NewScanner(r)
	for last := time.Now(); lines.Scan(); {
		line, err := report.Take(lines.Text())
		switch {
		case err != nil:
			return report, fmt.Errorf("the machine's report: %w", err)
		case line.Check != nil:
			fmt.Fprintf(out, "%5.1f s  %s\n", time.Since(last).Seconds(), line.Check)
			last = time.Now()
		case line.Type != "":
			if err := keys.types(line.Type); err != nil {
				return report, fmt.Errorf("type %q: %w", line.Type, err)
			}
		}
	}
	return report, lines.Err()
}

// keyboard is the machine's own keyboard, whose keys are pressed through QEMU's
// machine protocol.
type keyboard struct {
	in    io.Writer
	out   *json.Decoder
	ready bool // QEMU takes commands
}

// held is how long one key is held down, as the machine counts time.
const held = 40 * time.Millisecond

// types presses and releases the keys of a text, one after the other: digits, small
// letters, and a new line for Enter. QEMU is told of all at once, since in between
// any time may pass in the machine.
func (k *keyboard) types(text string) error {
	commands := []command{}
	if !k.ready {
		commands = append(commands, command{Execute: "qmp_capabilities"})
		k.ready = true
	}
	for _, r := range text {
		name := string(r)
		if r == '\n' {
			name = "ret"
		}
		key := []map[string]string{{"type": "qcode", "data": name}}
		commands = append(commands, command{Execute: "send-key", Arguments: map[string]any{"keys": key, "hold-time": held.Milliseconds()}})
	}
	return k.tell(commands)
}

// command is one of QEMU's machine protocol.
type command struct {
	Execute   string         `json:"execute"`
	Arguments map[string]any `json:"arguments,omitempty"`
}

// tell gives QEMU commands and waits for its answers.
func (k *keyboard) tell(commands []command) error {
	var all bytes.Buffer
	for _, c := range commands {
		if err := json.NewEncoder(&all).Encode(c); err != nil {
			return err
		}
	}
	if _, err := k.in.Write(all.Bytes()); err != nil {
		return err
	}
	for answered := 0; answered < len(commands); {
		var answer struct {
			Return *json.RawMessage `json:"return"`
			Error  *struct{ Desc string }
		}
		if err := k.out.Decode(&answer); err != nil {
			return err
		}
		switch {
		case answer.Error != nil:
			return fmt.Errorf("%s: %s", commands[answered].Execute, answer.Error.Desc)
		case answer.Return != nil:
			answered++
		} // else it is a greeting, or tells of something
	}
	return nil
}
