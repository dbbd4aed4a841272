package folder

import "golang.org/x/sys/unix"

// inMemory names the file system of a folder that is in memory; empty: it is not.
func inMemory(path string) string {
	var s unix.Statfs_t
	if unix.Statfs(path, &s) != nil {
		return ""
	}
	switch int64(s.Type) {
	case unix.TMPFS_MAGIC:
		return "tmpfs"
	case unix.RAMFS_MAGIC:
		return "ramfs"
	}
	return ""
}
