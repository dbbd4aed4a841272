package folder

import "golang.org/x/sys/windows"

// Free gives how many bytes of the folder's disk this user may still fill; known is
// false when the system does not say.
func (f Folder) Free() (n int64, known bool) {
	path, err := windows.UTF16PtrFromString(string(f))
	if err != nil {
		return 0, false
	}
	var free uint64
	if windows.GetDiskFreeSpaceEx(path, &free, nil, nil) != nil {
		return 0, false
	}
	return int64(free), true
}
