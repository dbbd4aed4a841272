package watch

import "circdesk/scanner"

// Event is what happened to a scanner.
type Event string

const (
	Plugged      Event = "plugged"       // it is read
	Unplugged    Event = "unplugged"     // it is gone
	Missing      Event = "missing"       // the settings name it and it is not there
	NoPermission Event = "no_permission" // this user may not open it; it is tried again
	Busy         Event = "busy"          // another program has it; it is tried again
	Failed       Event = "failed"        // it cannot be opened; it is tried again
	Faulted      Event = "faulted"       // something that it sent became no scan
	NoBackend    Event = "no_backend"    // this way to reach devices does not work here at all
)

// Notice is something about a scanner that the desk should hear.
type Notice struct {
	Event   Event
	Name    string           // of the scanner, as [scanner.Scan.Source] has it; of a backend: its name
	Info    scanner.Info     // zero: Missing and NoBackend
	Back    bool             // of Plugged: it was here before
	Signals []scanner.Signal // of Plugged: what it can show
	Reading scanner.Reading  // of Faulted
	Err     error            // for the log; nil: there is nothing more to tell
}
