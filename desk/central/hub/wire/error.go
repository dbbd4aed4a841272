package wire

import (
	"net/http"

	"circdesk/desk/circ"
)

// Code says what is wrong. The list is closed; a code is never renamed.
type Code string

// The codes, and the status that each travels with.
const (
	Malformed    Code = "malformed"    // 400: the request is not what the description asks for
	Unauthorized Code = "unauthorized" // 401: no token, or another; or a session that is over
	NoDesk       Code = "no_desk"      // 403: this key is not that of an enrolled desk
	Lapsed       Code = "lapsed"       // 403: the desk was not heard of for too long, and is to be enrolled again
	Revoked      Code = "revoked"      // 403: the desk was revoked
	BadCode      Code = "bad_code"     // 403: the code to enrol with is wrong, used, too old, or for another desk
	Forbidden    Code = "forbidden"    // 403: a hub without a token answers its own machine only; or it is another desk's
	NotFound     Code = "not_found"    // 404: no such path
	Method       Code = "method"       // 405: not with this method
	Gap          Code = "gap"          // 409: entries before these are missing; with the mark
	Fork         Code = "fork"         // 409: another entry has this number; with the mark
	Cursor       Code = "cursor"       // 410: the cursor is not of this feed
	TooLarge     Code = "too_large"    // 413: more than the hub takes at once
	MediaType    Code = "media_type"   // 415: not JSON
	NoEntry      Code = "no_entry"     // 422: bytes that are no entry; with its place in the batch
	Internal     Code = "internal"     // 500: a fault of the hub; with the number under which it is logged
	TooMany      Code = "too_many"     // 429: too many tries
	Unavailable  Code = "unavailable"  // 503: the hub cannot answer now
)

// Status gives the HTTP status of a code: 500 for one that is not in the list.
func (c Code) Status() int {
	switch c {
	case Malformed:
		return http.StatusBadRequest
	case Unauthorized:
		return http.StatusUnauthorized
	case Forbidden, NoDesk, Lapsed, Revoked, BadCode:
		return http.StatusForbidden
	case NotFound:
		return http.StatusNotFound
	case Method:
		return http.StatusMethodNotAllowed
	case Gap, Fork:
		return http.StatusConflict
	case Cursor:
		return http.StatusGone
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case MediaType:
		return http.StatusUnsupportedMediaType
	case NoEntry:
		return http.StatusUnprocessableEntity
	case TooMany:
		return http.StatusTooManyRequests
	case Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Error is the body of every answer that is not a success.
type Error struct {
	Code    Code       `json:"code"`
	Message string     `json:"message"`         // English, for whoever runs the hub
	Mark    *circ.Mark `json:"mark,omitempty"`  // gap, fork: the last entry that the hub has
	Entry   int        `json:"entry,omitempty"` // no_entry: which of the batch, from 1
	ID      string     `json:"id,omitempty"`    // internal, unavailable: as in the hub's log
}

func (e *Error) Error() string { return e.Message }
