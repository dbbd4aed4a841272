package server

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Zone gives this machine's zone by its IANA name, where the system tells it; UTC
// else.
func Zone() *time.Location {
	names := []string{strings.TrimPrefix(os.Getenv("TZ"), ":"), time.Local.String()}
	if path, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(filepath.ToSlash(path), "zoneinfo/"); ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if name == "" || name == "Local" {
			continue
		}
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	return time.UTC
}
