package main

import (
	"strings"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

// tellMirror says what a clerk should know of the journal's mirror before the start.
func (p *program) tellMirror(j *bolt.Journal) {
	m, ok := j.MirrorState()
	switch {
	case !ok:
	case m.Why != nil:
		p.note(p.words.Text(words.SealMirrorBehind, "dir", m.Dir, "why", text.Clean(m.Why.Error(), shown)))
	case m.Same:
		p.note(p.words.Text(words.SealMirrorSame, "dir", m.Dir))
	}
}

// explainMirror says what the mirror has and the journal has not, and the ways out.
func (p *program) explainMirror(m *folder.MirrorError) []string {
	w := p.words
	at, _ := p.folder()
	values := []string{"folder", string(at), "dir", m.Dir}
	out := []string{w.Text(words.SealMirrorOut), w.Text(words.SealMirrorOutDrop)}
	switch {
	case m.Other:
		return []string{w.Text(words.SealMirrorOther, values...)}
	case m.Gone:
		return append([]string{w.Text(words.SealMirrorGone, values...)}, out...)
	case m.Damaged != nil:
		why, _, _ := strings.Cut(m.Damaged.Error(), "\n")
		return append([]string{w.Text(words.SealMirrorDamaged, append(values, "why", text.Clean(why, shown))...)}, out...)
	case m.Apart:
		return append([]string{w.Text(words.SealMirrorApart, values...), w.Text(words.SealMirrorApartOut)}, out...)
	}
	return append([]string{w.N(words.SealMirrorAhead, m.Ahead, values...)}, out...)
}
