package usbip

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// host is a host at the other end of a line.
type host struct {
	*testing.T
	link  *Link
	line  net.Conn
	ended chan error
	last  uint32 // number of a request
	ask   map[uint32]request
}

// plug puts a device on a line to a host. It is to be called in a bubble.
func plug(t *testing.T, d *Device) *host {
	t.Helper()
	ours, theirs := net.Pipe()
	h := &host{T: t, link: NewLink(d, ours), line: theirs, ended: make(chan error, 1), ask: make(map[uint32]request)}
	go func() { h.ended <- h.link.Run() }()
	t.Cleanup(func() { theirs.Close() })
	return h
}

// send sends a request and returns its number.
func (h *host) send(q request) uint32 {
	h.Helper()
	h.last++
	q.number = h.last
	h.ask[q.number] = q
	if _, err := h.line.Write(q.message()); err != nil {
		h.Fatal(err)
	}
	return q.number
}

// got is an answer.
type got struct {
	number  uint32
	command uint32
	status  int32
	data    string
}

// hear reads the next answer.
func (h *host) hear() got {
	h.Helper()
	var b [headerLength]byte
	if _, err := io.ReadFull(h.line, b[:]); err != nil {
		h.Fatal(err)
	}
	at := func(i int) uint32 { return binary.BigEndian.Uint32(b[i:]) }
	g := got{number: at(4), command: at(0), status: int32(at(20))}
	if q := h.ask[g.number]; q.in && q.unlink == 0 && g.status == done {
		data := make([]byte, at(24))
		if _, err := io.ReadFull(h.line, data); err != nil {
			h.Fatal(err)
		}
		g.data = string(data)
	}
	return g
}

func (h *host) hears(want got) {
	h.Helper()
	if g := h.hear(); g != want {
		h.Errorf("got %+v, want %+v", g, want)
	}
}

// nothing sees to it that no answer waits.
func (h *host) nothing() {
	h.Helper()
	if err := h.line.SetReadDeadline(time.Now().Add(time.Hour)); err != nil {
		h.Fatal(err)
	}
	var b [1]byte
	if n, _ := h.line.Read(b[:]); n > 0 {
		h.Error("an answer came")
	}
	if err := h.line.SetReadDeadline(time.Time{}); err != nil {
		h.Fatal(err)
	}
}

// in is a request for a report.
func in(length int) request { return request{in: true, endpoint: 1, length: length} }

