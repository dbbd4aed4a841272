package hubserver

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
)

// worthPacking is from how many bytes on an answer is compressed.
const worthPacking = 2 << 10

// read reads the JSON of a request. Fields of a later version are ignored.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != wire.JSON {
		return &wire.Error{Code: wire.MediaType, Message: "the body of a request is " + wire.JSON}
	}
	if r.Header.Get("Content-Encoding") != "" {
		return &wire.Error{Code: wire.MediaType, Message: "the body of a request is not compressed"}
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxBody))
	if big := (*http.MaxBytesError)(nil); errors.As(err, &big) {
		return &wire.Error{Code: wire.TooLarge, Message: fmt.Sprintf("the body of a request has at most %d bytes", big.Limit)}
	}
	if err != nil { // it was cut off, or came too slowly
		return &wire.Error{Code: wire.Malformed, Message: "the body of the request did not come whole"}
	}
	if err := json.Unmarshal(b, into); err != nil {
		return malformed("read the body of the request: %v", err)
	}
	return nil
}

func malformed(format string, args ...any) error {
	return &wire.Error{Code: wire.Malformed, Message: fmt.Sprintf(format, args...)}
}

// answer writes a success.
func (s *site) answer(w http.ResponseWriter, r *http.Request, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	w.Header().Set("Content-Type", wire.JSON)
	if len(b) < worthPacking || !packs(r) {
		_, _ = w.Write(b) // who does not take the answer asks again
		return nil
	}
	w.Header().Set("Content-Encoding", "gzip")
	z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed) // the level is known
	_, _ = z.Write(b)
	_ = z.Close()
	return nil
}

// packs reports whether an answer may be compressed.
func packs(r *http.Request) bool {
	for v := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(v), ";")
		if name == "gzip" {
			return !strings.HasPrefix(strings.ReplaceAll(weight, " ", ""), "q=0") || strings.ContainsAny(weight, "123456789")
		}
	}
	return false
}

// fail writes why there is no answer. What is the hub's own fault is logged
// under a number, and only the number goes out.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil { // nobody listens any more
		return
	}
	e := s.errorOf(r, err)
	if e.Code.Status() < http.StatusInternalServerError {
		s.noteRefused(r.Context(), r.Pattern, e)
	}
	switch e.Code {
	case wire.Unauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="circdesk"`)
	case wire.Unavailable:
		w.Header().Set("Retry-After", "1")
	}
	b, err := json.Marshal(e)
	if err != nil {
		b = []byte(`{"code":"internal","message":"the error cannot be written"}`)
	}
	w.Header().Set("Content-Type", wire.JSON)
	w.WriteHeader(e.Code.Status())
	_, _ = w.Write(b)
}

// errorOf gives what is said of an error.
func (s *site) errorOf(r *http.Request, err error) *wire.Error {
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return e
	}
	if gap, ok := errors.AsType[*central.GapError](err); ok {
		m := wire.MarkOf(gap.Mark)
		return &wire.Error{Code: wire.Gap, Message: gap.Error(), Mark: &m}
	}
	if fork, ok := errors.AsType[*central.ForkError](err); ok {
		m := wire.MarkOf(fork.Mark)
		return &wire.Error{Code: wire.Fork, Message: fork.Error(), Mark: &m}
	}
	if errors.Is(err, central.ErrCursor) {
		return &wire.Error{Code: wire.Cursor, Message: central.ErrCursor.Error()}
	}
	e := &wire.Error{Code: wire.Internal, Message: "a fault of the hub; its log says more", ID: rand.Text()[:12]}
	if errors.Is(err, context.DeadlineExceeded) {
		e.Code, e.Message = wire.Unavailable, "the hub was too busy"
	}
	s.log.LogAttrs(r.Context(), slog.LevelError, "request failed",
		slog.String("id", e.ID), slog.String("path", r.Pattern), slog.String("error", err.Error()))
	return e
}
