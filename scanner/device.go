package scanner

import "context"

// Device gives scans.
type Device interface {
	// Run hands every scan to give, one after the other and in the order they
	// were read, until the context ends or the device has no more to give. It
	// returns nil in both cases, and an error when the device failed: that it is
	// gone or unplugged, too. It waits for give, so give must be quick and must
	// lose nothing. When Run has returned give is not called any more, and
	// nothing that Run started still runs. A device is run once.
	Run(ctx context.Context, give func(Scan)) error
}
