package journal

import (
	"context"
	"encoding/json"
	"fmt"
)

// ReadNote reads a note that is JSON into a value, which stays as it is where there is
// no note.
func ReadNote(ctx context.Context, n Notes, name string, into any) error {
	b, err := n.Note(ctx, name)
	if err != nil || b == nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("read note %q: %w", name, err)
	}
	return nil
}

// WriteNote writes a value as a note that is JSON.
func WriteNote(ctx context.Context, n Notes, name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write note %q: %w", name, err)
	}
	return n.SetNote(ctx, name, b)
}
