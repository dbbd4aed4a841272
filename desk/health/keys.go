package health

// OfKeys is the question whether the desk's files can be opened again.
const OfKeys Name = "keys"

// What it says.
const (
	KeysOpen Code = "keys_open"
	KeysGone Code = "keys_gone"
	KeysKept Code = "keys_kept"
)

// Keys says whether the next start can open the files: a sealed one needs its key.
func Keys(f Facts) Answer {
	switch {
	case !f.Sealed:
		return yes(OfKeys, KeysOpen)
	case f.Keys != nil:
		a := no(OfKeys, KeysGone)
		a.Text = f.Keys.Error()
		return a
	}
	return yes(OfKeys, KeysKept)
}
