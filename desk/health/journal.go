package health

// OfJournal is the question whether something can be written down.
const OfJournal Name = "journal"

// What it says.
const (
	JournalFails  Code = "journal_fails"
	JournalWrites Code = "journal_writes"
)

// Journal says whether the journal takes an entry: something was written to it just now.
func Journal(f Facts) Answer {
	if f.Journal != nil {
		a := no(OfJournal, JournalFails)
		a.Text = f.Journal.Error()
		return a
	}
	return yes(OfJournal, JournalWrites)
}
