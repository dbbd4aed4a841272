package journal

import (
	"context"
	"fmt"

	"circdesk/desk/circ"
)

// maxRounds bounds how often a case may lack something. A queue's pages double,
// so this is far more than any queue needs.
const maxRounds = 40

// Gather reads what the case lacks, round by round, until it lacks nothing.
func Gather(ctx context.Context, r Reader, c *circ.Case) error {
	for range maxRounds {
		wants := circ.Lacks(c)
		if len(wants) == 0 {
			return nil
		}
		rows, err := r.Read(ctx, wants)
		if err != nil {
			return fmt.Errorf("gather the case of entry %s: %w", c.Act.ID, err)
		}
		for i, w := range wants {
			c.Add(w, rows[i])
		}
	}
	return &UnjudgedError{Entry: c.Act.ID, Why: fmt.Sprintf("its case still lacks something after %d rounds", maxRounds)}
}
