package health

// OfDisk is the question whether the disk has room.
const OfDisk Name = "disk"

// What it says.
const (
	DiskUnknown Code = "disk_unknown"
	DiskFull    Code = "disk_full"
	DiskFree    Code = "disk_free"
)

// LeastFree is how many bytes are to be free: weeks of entries, and a copy that grows.
const LeastFree = 500 << 20

// Disk says whether the disk has room for the time without a line.
func Disk(f Facts) Answer {
	switch {
	case !f.Disk.Known:
		return yes(OfDisk, DiskUnknown)
	case f.Disk.Free < LeastFree:
		a := no(OfDisk, DiskFull)
		a.N = int(f.Disk.Free >> 20)
		return a
	}
	a := yes(OfDisk, DiskFree)
	a.N = int(f.Disk.Free >> 20)
	return a
}
