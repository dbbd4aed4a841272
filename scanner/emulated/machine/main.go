// Command machine fetches a kernel, builds the guest, starts the emulated machine
// with both, and tells what it reports: it is what scanner/emulated/run runs.
//
//	needs.go    what must be installed
//	kernel.go   Debian's kernel: fetched once, and what the machine needs of it
//	modules.go  which modules, and in what order
//	guest.go    the machine's program
//	initrd.go   the machine's files
//	qemu.go     the machine, its report and its keyboard
//
// It knows apt, QEMU and the report's lines. It does not know what is checked, or
// anything of scanners.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	go orphaned(cancel)
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "emulated:", err)
		os.Exit(1)
	}
}

// orphaned calls gone when the process that started this one has ended: `go run`
// does not hand on what ends it.
func orphaned(gone func()) {
	for parent := os.Getppid(); os.Getppid() == parent; time.Sleep(time.Second) {
	}
	gone()
}

// options are how the command is called.
type options struct {
	cache string        // folder of kernels
	run   string        // pattern of the checks that shall run, "": all
	limit time.Duration // for the machine's life
}

func run(ctx context.Context, args []string, out io.Writer) error {
	begun := time.Now()
	if len(args) == 1 && args[0] == "packages" {
		_, err := fmt.Fprintln(out, strings.Join(packages(), " "))
		return err
	}
	var o options
	flags := flag.NewFlagSet("scanner/emulated/run", flag.ContinueOnError)
	flags.StringVar(&o.cache, "cache", "", "`folder` in which the kernel is kept; the user's cache folder if empty")
	flags.StringVar(&o.run, "run", "", "run only the checks whose name matches the `pattern`")
	flags.DurationVar(&o.limit, "limit", 5*time.Minute, "end the machine after this `time`, whatever it does")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is not understood", flags.Arg(0))
	}
	if _, err := regexp.Compile(o.run); err != nil {
		return err
	}
	if err := missing(ctx); err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "circdesk-emulated-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	k, err := kernel(ctx, o.cache, out)
	if err != nil {
		return err
	}
	guest := filepath.Join(temp, "guest")
	if err := build(ctx, guest); err != nil {
		return err
	}
	m := machine{kernel: filepath.Join(k, plainImage), initrd: filepath.Join(temp, "initrd"), console: filepath.Join(temp, "console"), limit: o.limit}
	if err := writeInitrd(m.initrd, guest, k, o.run); err != nil {
		return err
	}
	fmt.Fprintf(out, "machine made in %.1f s: %s\n", time.Since(begun).Seconds(), filepath.Base(k))
	if err := m.run(ctx, out); err != nil {
		return fmt.Errorf("%w\n%s", err, keep(m.console))
	}
	fmt.Fprintf(out, "all is well, in %.1f s\n", time.Since(begun).Seconds())
	return nil
}

// keep keeps what the machine wrote on its console, and says where.
func keep(console string) string {
	b, err := os.ReadFile(console)
	if err != nil {
		return fmt.Sprintf("the machine has written nothing: %v", err)
	}
	f, err := os.CreateTemp("", "circdesk-emulated-*.log")
	if err != nil {
		return fmt.Sprintf("what the machine wrote could not be kept: %v", err)
	}
	defer f.Close()
	if _, err := f.Write(b); err != nil {
		return fmt.Sprintf("what the machine wrote could not be kept: %v", err)
	}
	return "the machine's console: " + f.Name()
}
