package circ

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Ids have types, so that an item where a patron is wanted does not compile.
// The empty id means "none".
type (
	PatronID   string
	ItemID     string
	TitleID    string
	LoanID     string
	RequestID  string
	FeeID      string
	PaymentID  string
	BlockID    string
	AlertID    string
	LinkID     string
	ReceiptNo  string // what stands on a receipt: unique over all desks
	UseID      string
	DeskID     string
	OperatorID string
	EntryID    string // a UUIDv7, made before the entry is decided
)

// NewID derives the id of a thing that an entry makes: a UUIDv8 (RFC 9562) of
// the SHA-256 of the entry's id, the kind and a position. Desk and server
// derive the same id from the same entry.
func NewID(e EntryID, kind Kind, n int) string {
	sum := sha256.Sum256([]byte("circdesk id\n" + string(e) + "\n" + string(kind) + "\n" + strconv.Itoa(n)))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	var out [36]byte
	hex.Encode(out[:8], b[:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:], b[10:])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}
