package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
)

// needs are the programs that are called, each with its Debian package.
var needs = []struct{ program, pack string }{
	{"qemu-system-x86_64", "qemu-system-x86"},
	{"gcc", "gcc"},
	{"apt-get", "apt"},
	{"dpkg-deb", "dpkg"},
	{"xz", "xz-utils"},
}

// libc is what the guest is linked with, and its package.
const (
	libc     = "libc.a"
	libcPack = "libc6-dev"
)

// packages are the Debian packages that must be installed.
func packages() (list []string) {
	for _, n := range needs {
		list = append(list, n.pack)
	}
	return append(list, libcPack)
}

// missing says what must be installed and is not.
func missing(ctx context.Context) error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return fmt.Errorf("scanners are emulated on Linux on amd64, not on %s on %s: %w", runtime.GOOS, runtime.GOARCH, errors.ErrUnsupported)
	}
	var names []string
	for _, n := range needs {
		if _, err := exec.LookPath(n.program); err != nil {
			names = append(names, n.program)
		}
	}
	// The compiler gives the name back where it has no such file.
	if where, err := output(ctx, "", "gcc", "-print-file-name="+libc); err != nil || strings.TrimSpace(where) == libc {
		names = append(names, libc)
	}
	if names == nil {
		return nil
	}
	return fmt.Errorf("not installed: %s; all that is needed:\n  apt-get install --no-install-recommends %s", strings.Join(names, ", "), strings.Join(packages(), " "))
}
