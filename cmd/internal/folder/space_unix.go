//go:build unix

package folder

import "golang.org/x/sys/unix"

// Free gives how many bytes of the folder's disk this user may still fill; known is
// false when the system does not say.
func (f Folder) Free() (n int64, known bool) {
	var s unix.Statfs_t
	if unix.Statfs(string(f), &s) != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
