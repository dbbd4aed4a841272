package usbip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Commands, as Linux's Documentation/usb/usbip_protocol.rst numbers them.
const (
	submit    = 1
	unlink    = 2
	submitted = 3
	unlinked  = 4
)

// What a request came to, as the negative of Linux's error numbers.
const (
	done      int32 = 0
	stalled   int32 = -32  // EPIPE: the device does not take it
	cancelled int32 = -104 // ECONNRESET: the host did not wait for the answer
)

const (
	headerLength = 48
	maxTransfer  = 1 << 16 // bytes; a host that asks for more is none that we know
)

// errForeign says that a host does not speak as we know it.
var errForeign = errors.New("no request of USB/IP")

// request is what a host asks of a device. All numbers are big endian on the line:
//
//	0 command, 4 number, 8 device, 12 direction (1: to the host), 16 endpoint,
//	submit: 20 flags, 24 length, 28 frame, 32 packets, 36 interval, 40 setup
//	unlink: 20 number of the request that is not waited for any more
type request struct {
	number   uint32
	unlink   uint32 // the request that is not waited for any more, 0: this is another
	in       bool   // data goes to the host
	endpoint uint32
	length   int // bytes that the host takes at most, or has sent
	setup    setup
	data     []byte // that the host has sent
}

// readRequest reads the next request, with the data that follows it. The error is
// [errForeign] where what came is none.
func readRequest(r io.Reader) (request, error) {
	var h [headerLength]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return request{}, fmt.Errorf("read request: %w", err)
	}
	at := func(i int) uint32 { return binary.BigEndian.Uint32(h[i:]) }
	q := request{number: at(4), in: at(12) == 1, endpoint: at(16)}
	switch at(0) {
	case unlink:
		q.unlink = at(20)
		return q, nil
	case submit:
	default:
		return request{}, fmt.Errorf("command %d: %w", at(0), errForeign)
	}
	if at(24) > maxTransfer {
		return request{}, fmt.Errorf("%d bytes in one transfer: %w", at(24), errForeign)
	}
	q.length, q.setup = int(at(24)), readSetup(h[40:])
	if !q.in {
		q.data = make([]byte, q.length)
		if _, err := io.ReadFull(r, q.data); err != nil {
			return request{}, fmt.Errorf("read data of a request: %w", err)
		}
	}
	return q, nil
}

// answer is the message that answers a request: data goes to the host; of a request
// that sends, length says how much was taken.
//
//	0 command, 4 number, 20 status, 24 length
func answer(q request, status int32, length int, data []byte) []byte {
	b := make([]byte, headerLength, headerLength+len(data))
	command := uint32(submitted)
	if q.unlink != 0 {
		command = unlinked
	}
	binary.BigEndian.PutUint32(b[0:], command)
	binary.BigEndian.PutUint32(b[4:], q.number)
	binary.BigEndian.PutUint32(b[20:], uint32(status))
	binary.BigEndian.PutUint32(b[24:], uint32(length))
	return append(b, data...)
}

// setup is a control request.
type setup struct {
	kind, request byte
	value, index  uint16
	length        int
}

func readSetup(b []byte) setup {
	at := func(i int) uint16 { return binary.LittleEndian.Uint16(b[i:]) }
	return setup{kind: b[0], request: b[1], value: at(2), index: at(4), length: int(at(6))}
}
