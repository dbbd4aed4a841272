package hub

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
)

// pieceSize is how many rows of a snapshot are handed on at once.
const pieceSize = 1000

var (
	errCut   = errors.New("read the answer: it was cut off before its end")
	errStall = fmt.Errorf("nothing came for %s", stallTime)
)

// Snapshot gives all rows: see [central.Snapshotter]. It may take as long as it
// needs, as long as something comes.
func (c *Client) Snapshot(ctx context.Context, put func([]circ.Row) error) (string, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := time.AfterFunc(stallTime, func() { cancel(errStall) })
	defer stall.Stop()
	cursor, err := c.snapshot(ctx, func(rows []circ.Row) error {
		stall.Stop()
		defer stall.Reset(stallTime)
		return put(rows)
	})
	if err != nil && errors.Is(context.Cause(ctx), errStall) {
		err = errStall
	}
	if err != nil {
		return "", fmt.Errorf("read a snapshot of the central server: %w", err)
	}
	return cursor, nil
}

func (c *Client) snapshot(ctx context.Context, put func([]circ.Row) error) (string, error) {
	req, err := c.request(ctx, wire.Snapshot, nil, nil)
	if err != nil {
		return "", err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", complaint(res)
	}
	lines := bufio.NewReaderSize(res.Body, 64<<10)
	piece := make([]circ.Row, 0, pieceSize)
	for n := 0; ; {
		l, err := line(lines)
		switch {
		case err != nil:
			return "", err
		case l.Error != nil:
			return "", verdict(l.Error.Code.Status(), *l.Error)
		case l.Row != nil:
			row, err := l.Row.Read()
			if err != nil {
				return "", fmt.Errorf("read the answer: %w", err)
			}
			piece = append(piece, row)
			n++
		case l.End == nil: // a line of a later version
			continue
		case l.End.Rows != n:
			return "", fmt.Errorf("read the answer: %d rows came, and %d were sent", n, l.End.Rows)
		}
		if len(piece) == pieceSize || l.End != nil && len(piece) > 0 {
			if err := put(piece); err != nil {
				return "", err
			}
			piece = make([]circ.Row, 0, pieceSize)
		}
		if l.End != nil {
			return l.End.Cursor, nil
		}
	}
}

// line reads one line, which is not larger than it may be.
func line(r *bufio.Reader) (l wire.Line, err error) {
	var b []byte
	for {
		part, err := r.ReadSlice('\n')
		if b = append(b, part...); len(b) > wire.MaxLine {
			return l, fmt.Errorf("read the answer: a line has more than %d bytes", wire.MaxLine)
		}
		switch {
		case err == nil:
			if err := json.Unmarshal(b, &l); err != nil {
				return l, fmt.Errorf("read the answer: %w", err)
			}
			return l, nil
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return l, errCut
		case !errors.Is(err, bufio.ErrBufferFull):
			return l, fmt.Errorf("read the answer: %w", err)
		}
	}
}
