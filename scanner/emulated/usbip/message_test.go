package usbip

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

// raw reads bytes in hexadecimal digits.
func raw(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Messages as Linux sends them.
const (
	getDevice = `00000001 00000001 00010001 00000001 00000000 00000200 00000040 00000000 00000000 00000000 8006000100004000`
	setIdleTo = `00000001 00000005 00010001 00000000 00000000 00000000 00000000 00000000 00000000 00000000 210a000000000000`
	writeTwo  = `00000001 00000006 00010001 00000000 00000000 00000000 00000002 00000000 00000000 00000000 2109040200000200 0440`
	askReport = `00000001 00000007 00010001 00000001 00000001 00000200 00000040 00000000 00000000 00000004 0000000000000000`
	unlinkIt  = `00000002 00000008 00010001 00000001 00000001 00000007 00000000 00000000 00000000 00000000 0000000000000000`
)

func TestReadRequest(t *testing.T) {
	for _, row := range []struct {
		name string
		line string
		want request
	}{
		{"a descriptor is asked for", getDevice, request{number: 1, in: true, length: 64, setup: setup{0x80, 6, 0x0100, 0, 64}}},
		{"a setting", setIdleTo, request{number: 5, setup: setup{0x21, 10, 0, 0, 0}, data: []byte{}}},
		{"a report is written", writeTwo, request{number: 6, length: 2, setup: setup{0x21, 9, 0x0204, 0, 2}, data: []byte{4, 0x40}}},
		{"a report is asked for", askReport, request{number: 7, in: true, endpoint: 1, length: 64}},
		{"and not waited for", unlinkIt, request{number: 8, in: true, endpoint: 1, unlink: 7}},
	} {
		r := bytes.NewReader(append(raw(t, row.line), 0xEE))
		got, err := readRequest(r)
		if err != nil || !reflect.DeepEqual(got, row.want) || r.Len() != 1 {
			t.Errorf("%s: got %+v, %v, %d bytes left", row.name, got, err, r.Len())
		}
	}
	for _, row := range []struct {
		name string
		line string
		want error
	}{
		{"nothing", "", io.EOF},
		{"half a message", getDevice[:40], io.ErrUnexpectedEOF},
		{"data that does not come", writeTwo[:len(writeTwo)-2], io.ErrUnexpectedEOF},
		{"an answer instead of a request", "00000003" + getDevice[8:], errForeign},
		{"a transfer of 2 GB", strings.Replace(getDevice, "00000040", "7fffffff", 1), errForeign},
		{"a transfer of less than nothing", strings.Replace(getDevice, "00000040", "ffffffff", 1), errForeign},
	} {
		if got, err := readRequest(bytes.NewReader(raw(t, row.line))); !errors.Is(err, row.want) {
			t.Errorf("%s: got %+v, %v", row.name, got, err)
		}
	}
}

func TestAnswer(t *testing.T) {
	for _, row := range []struct {
		name   string
		q      request
		status int32
		length int
		data   []byte
		want   string
	}{
		{"data for the host", request{number: 7, in: true, endpoint: 1}, done, 3, []byte{1, 2, 3}, "00000003 00000007 00000000 00000000 00000000 00000000 00000003 010203"},
		{"data of the host", request{number: 6}, done, 2, nil, "00000003 00000006 00000000 00000000 00000000 00000000 00000002"},
		{"a stall", request{number: 6}, stalled, 0, nil, "00000003 00000006 00000000 00000000 00000000 ffffffe0 00000000"},
		{"not waited for", request{number: 8, unlink: 7}, cancelled, 0, nil, "00000004 00000008 00000000 00000000 00000000 ffffff98 00000000"},
	} {
		want := raw(t, row.want)
		head, data := want[:28], want[28:]
		want = append(append(append([]byte(nil), head...), make([]byte, headerLength-28)...), data...)
		if got := answer(row.q, row.status, row.length, row.data); !bytes.Equal(got, want) {
			t.Errorf("%s:\ngot  %x\nwant %x", row.name, got, want)
		}
	}
}

// message makes a request as a host sends it.
func (q request) message() []byte {
	b := make([]byte, headerLength)
	put := func(at int, v uint32) { binary.BigEndian.PutUint32(b[at:], v) }
	put(0, submit)
	put(4, q.number)
	put(16, q.endpoint)
	if q.in {
		put(12, 1)
	}
	if q.unlink != 0 {
		put(0, unlink)
		put(20, q.unlink)
		return b
	}
	put(24, uint32(q.length))
	b[40], b[41] = q.setup.kind, q.setup.request
	binary.LittleEndian.PutUint16(b[42:], q.setup.value)
	binary.LittleEndian.PutUint16(b[44:], q.setup.index)
	binary.LittleEndian.PutUint16(b[46:], uint16(q.setup.length))
	return append(b, q.data...)
}
