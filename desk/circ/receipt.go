package circ

import "strconv"

// NewReceiptNo gives the number on the receipt of an entry: the desk and the entry's
// number there, with the desk's epoch after the first. A desk needs no line for it, and
// no two entries have the same.
func NewReceiptNo(d DeskID, epoch, seq uint64) ReceiptNo {
	n := strconv.FormatUint(seq, 10)
	if epoch > 1 {
		n = strconv.FormatUint(epoch, 10) + "." + n
	}
	return ReceiptNo(string(d) + "-" + n)
}
