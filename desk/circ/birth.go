package circ

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// markSize is how many bytes of the hash a mark has.
const markSize = 16

// BirthMark gives the mark of a patron's birth date (2006-01-02), which a desk's copy has
// in place of the date: whoever is told a date can say whether it is that one. It is a
// keyed hash (HMAC-SHA-256) of the patron and the date, so people who were born on one day
// have different marks. Nobody is hidden by it from who has the key: there are some 40,000
// days on which a patron may be born, and all are tried in a blink. The key is the central
// system's, and a desk keeps it where its copy is, sealed as that is. Empty: the date or
// the key is.
func BirthMark(key []byte, p PatronID, date string) string {
	if len(key) == 0 || date == "" {
		return ""
	}
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte("circdesk birth\n" + date + "\n" + string(p))) // a hash does not fail
	return base64.RawStdEncoding.EncodeToString(h.Sum(nil)[:markSize])
}

// BornOn reports whether the patron was born on a day (2006-01-02), by the date or, where
// that is not there, by its mark. known is false when nobody can tell.
func (r Patron) BornOn(key []byte, date string) (is, known bool) {
	switch {
	case r.Birth != "":
		return r.Birth == date, true
	case r.BirthMark == "" || len(key) == 0 || date == "":
		return false, false
	}
	return hmac.Equal([]byte(r.BirthMark), []byte(BirthMark(key, r.ID, date))), true
}

// WithoutBirth gives the patron with the mark of the birth date in its place.
func (r Patron) WithoutBirth(key []byte) Patron {
	if r.Birth != "" {
		r.BirthMark = BirthMark(key, r.ID, r.Birth)
	}
	r.Birth = ""
	return r
}
