package sysfs

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"circdesk/scanner"
)

// born returns a number that a folder of the kernel has and no later one of the
// same name.
func born(info os.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino
	}
	return 0
}

// access says whether this user may read and write all files.
func access(files []string) scanner.Access {
	a := scanner.AccessUnknown
	for _, file := range files {
		switch err := unix.Access(file, unix.R_OK|unix.W_OK); {
		case err == nil:
			a = scanner.Allowed
		case errors.Is(err, fs.ErrPermission):
			return scanner.Denied
		default:
			return scanner.AccessUnknown
		}
	}
	return a
}
