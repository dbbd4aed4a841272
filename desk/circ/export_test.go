package circ

// AllEvents and AllCommands give an empty one of each kind, as [NewEvent] and
// [NewCommand] know them.
func AllEvents() (all []Event) {
	for _, f := range events {
		all = append(all, f())
	}
	return all
}

func AllCommands() (all []Command) {
	for _, f := range commands {
		all = append(all, f())
	}
	return all
}
