package hubserver

import (
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"runtime"
	"runtime/debug"
	"time"

	"circdesk/desk/central/hub/wire"
)

// ServeHTTP answers one request. A panic becomes an answer and a line in the
// log; the others are not disturbed.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	noted := &noted{ResponseWriter: w}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	defer func() {
		if p := recover(); p != nil {
			s.recovered(noted, r, p)
		}
		s.log.LogAttrs(r.Context(), slog.LevelDebug, "request",
			slog.String("path", r.Pattern), slog.Int("status", noted.status), slog.Duration("took", time.Since(began)))
	}()
	if at := r.URL.EscapedPath(); path.Clean(at) != at { // the mux would send the caller elsewhere
		s.fail(noted, r, &wire.Error{Code: wire.NotFound, Message: "no such path"})
		return
	}
	s.paths.ServeHTTP(noted, r)
}

// recovered answers for a panic. Of what was thrown only its type goes into the
// log, unless the Go runtime threw it: the rest may hold anything.
func (s *site) recovered(w *noted, r *http.Request, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	err := fmt.Errorf("panic of type %T at\n%s", p, debug.Stack())
	if e, ok := p.(runtime.Error); ok {
		err = fmt.Errorf("panic: %w at\n%s", e, debug.Stack())
	}
	if w.status != 0 { // half an answer is out: cut it off
		_ = s.errorOf(r, err)
		panic(http.ErrAbortHandler)
	}
	s.fail(w, r, err)
}

// noted notes the status of an answer; 0: nothing was written.
type noted struct {
	http.ResponseWriter
	status int
}

func (w *noted) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *noted) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (w *noted) Unwrap() http.ResponseWriter { return w.ResponseWriter }
