package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"circdesk/desk/journal"
)

// checkVar tells a child process which file to check, waitVar how long to wait
// for one that another process holds, pagesVar that its pages are
// all, keyVar that it is told a key.
const (
	checkVar = "CIRCDESK_CHECK_STORE"
	waitVar  = "CIRCDESK_CHECK_WAIT"
	pagesVar = "CIRCDESK_CHECK_PAGES"
	keyVar   = "CIRCDESK_CHECK_KEY" // how many bytes of a key come first on its standard input
)

// How a child says what it found. Go itself ends a program that panics with 2.
const (
	exitGood     = 0
	exitDamaged  = 10
	exitHeld     = 11
	exitTooNew   = 12
	exitOther    = 13
	exitOrphan   = 14
	exitOtherKey = 15
)

// checkGreeting is the first line of a child, so that a program that never
// calls [RunCheckChild] is not taken for one.
const checkGreeting = "checking store\n"

// How much of a file a check reads: a start waits for it. Of a large file no more
// is read than an open needs; of a ledger also the newest entries of each desk.
const (
	checkWhole   = 64 << 20 // bytes up to which every page is looked at
	checkEntries = 8 << 20  // bytes up to which every entry is
	checkNewest  = 2000     // entries of each desk, where not every one is
)

// Check looks at a file before it is opened, in a child process: some damage
// ends the process that meets it. A file that is not large is walked through,
// page by page and entry by entry; of a large one no more is read than an open
// needs, and the newest entries of each desk: all of them are [Verify]'s. nil: it
// can be opened, or there is no file. A sealed file is read with its [Lock]; without
// one no more than its checksums are. Otherwise a [DamagedError], [journal.ErrHeld],
// [journal.ErrTooNew], or that the check itself failed. When Check returns the
// child is gone and holds nothing. Of the options only [Wait],
// [Sealed] and [PagesOnly] count.
//
// The program must call [RunCheckChild] first thing in main.
func Check(ctx context.Context, path string, opts ...Option) error {
	err := check(ctx, path, optionsOf(opts))
	if err != nil {
		return fmt.Errorf("check %s: %w", path, err)
	}
	return nil
}

func check(ctx context.Context, path string, o options) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return ctx.Err()
	}
	if _, child := os.LookupEnv(checkVar); child { // whose main has not called RunCheckChild: its child would do the same, without end
		return errNoChild
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), checkVar+"="+path, waitVar+"="+o.wait.String())
	if o.pages {
		cmd.Env = append(cmd.Env, pagesVar+"=1")
	}
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &limited{b: &trouble, left: 4096}
	line, err := cmd.StdinPipe() // it closes with this process, however that ends
	if err != nil {
		return err
	}
	defer line.Close()
	if err := o.lock.tell(cmd, line); err != nil {
		return err
	}
	runtime.LockOSThread() // Linux ends the child with the thread that started it
	defer runtime.UnlockOSThread()
	dieWith(cmd)
	err = cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	said, greeted := strings.CutPrefix(out.String(), checkGreeting)
	exit, exited := errors.AsType[*exec.ExitError](err)
	switch {
	case err != nil && !exited:
		return err
	case !greeted:
		return errNoChild
	case err == nil:
		return nil
	}
	return childSays(path, exit.ExitCode(), strings.TrimSpace(said), firstLine(trouble.String()))
}

var errNoChild = errors.New("this program does not check stores: its main must call RunCheckChild")

func childSays(path string, code int, said, trouble string) error {
	switch code {
	case exitHeld:
		return held(path)
	case exitTooNew:
		return fmt.Errorf("%s: %w", said, journal.ErrTooNew)
	case exitOtherKey:
		return ErrOtherKey
	case exitOther:
		return errors.New(said)
	case exitDamaged:
		return &DamagedError{path, said}
	}
	return &DamagedError{path, "it ended the process that read it: " + trouble}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// limited keeps the beginning of what is written to it.
type limited struct {
	b    *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.left)
	l.b.Write(p[:n])
	l.left -= n
	return len(p), nil
}

// RunCheckChild does the work of a child that [Check] has started, and ends the
// process. In any other process it returns false at once. A program that opens
// stores calls it before everything else.
func RunCheckChild() bool {
	path, child := os.LookupEnv(checkVar)
	if !child {
		return false
	}
	lock, err := toldLock()
	if err != nil {
		os.Exit(exitOrphan)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(exitOrphan)
	}()
	fmt.Print(checkGreeting)
	wait, err := time.ParseDuration(os.Getenv(waitVar))
	if err != nil {
		wait = defaultWait
	}
	err = checkFile(path, options{wait: max(wait, time.Millisecond), lock: lock, pages: os.Getenv(pagesVar) != ""})
	code := exitOf(err)
	if damaged, ok := errors.AsType[*DamagedError](err); ok {
		fmt.Println(damaged.Reason)
	} else if err != nil {
		fmt.Println(err)
	}
	os.Exit(code)
	return true
}

func exitOf(err error) int {
	_, damaged := errors.AsType[*DamagedError](err)
	switch {
	case err == nil:
		return exitGood
	case damaged:
		return exitDamaged
	case errors.Is(err, journal.ErrHeld):
		return exitHeld
	case errors.Is(err, journal.ErrTooNew):
		return exitTooNew
	case errors.Is(err, ErrOtherKey):
		return exitOtherKey
	}
	return exitOther
}

// checkFile reads a file as far as [Check] promises.
func checkFile(path string, o options) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	o.freelist, o.keyless = true, true
	f, err := openToRead(path, o)
	if err != nil {
		return err
	}
	defer f.db.Close()
	if info.Size() <= checkWhole {
		if err := f.db.View(structure); err != nil {
			return &DamagedError{path, err.Error()}
		}
	}
	switch {
	case f.kind == kindCache, o.pages:
		return nil
	case f.sealed && f.sealer == nil:
		return f.sums(info.Size() <= checkEntries)
	case info.Size() <= checkEntries:
		return f.good()
	}
	return f.newest(checkNewest)
}

// good reports the first problem of a ledger.
func (f *file) good() error {
	r, err := f.verify(context.Background(), nil)
	if err != nil {
		return err
	}
	switch n := len(r.Problems); {
	case n == 1:
		return &DamagedError{f.path, r.Problems[0].String()}
	case n > 1:
		return &DamagedError{f.path, fmt.Sprintf("%s, and %d more", r.Problems[0], n-1)}
	}
	return nil
}
