package bolt_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"circdesk/store/bolt"
	"circdesk/store/storetest/disk"
)

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
