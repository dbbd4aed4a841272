package health

// OfFeed is the question whether the central system has something newer.
const OfFeed Name = "feed"

// What it says.
const (
	FeedBehind  Code = "feed_behind"
	FeedHead    Code = "feed_head"
	FeedNoLine  Code = "feed_no_line"
	FeedUnknown Code = "feed_unknown"
)

// Feed says whether the copy has all that the central system has. Without a line nobody
// knows, and the age of the facts says what that means.
func Feed(f Facts) Answer {
	switch {
	case f.Behind == Yes:
		return no(OfFeed, FeedBehind)
	case f.Behind == No:
		return yes(OfFeed, FeedHead)
	case !f.Up:
		return yes(OfFeed, FeedNoLine)
	}
	return yes(OfFeed, FeedUnknown)
}