func TestLink(t *testing.T) {
	for _, row := range []struct {
		name   string
		device func(*Device)
		play   func(*host)
	}{
		{"a report that waits for the host", nil, func(h *host) {
			h.link.Send([]byte("one"), []byte("two"))
			if n := h.link.Waiting(); n != 2 {
				h.Errorf("%d wait", n)
			}
			h.hears(got{h.send(in(8)), submitted, done, "one"})
			h.hears(got{h.send(in(8)), submitted, done, "two"})
			if n := h.link.Waiting(); n != 0 {
				h.Errorf("%d wait", n)
			}
		}},
		{"a host that waits for a report", nil, func(h *host) {
			first, second := h.send(in(8)), h.send(in(8))
			h.nothing()
			go h.link.Send([]byte("one"), []byte("two"))
			h.hears(got{first, submitted, done, "one"})
			h.hears(got{second, submitted, done, "two"})
		}},
		{"a report longer than what the host asks for", nil, func(h *host) {
			h.link.Send([]byte("12345678"), []byte("abc"))
			for _, part := range []string{"123", "456", "78", "abc"} {
				h.hears(got{h.send(in(3)), submitted, done, part})
			}
		}},
		{"an empty report", nil, func(h *host) {
			h.link.Send(nil, []byte("a"))
			h.hears(got{h.send(in(8)), submitted, done, ""})
			h.hears(got{h.send(in(8)), submitted, done, "a"})
		}},
		{"a report is not waited for any more", nil, func(h *host) {
			n := h.send(in(8))
			h.hears(got{h.send(request{unlink: n}), unlinked, cancelled, ""})
			h.link.Send([]byte("kept"))
			h.nothing()
			h.hears(got{h.send(in(8)), submitted, done, "kept"})
		}},
		{"a report that had come is not waited for", nil, func(h *host) {
			h.link.Send([]byte("one"))
			n := h.send(in(8))
			h.hears(got{n, submitted, done, "one"})
			h.hears(got{h.send(request{unlink: n}), unlinked, done, ""})
		}},
		{"a question", nil, func(h *host) {
			h.hears(got{h.send(request{in: true, length: 4, setup: setup{0x80, getDescriptor, 0x0300, 0, 255}}), submitted, done, "\x04\x03\x09\x04"})
		}},
		{"a question to which there is no answer", nil, func(h *host) {
			h.hears(got{h.send(request{in: true, length: 255, setup: setup{0x80, getDescriptor, 0x0309, 0, 255}}), submitted, stalled, ""})
		}},
		{"a report to the device", nil, func(h *host) {
			var written []Report
			h.link.device.Written = func(r Report) { written = append(written, r) }
			h.hears(got{h.send(request{length: 2, setup: setup{0x21, setReport, 0x0204, 0, 2}, data: []byte{4, 1}}), submitted, done, ""})
			if len(written) != 1 || !bytes.Equal(written[0].Data, []byte{4, 1}) {
				h.Errorf("written %+v", written)
			}
		}},
		{"a report to an endpoint that is not there", nil, func(h *host) {
			h.hears(got{h.send(request{endpoint: 2, length: 1, data: []byte{4}}), submitted, stalled, ""})
		}},
		{"a device that does not answer", func(d *Device) { d.Mute.Names = true }, func(h *host) {
			n := h.send(request{in: true, length: 255, setup: setup{0x80, getDescriptor, 0x0300, 0, 255}})
			h.nothing()
			if h.link.Silent() != 1 {
				h.Errorf("%d are not answered", h.link.Silent())
			}
			h.hears(got{h.send(request{unlink: n}), unlinked, cancelled, ""})
			if h.link.Silent() != 0 {
				h.Errorf("%d are not answered", h.link.Silent())
			}
		}},
		{"the pace of a device", func(d *Device) { d.Interval, d.Packet = 10, 4 }, func(h *host) {
			begun := time.Now()
			h.link.Send([]byte("one"), []byte("12345678"), []byte("two"))
			for _, report := range []string{"one", "12345678", "two"} {
				h.hears(got{h.send(in(8)), submitted, done, report})
			}
			if took := time.Since(begun); took != 30*time.Millisecond { // one packet, then two
				h.Errorf("it took %v", took)
			}
		}},
		{"the end of each report is told", nil, func(h *host) {
			var told []string
			h.link.device.Sending = func(r []byte) { told = append(told, string(r)) }
			h.link.Send([]byte("12345"), []byte("abc"))
			for _, part := range []string{"123", "45"} {
				h.hears(got{h.send(in(3)), submitted, done, part})
			}
			if !slices.Equal(told, []string{"12345"}) {
				h.Errorf("told are %q", told)
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := scannerThatTypes()
				d.Interval = 0
				if row.device != nil {
					row.device(d)
				}
				h := plug(t, d)
				row.play(h)
				if err := h.link.Close(); err != nil {
					t.Error(err)
				}
				if err := <-h.ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestTheHostPullsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := plug(t, scannerThatTypes())
		h.link.Send([]byte("never asked for"))
		h.line.Close()
		if err := <-h.ended; err != nil {
			t.Error(err)
		}
	})
}

func TestAHostThatSpeaksOtherwise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := plug(t, scannerThatTypes())
		if _, err := h.line.Write(make([]byte, headerLength)); err != nil {
			t.Fatal(err)
		}
		if err := <-h.ended; err == nil || !strings.HasPrefix(err.Error(), "device 05f9:2204: command 0") {
			t.Errorf("got %v", err)
		}
		if _, err := h.line.Read(make([]byte, 1)); err == nil {
			t.Error("the line is open")
		}
	})
}

// However much the host asks for at once, and when, it gets all bytes of all reports
// in their order, and no two reports in one answer.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		reports := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 1, 20), 1, 20).Draw(rt, "reports")
		synctest.Test(t, func(t *testing.T) {
			d := scannerThatTypes()
			d.Interval = uint8(rapid.IntRange(0, 2).Draw(rt, "interval"))
			h := plug(t, d)
			sent := 0
			for i, report := range reports {
				if sent <= i {
					n := rapid.IntRange(1, len(reports)-sent).Draw(rt, "sent at once")
					h.link.Send(reports[sent : sent+n]...)
					sent += n
				}
				var whole []byte
				for len(whole) < len(report) {
					n := h.send(in(rapid.IntRange(1, 24).Draw(rt, "asked for")))
					g := h.hear()
					if g.number != n || g.status != done {
						rt.Fatalf("got %+v", g)
					}
					whole = append(whole, g.data...)
				}
				if !bytes.Equal(whole, report) {
					rt.Fatalf("got %x, sent %x", whole, report)
				}
			}
			h.line.Close()
			<-h.ended
		})
	})
}
