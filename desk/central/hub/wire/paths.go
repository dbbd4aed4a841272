package wire

import (
	"net/url"
	"strings"
	"time"

	"circdesk/desk/circ"
)

// Version of the protocol: it stands in every path.
//   - 1: hello, entries, feed, snapshot, search
const Version = 1

// The paths. Nothing of a patron is ever in one, nor in a query.
const (
	Hello    = "/v1/hello"
	Entries  = "/v1/desks/{desk}/entries"
	Feed     = "/v1/feed"
	Snapshot = "/v1/snapshot"
	Search   = "/v1/search"
	Health   = "/v1/health"
	OpenAPI  = "/v1/openapi.yaml"
)

// EntriesOf gives the path of a desk's entries, escaped. A desk named by points
// only is escaped too, so that nobody takes it for a folder. The one name that
// has no path is "/", which the mux of net/http takes for the end of another.
func EntriesOf(desk circ.DeskID) string {
	name := url.PathEscape(string(desk))
	if strings.Trim(name, ".") == "" {
		name = strings.ReplaceAll(name, ".", "%2E")
	}
	return strings.Replace(Entries, "{desk}", name, 1)
}

// How far requests and answers may go.
const (
	MaxBody   = 1 << 20 // bytes of a request
	MaxPage   = 5000    // rows that a page of the feed is asked for
	MaxWants  = 500     // lookups of a search
	MaxFound  = 20000   // rows that a search asks for, all lookups together
	MaxAnswer = 32 << 20
	MaxLine   = 4 << 20 // bytes of one line of a snapshot
	MaxWait   = 25 * time.Second
)

// The media types.
const (
	JSON  = "application/json"
	Lines = "application/x-ndjson"
	YAML  = "application/yaml"
)
