package bolt_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"circdesk/desk/journal"
	"circdesk/store/bolt"
	"circdesk/store/storetest/disk"
)

// mirrorFailing adds an entry for each line that it is given, to a journal beside
// the disk on which its mirror is, and tells how that is then.
func mirrorFailing(path string) {
	ctx := context.Background()
	dir := must(os.MkdirTemp("", "journal"))
	defer os.RemoveAll(dir)
	j := must(bolt.OpenJournal(filepath.Join(dir, "journal.db")))
	j.Mirror(filepath.Join(path, "mirror"), often())
	head := journal.Mark{Desk: "d", Epoch: 1}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		switch lines.Text() {
		case "add":
			head = must(addAfter(ctx, j, head))
			fmt.Println(head.Seq)
		case "whole": // wait until it is
			for s, _ := j.MirrorState(); !s.Behind.IsZero(); s, _ = j.MirrorState() {
				time.Sleep(time.Millisecond)
			}
			fmt.Println("whole")
		case "how":
			s, _ := j.MirrorState()
			fmt.Println(s.Behind.IsZero(), s.Same, s.Why)
		case "close":
			must(0, j.Close())
			fmt.Println("done")
		}
	}
}

func TestADiskOfTheMirrorThatFailsEndsNothing(t *testing.T) {
	for _, no := range []syscall.Errno{syscall.EIO, syscall.ENOSPC, syscall.EROFS} {
		d, dir := weakDisk(t, 4)
		var failing atomic.Bool
		d.Refuse(func(c disk.Call) syscall.Errno {
			if failing.Load() && c.What != "remove" {
				return no
			}
			return 0
		})
		in, out := childAsked(t, "mirror failing", dir)
		ask := func(what string) string {
			t.Helper()
			if _, err := fmt.Fprintln(in, what); err != nil {
				t.Fatal(err)
			}
			said, err := out.ReadString('\n')
			if err != nil {
				t.Fatalf("it ended: %v", err)
			}
			return strings.TrimSpace(said)
		}
		n := 0
		adds := func(times int) {
			t.Helper()
			for range times {
				n++
				if said := ask("add"); said != fmt.Sprint(n) {
					t.Fatalf("entry %d: %q", n, said)
				}
			}
		}
		adds(3)
		if said := ask("how"); said != "true false <nil>" {
			t.Errorf("the mirror is there: %q", said)
		}
		failing.Store(true)
		adds(3)
		if said := ask("how"); !strings.HasPrefix(said, "false") || !strings.Contains(said, no.Error()) {
			t.Errorf("the disk of the mirror says %v: %q", no, said)
		}
		failing.Store(false)
		ask("whole")
		adds(3)
		if said := ask("how"); said != "true false <nil>" {
			t.Errorf("the disk is back: %q", said)
		}
		ask("close")
		// What the disk holds without power has all nine.
		image := filepath.Join(imageFolder(t), "after")
		log := d.Replay()
		for log.Next() {
		}
		if err := errors.Join(os.RemoveAll(image), log.Image(image, disk.Losses[0], nil)); err != nil {
			t.Fatal(err)
		}
		r, err := bolt.Verify(t.Context(), filepath.Join(image, "mirror", bolt.MirrorFile))
		if err != nil || r.Entries != n || len(r.Problems) > 0 {
			t.Errorf("the mirror has %d entries of %d: %v %v", r.Entries, n, r.Problems, err)
		}
	}
}
