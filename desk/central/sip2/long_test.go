package sip2

import "os"

func long() bool { return os.Getenv("CIRCDESK_LONG") != "" }

// histories is how many random mornings are tried.
func histories() int {
	if long() {
		return 500
	}
	return 12
}

// manyFacts is how many facts a long morning has.
func manyFacts() int {
	if long() {
		return 10000
	}
	return 80
}
