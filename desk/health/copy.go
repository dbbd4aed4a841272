package health

// OfCopy is the question whether the desk has the facts.
const OfCopy Name = "copy"

// What it says.
const (
	CopyFilling Code = "copy_filling"
	CopyNone    Code = "copy_none"
	CopyPart    Code = "copy_part"
	CopyWhole   Code = "copy_whole"
)

// Copy says whether the facts are here, and whole.
func Copy(f Facts) Answer {
	switch {
	case f.Filling:
		return no(OfCopy, CopyFilling)
	case !f.Whole && f.Copy.IsZero():
		return no(OfCopy, CopyNone)
	case !f.Whole:
		return no(OfCopy, CopyPart)
	}
	return yes(OfCopy, CopyWhole)
}
