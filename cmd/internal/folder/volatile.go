package folder

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Volatile says why what is in the folder may be gone when the computer starts
// again; empty: nothing says so. It is known of file systems in memory (on Linux),
// of the systems' folders for what is temporary, and of the profile that Windows
// gives to whoever has none. A computer that is set back as a whole is not known.
func (f Folder) Volatile() string {
	path := string(f)
	if at, err := filepath.Abs(path); err == nil {
		path = at
	}
	for dir := path; ; dir = filepath.Dir(dir) { // it may not be there yet
		if at, err := filepath.EvalSymlinks(dir); err == nil {
			path = at + strings.TrimPrefix(path, dir)
			if kind := inMemory(at); kind != "" {
				return kind
			}
			break
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	for _, dir := range temporary() {
		if at, err := filepath.EvalSymlinks(dir); err == nil {
			dir = at
		}
		if rest, err := filepath.Rel(dir, path); err == nil && rest != ".." && !strings.HasPrefix(rest, ".."+string(filepath.Separator)) {
			return dir
		}
	}
	return ""
}

// temporary gives the folders that are emptied at a restart, or may be.
func temporary() []string {
	all := []string{os.TempDir()}
	if runtime.GOOS != "windows" {
		return append(all, "/tmp", "/run", "/dev/shm")
	}
	if home, err := os.UserHomeDir(); err == nil {
		if base := strings.ToUpper(filepath.Base(home)); base == "TEMP" || strings.HasPrefix(base, "TEMP.") {
			all = append(all, home)
		}
	}
	return all
}
