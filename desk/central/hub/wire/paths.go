package wire

import (
	"net/url"
	"strings"
	"time"

	"circdesk/desk/circ"
)

// Version of the protocol: it stands in every path.
//   - 1: hello, entries, feed, snapshot, search; later also snapshots in segments, which
//     a server of before answers with not_found
//   - 1, with protocol 2 in the hello: desks are enrolled, and sign; epochs, leases,
//     what a desk has lost comes back, the roll of desks
const Version = 1

// Protocol is what a desk says of itself in its hello.
const Protocol = 2

// The paths. Nothing of a patron is ever in one, nor in a query.
const (
	Challenge = "/v1/challenge"
	Enrol     = "/v1/enrol"
	Session   = "/v1/session"
	Hello     = "/v1/hello"
	Roll      = "/v1/desks"
	Entries   = "/v1/desks/{desk}/entries"
	Recorded  = "/v1/desks/{desk}/recorded"
	Feed      = "/v1/feed"
	Snapshot  = "/v1/snapshot"
	Search    = "/v1/search"
	Health    = "/v1/health"
	OpenAPI   = "/v1/openapi.yaml"
)

// EntriesOf gives the path of a desk's entries, escaped. A desk named by points
// only is escaped too, so that nobody takes it for a folder. The one name that
// has no path is "/", which the mux of net/http takes for the end of another.
func EntriesOf(desk circ.DeskID) string { return pathOf(Entries, desk) }

// RecordedOf gives the path under which a desk gets its own entries back, escaped as
// [EntriesOf] does.
func RecordedOf(desk circ.DeskID) string { return pathOf(Recorded, desk) }

func pathOf(path string, desk circ.DeskID) string {
	name := url.PathEscape(string(desk))
	if strings.Trim(name, ".") == "" {
		name = strings.ReplaceAll(name, ".", "%2E")
	}
	return strings.Replace(path, "{desk}", name, 1)
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
