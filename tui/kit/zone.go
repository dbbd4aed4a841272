package kit

// Zone is a stretch of a line in which a click presses a key: columns From to To, without To.
type Zone struct {
	From, To int
	Key      string // as KeyName says it
}

// KeyAt is the key of the zone at a column; empty for none.
func KeyAt(zones []Zone, x int) string {
	for _, z := range zones {
		if x >= z.From && x < z.To {
			return z.Key
		}
	}
	return ""
}
