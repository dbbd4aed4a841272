package kit

import (
	"fmt"

	"charm.land/bubbles/v2/progress"
)

// Progress is how far a long piece of work is. Total 0 means that nobody knows how much there is: then only the
// count is shown, and nothing moves.
type Progress struct {
	Label       string
	Done, Total int64
}

// Percent is 0 to 100, and 100 only when all is done.
func (p Progress) Percent() int {
	if p.Total <= 0 || p.Done <= 0 {
		return 0
	}
	if p.Done >= p.Total {
		return 100
	}
	return int(float64(p.Done) / float64(p.Total) * 100)
}

// View draws one line: label, a bar of # and ·, and the numbers, which say it all where no bar can be seen.
func (p Progress) View(look Look, width int) string {
	if p.Total <= 0 {
		return look.Cut(fmt.Sprintf(" %s  %d", typed(p.Label), max(p.Done, 0)), width)
	}
	numbers := fmt.Sprintf("%3d%%  %d/%d", p.Percent(), p.Done, p.Total)
	label := " " + look.Cut(typed(p.Label), max(width/3, 1))
	room := width - look.Len(label) - len(numbers) - 5
	if room < 5 {
		return look.Cut(label+"  "+numbers, width)
	}
	bar := progress.New(progress.WithWidth(room), progress.WithoutPercentage(), progress.WithFillCharacters('#', '·'))
	bar.FullColor, bar.EmptyColor = look.Theme.Style(Good).GetForeground(), look.Theme.Style(Quiet).GetForeground()
	full := room * p.Percent() / 100 // the bar itself would round up
	return label + "  " + bar.ViewAs(float64(full)/float64(room)) + "  " + numbers
}
