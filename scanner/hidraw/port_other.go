//go:build !linux

package hidraw

import "circdesk/scanner"

// Supported reports whether this system has raw nodes.
func Supported() bool { return false }

// Open is [scanner.Backend.Open].
func (*Backend) Open(scanner.Info, scanner.Setup) (scanner.Port, error) { return nil, unsupported() }
