package main

import (
	"context"
	"io"
	"slices"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/reader"
	"circdesk/scanner/setup"
	"circdesk/scanner/watch"
)

// quiet is how long nothing may come until a scan has come whole.
const quiet = 700 * time.Millisecond

// mostArrived bounds what is read of one scan, in bytes.
const mostArrived = 16 << 10

// heard is what came of one scan from one source.
type heard struct {
	info scanner.Info // of the device; without a part: it was typed
	came []setup.Arrival
}

// hear takes what comes of a scan, typed and from the devices that w reads, until
// it has been quiet; Ctrl+C ends it at once. Of a keyboard that is read as a
// device both may come: then what the device says counts. Where alone is set,
// what is typed does not count at all.
func hear(ctx context.Context, in io.Reader, w *watch.Watcher, alone bool) heard {
	ctx, cancel := context.WithCancel(ctx)
	pieces := make(chan heard)
	send := func(h heard) bool {
		select {
		case pieces <- h:
			return true
		case <-ctx.Done():
			return false
		}
	}
	w.Step = func(s reader.Step) {
		if len(s.Raw) > 0 {
			send(heard{s.Info, []setup.Arrival{{At: s.At, Bytes: slices.Clone(s.Raw)}}})
		}
	}
	released := make(chan struct{})
	go func() {
		defer close(released)
		_ = w.Run(ctx, func(scanner.Scan) {}) // it ends with the context
	}()
	defer func() { cancel(); <-released }()
	go typed(in, send)

	var all []heard // by source, in the order in which they began
	var over <-chan time.Time
	for size := 0; size < mostArrived; {
		select {
		case <-ctx.Done():
			return heard{}
		case <-over:
			return first(all)
		case h := <-pieces:
			switch isTyped := h.info.Part == ""; {
			case len(h.came) == 0 || isTyped && string(h.came[0].Bytes) == "\x03": // the end of the input, Ctrl+C
				return first(all)
			case isTyped && alone:
				continue
			}
			n := slices.IndexFunc(all, func(o heard) bool { return o.info.Part == h.info.Part })
			if n < 0 {
				all, n = append(all, heard{info: h.info}), len(all)
			}
			all[n].came = append(all[n].came, h.came...)
			size, over = size+len(h.came[0].Bytes), time.After(quiet)
		}
	}
	return first(all)
}

// first gives what counts: a device that was heard, or what was typed.
func first(all []heard) heard {
	if n := slices.IndexFunc(all, func(h heard) bool { return h.info.Part != "" }); n >= 0 {
		return all[n]
	}
	if len(all) > 0 {
		return all[0]
	}
	return heard{}
}

// typed sends what is typed, and at its end nothing, for as long as send takes it.
func typed(in io.Reader, send func(heard) bool) {
	b := make([]byte, 256)
	for {
		n, err := in.Read(b)
		if n > 0 && !send(heard{came: []setup.Arrival{{At: time.Now(), Bytes: slices.Clone(b[:n])}}}) {
			return
		}
		if err != nil {
			send(heard{})
			return
		}
	}
}
