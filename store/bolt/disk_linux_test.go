package bolt_test

import "syscall"

// inMemory names the file system of a folder that no disk stands behind; empty:
// it is another.
func inMemory(dir string) string {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return ""
	}
	switch uint32(s.Type) {
	case 0x01021994:
		return "tmpfs"
	case 0x858458f6:
		return "ramfs"
	}
	return ""
}
