package operator

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// The shortest and longest PIN. A badge that is scanned as a PIN fits.
const (
	MinPIN = 4   // characters
	MaxPIN = 128 // bytes
)

// Why a PIN is not hashed, and why a hash is not read.
var (
	ErrShortPIN = errors.New("PIN has less than 4 characters")
	ErrLongPIN  = errors.New("PIN has more than 128 bytes or is no text")
	ErrHash     = errors.New("not an Argon2id hash that is accepted here")
)

// cost is what one hash costs.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// usual is the cost of new hashes, one of those that the Password Storage Cheat
// Sheet of OWASP gives for Argon2id.
var usual = cost{19456, 2, 1}

// Bounds of the hashes that are accepted, so that a hostile list cannot take the
// desk's memory or time.
const (
	maxMemory  = 256 << 10 // KiB: 256 MiB
	maxPasses  = 16
	maxWork    = 1 << 20 // memory times passes
	maxThreads = 16
	minSalt    = 8
	maxSalt    = 64
	minSum     = 16
	maxSum     = 64
)

// sealed is a hash of a PIN.
type sealed struct {
	cost cost
	salt []byte
	sum  []byte
}

// HashPIN returns the hash of a PIN as a PHC string, with a new random salt. The
// error is [ErrShortPIN] or [ErrLongPIN], or a failure of the system's source of
// randomness.
func HashPIN(pin string) (string, error) {
	pin = norm.NFC.String(pin)
	switch {
	case len(pin) > MaxPIN || !utf8.ValidString(pin):
		return "", ErrLongPIN
	case utf8.RuneCountInString(pin) < MinPIN:
		return "", ErrShortPIN
	}
	s := sealed{cost: usual, salt: make([]byte, 16)}
	if _, err := rand.Read(s.salt); err != nil {
		return "", fmt.Errorf("draw salt for a PIN: %w", err)
	}
	s.sum = s.cost.hash(pin, s.salt, 32)
	return s.phc(), nil
}

// phc writes what readPHC reads.
func (s sealed) phc() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		s.cost.memory, s.cost.passes, s.cost.threads, b64(s.salt), b64(s.sum))
}

// VerifyPIN returns nil if the PIN is the one that was hashed, [ErrWrongPIN] if
// not, [ErrHash] if the PHC string cannot be read or would cost too much.
func VerifyPIN(phc, pin string) error {
	s, err := readPHC(phc)
	if err != nil {
		return err
	}
	if !s.fits(pin) {
		return ErrWrongPIN
	}
	return nil
}

// CheckHash returns [ErrHash] where a PHC string is none that [VerifyPIN] accepts.
func CheckHash(phc string) error {
	_, err := readPHC(phc)
	return err
}

// fits reports whether the PIN is the one that was hashed. It hashes once,
// whatever the PIN.
func (s sealed) fits(pin string) bool {
	pin = norm.NFC.String(pin)
	usable := len(pin) <= MaxPIN
	if !usable {
		pin = ""
	}
	same := subtle.ConstantTimeCompare(s.cost.hash(pin, s.salt, len(s.sum)), s.sum) == 1
	return same && usable
}

func (c cost) hash(pin string, salt []byte, n int) []byte {
	return argon2.IDKey([]byte(pin), salt, c.passes, c.memory, c.threads, uint32(n))
}

// readPHC reads $argon2id$v=19$m=19456,t=2,p=1$salt$hash. Its error says nothing
// of what it read: a PIN may stand there in clear by mistake.
func readPHC(phc string) (sealed, error) {
	fields := strings.Split(phc, "$")
	if len(phc) > 300 || strings.ContainsAny(phc, "\r\n") || len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" || fields[2] != "v="+strconv.Itoa(argon2.Version) {
		return sealed{}, ErrHash
	}
	params := strings.Split(fields[3], ",")
	if len(params) != 3 {
		return sealed{}, ErrHash
	}
	m, okM := number(params[0], "m=", maxMemory)
	t, okT := number(params[1], "t=", maxPasses)
	p, okP := number(params[2], "p=", maxThreads)
	salt, errSalt := base64.RawStdEncoding.Strict().DecodeString(fields[4])
	sum, errSum := base64.RawStdEncoding.Strict().DecodeString(fields[5])
	switch {
	case !okM, !okT, !okP, errSalt != nil, errSum != nil,
		m < 8*p, m*t > maxWork,
		len(salt) < minSalt, len(salt) > maxSalt, len(sum) < minSum, len(sum) > maxSum:
		return sealed{}, ErrHash
	}
	return sealed{cost{uint32(m), uint32(t), uint8(p)}, salt, sum}, nil
}

// number reads a decimal from 1 to most behind its name.
func number(s, name string, most int) (int, bool) {
	s, ok := strings.CutPrefix(s, name)
	if !ok || s == "" || len(s) > 9 || s[0] == '0' || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1 && n <= most
}
