package wirecheck_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"circdesk/desk/central/centraltest/wirecheck"
	"circdesk/desk/central/hubserver"
)

// noting is a test that only notes what failed it.
type noting struct {
	testing.TB
	said []string
}

func (n *noting) Errorf(format string, args ...any) {
	n.said = append(n.said, fmt.Sprintf(format, args...))
}

// canned gives one answer to everything.
type canned struct {
	status int
	kind   string
	body   string
}

func (c canned) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: c.status, Header: http.Header{"Content-Type": {c.kind}}, Body: io.NopCloser(strings.NewReader(c.body))}, nil
}

func TestWhatIsFound(t *testing.T) {
	described := wirecheck.Read(t, hubserver.OpenAPI())
	const (
		json    = "application/json"
		lines   = "application/x-ndjson"
		entries = "/v1/desks/a%2Fb/entries"
		entry   = `{"entries":[{"open":"e30=","private":""}]}`
		receipt = `{"receipts":[{"entry":"e","desk":"d","epoch":1,"seq":1,"verdict":"applied"}]}`
		page    = `{"rows":[],"next":"a","complete":true}`
	)
	for _, row := range []struct {
		name   string
		method string
		path   string
		body   string
		answer canned
		said   int
	}{
		{"a good delivery", "POST", entries, entry, canned{200, json, receipt}, 0},
		{"a good page", "GET", "/v1/feed?n=3&wait=0&cursor=x", "", canned{200, json, page}, 0},
		{"a good snapshot", "GET", "/v1/snapshot", "", canned{200, lines, `{"row":{"kind":"k","id":"i","row":{}}}` + "\n" + `{"end":{"cursor":"c","rows":1}}`}, 0},
		{"a good error", "GET", "/v1/feed", "", canned{410, json, `{"code":"cursor","message":"m"}`}, 0},
		{"a path that is not described", "GET", "/v1/patrons", "", canned{200, json, "{}"}, 1},
		{"a method that is not described", "PUT", "/v1/feed", "", canned{200, json, page}, 1},
		{"a query that is not as described", "GET", "/v1/feed?n=0", "", canned{200, json, page}, 1},
		{"a body that is not as described", "POST", entries, `{"entries":[{"open":7}]}`, canned{200, json, receipt}, 1},
		{"a member of a request that is not described", "POST", entries, `{"entries":[{"open":"","private":"","x":1}]}`, canned{200, json, receipt}, 1},
		{"no entries", "POST", entries, `{"entries":[]}`, canned{200, json, receipt}, 1},
		{"a status that is not described", "GET", "/v1/feed", "", canned{418, json, `{"code":"cursor","message":"m"}`}, 1},
		{"a type that is not described", "GET", "/v1/feed", "", canned{200, "text/html", page}, 1},
		{"a member that is missing", "GET", "/v1/feed", "", canned{200, json, `{"rows":[],"complete":true}`}, 1},
		{"a member that is not described", "GET", "/v1/feed", "", canned{200, json, `{"rows":[],"next":"a","complete":true,"x":1}`}, 1},
		{"a verdict that is not described", "POST", entries, entry, canned{200, json, strings.Replace(receipt, "applied", "perhaps", 1)}, 1},
		{"a number that is text", "POST", entries, entry, canned{200, json, strings.Replace(receipt, `"seq":1`, `"seq":"1"`, 1)}, 1},
		{"an error with the code of another", "GET", "/v1/feed", "", canned{410, json, `{"code":"gap","message":"m"}`}, 1},
		{"a gap without a mark", "POST", entries, entry, canned{409, json, `{"code":"gap","message":"m"}`}, 1},
		{"an error without a header", "GET", "/v1/feed", "", canned{401, json, `{"code":"unauthorized","message":"m"}`}, 1},
		{"an answer that is no JSON", "GET", "/v1/feed", "", canned{200, json, `<html>`}, 1},
		{"a line that is not as described", "GET", "/v1/snapshot", "", canned{200, lines, `{"row":{"kind":"k","id":"i"}}`}, 1},
		{"a line that is two things", "GET", "/v1/snapshot", "", canned{200, lines, `{"end":{"cursor":"c","rows":1},"row":{"kind":"k","id":"i","row":{}}}`}, 1},
		{"a line that is no JSON", "GET", "/v1/snapshot", "", canned{200, lines, "{}\nx\n"}, 1},
	} {
		n := &noting{TB: t}
		r, err := http.NewRequestWithContext(t.Context(), row.method, "http://hub"+row.path, strings.NewReader(row.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer x")
		if row.body != "" {
			r.Header.Set("Content-Type", json)
		}
		res, err := (&wirecheck.Transport{T: n, Description: described, Next: row.answer}).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		if err != nil || string(b) != row.answer.body {
			t.Errorf("%s: the answer became %q, error %v", row.name, b, err)
		}
		if len(n.said) != row.said {
			t.Errorf("%s: said %q", row.name, n.said)
		}
	}
}

func TestHostileRequestsGetDescribedAnswers(t *testing.T) {
	described := wirecheck.Read(t, hubserver.OpenAPI())
	address, transport := start(t), &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	check := &wirecheck.Transport{T: t, Description: described, Next: transport, Hostile: true}
	for _, row := range []struct {
		method, path, body, kind, token string
		status                          int
	}{
		{"POST", "/v1/desks/d1/entries", "{", "application/json", token, 400},
		{"POST", "/v1/desks/d1/entries", `{"entries":[{}]}`, "application/json", token, 422},
		{"POST", "/v1/desks/d1/entries", "a=b", "text/plain", token, 415},
		{"POST", "/v1/desks/d1/entries", strings.Repeat(" ", 2<<20), "application/json", token, 413},
		{"POST", "/v1/desks/d1/entries", "{}", "application/json", "", 401},
		{"GET", "/v1/feed?n=x", "", "", token, 400},
		{"GET", "/v1/feed?cursor=x", "", "", token, 410},
		{"GET", "/v1/snapshot", "", "", "", 401},
		{"POST", "/v1/search", `{"wants":[{"n":1}]}`, "application/json", token, 400},
		{"POST", "/v1/hello", `{}`, "application/json", token, 400},
		{"GET", "/v1/health", "", "", "", 200},
		{"GET", "/v1/openapi.yaml", "", "", "", 200},
	} {
		r, err := http.NewRequestWithContext(t.Context(), row.method, address+row.path, strings.NewReader(row.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", row.kind)
		if row.token != "" {
			r.Header.Set("Authorization", "Bearer "+row.token)
		}
		res, err := check.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != row.status {
			t.Errorf("%s %s: status %d, not %d", row.method, row.path, res.StatusCode, row.status)
		}
	}
}
