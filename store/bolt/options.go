package bolt

import "time"

// Option changes how a file is opened.
type Option func(*options)

type options struct {
	noSync    bool
	unchecked bool
	wait      time.Duration
	retry     time.Duration // of a mirror
	drop      bool          // what only a mirror has

	readOnly bool // without the right to write; others may read too
	freelist bool // read the list of free pages, as one who writes must
	pages    bool // a check looks at no more than the pages
	lock     *Lock
	keyless  bool   // a sealed file is looked at without its keys
	id       []byte // of a new file; nil: one is made
}

// defaultWait is how long an open waits for a file that another process holds.
const defaultWait = 2 * time.Second

// defaultRetry is how often a mirror that failed is tried, and one that works looked for.
const defaultRetry = 5 * time.Second

func optionsOf(opts []Option) options {
	o := options{wait: defaultWait, retry: defaultRetry}
	for _, f := range opts {
		f(&o)
	}
	o.wait = max(o.wait, time.Millisecond) // zero would wait for ever
	return o
}

// NoSync leaves out all waiting for the disk: what was written is lost with the
// power. For tests only.
func NoSync() Option { return func(o *options) { o.noSync = true } }

// Wait says how long to wait for a file that another process holds; without it
// two seconds.
func Wait(d time.Duration) Option { return func(o *options) { o.wait = d } }

// Retry says how often a mirror that failed is tried again; without it each five
// seconds.
func Retry(d time.Duration) Option {
	return func(o *options) { o.retry = max(d, time.Millisecond) }
}

// DropMirror lets a mirror be written over that has what the journal has not.
func DropMirror() Option { return func(o *options) { o.drop = true } }

// Unchecked leaves out the look at both ends of each part of the file that an
// open takes otherwise. For those who have called [Check] just before.
func Unchecked() Option { return func(o *options) { o.unchecked = true } }

// ReadOnly opens a file that is there without the right to write: others may read
// it at the same time, and an Update fails.
func ReadOnly() Option { return func(o *options) { o.readOnly = true } }

// PagesOnly lets a [Check] look at what could end the process, and not at entries:
// for who reads what can be read of a damaged file.
func PagesOnly() Option { return func(o *options) { o.pages = true } }
