package hub

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
)

var errStuck = errors.New("read the answer: a page without rows that is not the last")

// Since reads a page of the feed: see [central.Feeder]. n is cut to what the
// server gives at once, and wait to how long it waits.
func (c *Client) Since(ctx context.Context, cursor string, n int, wait time.Duration) (central.Page, error) {
	wait = min(max(wait, 0), wire.MaxWait)
	q := url.Values{
		"n":    {strconv.Itoa(min(max(n, 1), wire.MaxPage))},
		"wait": {strconv.FormatInt(wait.Milliseconds(), 10)},
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if lib := c.stands(); lib != "" {
		q.Set("library", lib)
	}
	var answer wire.Page
	err := c.call(ctx, wait+slackTime, wire.Feed, q, nil, &answer)
	if err == nil && len(answer.Rows)+len(answer.Gone) == 0 && !answer.Complete {
		err = errStuck
	}
	p := central.Page{Gone: answer.Gone, Next: answer.Next, Complete: answer.Complete}
	if err == nil {
		p.Rows, err = wire.ReadRows(answer.Rows)
	}
	if err != nil {
		return central.Page{}, fmt.Errorf("read the feed of the central server: %w", err)
	}
	return p, nil
}

// Search looks records up: see [central.Searcher].
func (c *Client) Search(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	out := make([][]circ.Row, 0, len(wants))
	for left := wants; len(left) > 0; {
		n := handful(left)
		found, err := c.search(ctx, left[:n])
		if err != nil {
			return nil, fmt.Errorf("search %d times at the central server: %w", len(wants), err)
		}
		out, left = append(out, found...), left[n:]
	}
	return out, nil
}

// handful says how many of the wants go in one request, at least one.
func handful(wants []circ.Want) int {
	rows := 0
	for i, w := range wants {
		if rows += w.N; i == wire.MaxWants || i > 0 && rows > wire.MaxFound {
			return i
		}
	}
	return len(wants)
}

func (c *Client) search(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	var asked wire.Lookups
	for _, w := range wants {
		asked.Wants = append(asked.Wants, wire.WantOf(w))
	}
	var answer wire.Found
	if err := c.post(ctx, wire.Search, asked, &answer); err != nil {
		return nil, err
	}
	if len(answer.Found) != len(wants) {
		return nil, fmt.Errorf("read the answer: %d results for %d lookups", len(answer.Found), len(wants))
	}
	out := make([][]circ.Row, len(wants))
	for i, rows := range answer.Found {
		if len(rows) > wants[i].N {
			return nil, fmt.Errorf("read the answer: %d rows where %d were asked for", len(rows), wants[i].N)
		}
		var err error
		if out[i], err = wire.ReadRows(rows); err != nil {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
	}
	return out, nil
}
