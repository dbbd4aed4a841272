package screen

import (
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// titled is h lines: a title, what may be done here, and the lines given.
func titled(env *Env, width, h int, title, hint words.Key, lines ...string) []string {
	out := make([]string, max(h, 0))
	all := append([]string{titleLine(env, width, env.Words.Text(title)), quiet(env, width, env.Words.Text(hint)), ""}, lines...)
	copy(out, all)
	return out
}

// titleLine is a title with what belongs to it, such as a count.
func titleLine(env *Env, width int, title string, more ...string) string {
	line := " " + env.Look.Paint(kit.Loud, env.Look.Cut(Clean(title), width-1))
	for _, m := range more {
		if m != "" {
			line += env.Look.Paint(kit.Quiet, " · "+Clean(m))
		}
	}
	return env.Look.Cut(line, width)
}

// quiet is a line of what is read once a day.
func quiet(env *Env, width int, s string) string {
	return " " + env.Look.Paint(kit.Quiet, env.Look.Cut(Clean(s), width-1))
}
