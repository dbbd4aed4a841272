package hub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
)

var _ central.Segmenter = (*Client)(nil)

// After how long a manifest that is being made is asked for again: soon at first.
const (
	askSoon  = 10 * time.Millisecond
	askAgain = 500 * time.Millisecond
)

// Manifest says which segments there are: see [central.Segmenter].
func (c *Client) Manifest(ctx context.Context, making func(rows int)) (central.Manifest, error) {
	q := url.Values{}
	if lib := c.stands(); lib != "" {
		q.Set("library", lib)
	}
	m, err := c.manifest(ctx, wire.Manifest, q, making)
	if err != nil {
		err = fmt.Errorf("read which segments the central server has: %w", err)
	}
	return m, err
}

// manifest asks under a path until the segments are made.
func (c *Client) manifest(ctx context.Context, path string, q url.Values, making func(rows int)) (central.Manifest, error) {
	for wait := askSoon; ; wait = min(2*wait, askAgain) {
		var answer wire.Listed
		err := c.call(ctx, callTime, path, q, nil, &answer)
		if e, ok := errors.AsType[*Error](err); ok && e.Code == wire.NotFound {
			err = errors.Join(err, errors.ErrUnsupported)
		}
		var m central.Manifest
		if err == nil && !answer.Making {
			m, err = answer.Read()
		}
		if err != nil {
			return central.Manifest{}, err
		}
		if !answer.Making {
			return m, nil
		}
		making(answer.Made)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return central.Manifest{}, ctx.Err()
		}
	}
}

// pieceBytes is how many bytes of a segment are handed on at once.
const pieceBytes = 64 << 10

// Segment gives the bytes of a segment: see [central.Segmenter].
func (c *Client) Segment(ctx context.Context, hash string, from int64, put func([]byte) error) error {
	err := c.flows(ctx, wire.SegmentOf(hash), from, put)
	if err != nil {
		err = fmt.Errorf("read segment %.12s of the central server from byte %d: %w", hash, from, err)
	}
	return err
}

// flows reads a segment as long as something comes.
func (c *Client) flows(ctx context.Context, path string, from int64, put func([]byte) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stall := time.AfterFunc(stallTime, func() { cancel(errStall) })
	defer stall.Stop()
	err := c.segment(ctx, path, from, func(b []byte) error {
		stall.Reset(stallTime)
		return put(b)
	})
	if err != nil && errors.Is(context.Cause(ctx), errStall) {
		err = errStall
	}
	return err
}

func (c *Client) segment(ctx context.Context, path string, from int64, put func([]byte) error) error {
	req, err := c.request(ctx, path, nil, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept-Encoding", "identity") // it is packed already
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusPartialContent && from > 0:
		if !begins(res.Header.Get("Content-Range"), from) {
			return fmt.Errorf("read the answer: it begins elsewhere: %.60q", res.Header.Get("Content-Range"))
		}
	case res.StatusCode == http.StatusOK:
		// A proxy that knows no ranges sends it whole: what is there already is passed over.
		if _, err := io.CopyN(io.Discard, res.Body, from); err != nil {
			return errors.Join(errCut, err)
		}
	case res.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		return fmt.Errorf("read the answer: the segment is not as long as that: %w", central.ErrSegment)
	default:
		err := complaint(res)
		if e, ok := errors.AsType[*Error](err); ok && e.Code == wire.NotFound {
			return errors.Join(central.ErrSegment, err)
		}
		return err
	}
	b := make([]byte, pieceBytes)
	for left := int64(wire.MaxSegment); ; {
		n, err := io.ReadFull(res.Body, b[:min(int64(len(b)), left)])
		if n > 0 {
			left -= int64(n)
			if err := put(b[:n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil // whether it is all, the hash says
		case err != nil:
			return fmt.Errorf("read the answer: %w", err)
		case left == 0:
			return fmt.Errorf("read the answer: it has more than %d bytes", wire.MaxSegment)
		}
	}
}

// begins reports whether a range begins with a byte.
func begins(contentRange string, from int64) bool {
	var at int64
	n, err := fmt.Sscanf(contentRange, "bytes %d-", &at)
	return err == nil && n == 1 && at == from
}
