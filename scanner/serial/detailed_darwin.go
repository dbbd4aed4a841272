//go:build !cgo

package serial

import (
	"errors"

	"circdesk/scanner"
)

// detailed needs cgo on macOS.
func detailed() ([]scanner.Info, error) { return nil, errors.ErrUnsupported }
