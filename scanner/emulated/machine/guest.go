package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// guestPackage is the machine's program.
const guestPackage = "circdesk/scanner/emulated/guest"

// build builds the machine's program. It stands alone there, so it is linked with
// all that it needs; a C library that is linked in cannot load the tables by which
// libusb reads names, so libusb does without them.
func build(ctx context.Context, file string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags", "netgo,osusergo", "-ldflags", `-s -w -linkmode external -extldflags "-static"`, "-o", file, guestPackage)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=1", "CGO_CFLAGS=-O2 -DNO_ICONV")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the guest: %w\n%s", err, out)
	}
	return nil
}
