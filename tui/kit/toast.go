package kit

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// toastMost is how many messages are kept; a later one pushes the oldest out.
const toastMost = 3

// Toasts are messages that go away by themselves. Nothing that the clerk must act on belongs here. The zero Toasts
// are empty.
type Toasts struct {
	list []toast
	last int
}

type toast struct {
	id   int
	role Role
	text string
}

// ToastOverMsg says that a message has stood long enough; give it to Update.
type ToastOverMsg struct{ id int }

// Add shows a message for that long and gives the command that ends it. The same words again start anew instead of
// standing twice.
func (t *Toasts) Add(role Role, text string, stands time.Duration) tea.Cmd {
	t.list = slices.DeleteFunc(t.list, func(o toast) bool { return o.text == text && o.role == role })
	t.last++
	id := t.last
	t.list = append(t.list, toast{id, role, text})
	if len(t.list) > toastMost {
		t.list = slices.Delete(t.list, 0, len(t.list)-toastMost)
	}
	return tea.Tick(stands, func(time.Time) tea.Msg { return ToastOverMsg{id} })
}

// Update takes the message away whose time is over.
func (t *Toasts) Update(msg tea.Msg) {
	if m, ok := msg.(ToastOverMsg); ok {
		t.list = slices.DeleteFunc(t.list, func(o toast) bool { return o.id == m.id })
	}
}

// Away takes the messages of a role away: what they spoke of is over.
func (t *Toasts) Away(role Role) {
	t.list = slices.DeleteFunc(t.list, func(o toast) bool { return o.role == role })
}

// Clear takes all away, as when the desk is locked.
func (t *Toasts) Clear() { t.list = nil }

// Empty tells whether there is none.
func (t *Toasts) Empty() bool { return len(t.list) == 0 }

// View is the messages at the right edge of lines of these widths, the latest in the first line, as many in each as
// fit whole; a message that is alone in its line is cut. A line is empty when nothing is left for it.
func (t *Toasts) View(look Look, widths ...int) []string {
	lines := make([]string, len(widths))
	left := t.list
	for i, width := range widths {
		var parts []string
		used := 1
		for len(left) > 0 {
			o := left[len(left)-1]
			text := typed(o.text)
			if used > 1 && used+3+look.Len(text) > width {
				break
			}
			text = look.Cut(text, width-used)
			used += look.Len(text) + 3
			parts = append(parts, look.Paint(o.role, text))
			left = left[:len(left)-1]
		}
		slices.Reverse(parts)
		if line := strings.Join(parts, " · "); line != "" {
			lines[i] = strings.Repeat(" ", max(width-look.Len(line)-1, 0)) + line
		}
	}
	return lines
}
