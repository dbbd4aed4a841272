//go:build !unix

package bolt_test

import "time"

func worked() time.Duration { return 0 }
