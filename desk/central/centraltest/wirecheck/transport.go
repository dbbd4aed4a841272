package wirecheck

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// lines is the media type of which each line is checked by itself.
const lines = "application/x-ndjson"

// Description is a description that was read.
type Description struct{ doc *openapi3.T }

// Read reads a description. One that is not valid fails the test at once.
func Read(t testing.TB, text []byte) Description {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err == nil {
		err = doc.Validate(t.Context())
	}
	if err != nil {
		t.Fatalf("read the description: %v", err)
	}
	for _, s := range doc.Components.Schemas {
		if v := s.Value; len(v.Properties) > 0 && v.AdditionalProperties.Has == nil {
			closed := false
			v.AdditionalProperties.Has = &closed
		}
	}
	return Description{doc}
}

// Operations gives what is described: each method with its path, sorted.
func (d Description) Operations() (out []string) {
	for path, item := range d.doc.Paths.Map() {
		for method := range item.Operations() {
			out = append(out, method+" "+path)
		}
	}
	slices.Sort(out)
	return out
}

// Transport makes requests and fails the test where a request, or the answer to
// it, is not as the description says. It also fails it for members that the
// description does not have.
type Transport struct {
	T           testing.TB
	Description Description
	Next        http.RoundTripper
	// Hostile: requests are meant to be wrong, so only the answers are checked.
	Hostile bool
}

// RoundTrip makes a request, and checks both sides of it. A request that ended
// without an answer is checked as far as it went. The answer is read whole, so
// one that is a stream comes at its end.
func (c *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	in, wrong := c.request(r)
	res, err := c.Next.RoundTrip(r)
	if wrong != nil && !c.Hostile && !asked(wrong, res) {
		c.T.Errorf("%s %s is not as described: %v", r.Method, r.URL.Path, wrong)
	}
	if err != nil || in == nil {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil { // who asked has gone
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), broken{err}))
		return res, nil
	}
	if err := c.answer(in, res, body); err != nil {
		c.T.Errorf("the answer %d to %s %s is not as described: %v\n%.2000s", res.StatusCode, r.Method, r.URL.Path, err, body)
	}
	return res, nil
}

// asked reports whether a request only lacks a token, and was asked for one: so a desk
// learns that it is not let in any more.
func asked(wrong error, res *http.Response) bool {
	_, lacks := errors.AsType[*openapi3filter.SecurityRequirementsError](wrong)
	return lacks && res != nil && res.StatusCode == http.StatusUnauthorized
}

// broken is a body that broke off.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// request checks a request. What it gives is nil where the path is not described.
func (c *Transport) request(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, params, err := c.find(r)
	if err != nil {
		return nil, err
	}
	var body []byte
	if r.Body != nil {
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		_ = r.Body.Close()
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	seen := r.Clone(context.WithoutCancel(r.Context()))
	seen.Body = io.NopCloser(bytes.NewReader(body))
	in := &openapi3filter.RequestValidationInput{
		Request: seen, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: shown, IncludeResponseStatus: true, MultiError: true},
	}
	return in, openapi3filter.ValidateRequest(seen.Context(), in)
}

// shown checks that a token is shown where one is asked for.
func shown(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	if h := in.RequestValidationInput.Request.Header.Get("Authorization"); !strings.HasPrefix(h, "Bearer ") {
		return fmt.Errorf("no token is shown")
	}
	return nil
}

// find gives what is described for a request.
func (c *Transport) find(r *http.Request) (*routers.Route, map[string]string, error) {
	at := strings.Split(r.URL.EscapedPath(), "/")
	for path, item := range c.Description.doc.Paths.Map() {
		params, ok := match(strings.Split(path, "/"), at)
		if !ok {
			continue
		}
		op := item.GetOperation(r.Method)
		if op == nil {
			return nil, nil, fmt.Errorf("this path has no %s", r.Method)
		}
		return &routers.Route{Spec: c.Description.doc, Path: path, PathItem: item, Method: r.Method, Operation: op}, params, nil
	}
	return nil, nil, fmt.Errorf("there is no such path")
}

func match(path, at []string) (map[string]string, bool) {
	if len(path) != len(at) {
		return nil, false
	}
	params := map[string]string{}
	for i, p := range path {
		v, err := url.PathUnescape(at[i])
		switch {
		case err != nil:
			return nil, false
		case strings.HasPrefix(p, "{"):
			params[strings.Trim(p, "{}")] = v
		case p != v:
			return nil, false
		}
	}
	return params, true
}

// answer checks an answer.
func (c *Transport) answer(in *openapi3filter.RequestValidationInput, res *http.Response, body []byte) error {
	ctx := in.Request.Context()
	if res.Header.Get("Content-Type") == lines {
		return c.lines(in, res.StatusCode, body)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: res.StatusCode, Header: res.Header, Options: in.Options,
	}
	return openapi3filter.ValidateResponse(ctx, out.SetBodyBytes(body))
}

func (c *Transport) lines(in *openapi3filter.RequestValidationInput, status int, body []byte) error {
	described := in.Route.Operation.Responses.Status(status)
	if described == nil || described.Value.Content.Get(lines) == nil {
		return fmt.Errorf("lines are not described")
	}
	var all []any
	for line := range bytes.Lines(body) {
		var v any
		if err := json.Unmarshal(line, &v); err != nil {
			return fmt.Errorf("line %.200q: %w", line, err)
		}
		all = append(all, v)
	}
	each := openapi3.NewArraySchema()
	each.Items = described.Value.Content.Get(lines).Schema
	return each.VisitJSON(all, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors())
}
