package words

// What is said of outages.
const (
	OutageNone    Key = "outage.none"
	OutageHead    Key = "outage.head"    // {desk} {from} {to}
	OutageDone    Key = "outage.done"    // {what}
	OutageTaken   Key = "outage.taken"   // {what}
	OutageWaiting Key = "outage.waiting" // {n}
	OutageMet     Key = "outage.met"     // {total} {settled} {open}
	OutageOther   Key = "outage.other"   // {desk} {met} {open}
)
