package scanner

// Signal is what a scanner can be asked to show or sound after a scan.
type Signal string

const (
	GoodRead  Signal = "good_read"   // all is well
	BadRead   Signal = "bad_read"    // look at the screen
	NotOnFile Signal = "not_on_file" // nobody knows the code
)

// Signaller is a Device that may be able to show or sound.
type Signaller interface {
	Device

	// Signal asks the scanner that a scan came from, as [Scan.Source] names it. It
	// returns at once, and false where that scanner is not there or cannot. It may
	// be called by any goroutine.
	Signal(source string, s Signal) bool
}
