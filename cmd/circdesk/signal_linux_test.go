package main

import (
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

// TestADeskThatSleepsAndIsHungUp stops the program as a laptop that sleeps, wakes
// it, and then takes its terminal away: row 22 of the faults. What was done is
// there, the line is there again without anybody's doing, and the journal is whole.
func TestADeskThatSleepsAndIsHungUp(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	csv, mrc := ownFiles(t, 1, 8)
	hungUp := make(chan os.Signal, 1)
	signal.Notify(hungUp, syscall.SIGHUP) // who runs the tests may ignore it, and so would the desk
	t.Cleanup(func() { signal.Stop(hungUp) })
	args := []string{"demo", "--json", "--data", dir, "--patrons", csv, "--titles", mrc}
	p := start(t, args...)
	send := func(s syscall.Signal) {
		t.Helper()
		if err := p.cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	p.want(cardOf(0), "PATRON")
	p.want(itemCode(0), "OUT")
	send(syscall.SIGSTOP)
	asleep := 200 * time.Millisecond
	if os.Getenv("CIRCDESK_LONG") != "" {
		asleep = 30 * time.Second // longer than the line is waited for
	}
	time.Sleep(asleep)
	send(syscall.SIGCONT)
	p.want(itemCode(1), "OUT")
	if a := p.want(":sync", "DONE"); a.Waiting != 0 {
		t.Errorf("after it woke there wait %d", a.Waiting)
	}
	p.want(itemCode(2), "OUT")
	send(syscall.SIGHUP)
	_ = p.cmd.Wait()
	again := start(t, args...)
	for n := range 3 {
		if a := again.want(":item "+itemCode(n), "ITEM"); a.Item.Person == "" {
			t.Errorf("item %d is not lent: %s", n, a.raw)
		}
	}
	again.end()
	if out, errs, code := here(t, "", "journal", "verify", "--data", dir); code != 0 {
		t.Errorf("verify ended with %d: %s%s", code, out, errs)
	}
}
