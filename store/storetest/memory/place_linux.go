package memory

import "golang.org/x/sys/unix"

const place = "/dev/shm"

// free gives how many bytes are free in a folder that is in memory; 0: it is not.
func free(dir string) uint64 {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil || s.Type != unix.TMPFS_MAGIC {
		return 0
	}
	return s.Bavail * uint64(s.Bsize)
}
