//go:build !unix

package bolt

import (
	"path/filepath"
	"strings"
)

// sameDisk reports whether two folders are on one volume, by its letter or name.
func sameDisk(a, b string) bool {
	if at, err := filepath.Abs(a); err == nil {
		a = at
	}
	if at, err := filepath.Abs(b); err == nil {
		b = at
	}
	return strings.EqualFold(filepath.VolumeName(a), filepath.VolumeName(b))
}
