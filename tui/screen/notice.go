package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions that note a notice: about a loan, and about that of a fee.
const (
	ActionNotice    = "patron.notice"
	ActionFeeNotice = "fees.notice"
)

// noticeForm asks which notice was sent about what call names; note says what that is.
func noticeForm(env *Env, title, note string, call desk.Call) Dialog {
	w := env.Words
	return NewForm(title, note, w.Text(words.LabelNotice), calledAs(call),
		channels(env, circ.NoticeLetter, circ.NoticeEmail, circ.NoticeSMS, circ.NoticePhone),
		kit.Input{Key: "note", Label: w.Text(words.FormNote)},
		kit.Input{Key: "again", Label: w.Text(words.WorklistAgain), Note: w.Text(words.FormDateNote)})
}

// channels asks how the patron was told.
func channels(env *Env, all ...circ.Channel) kit.Input {
	in := kit.Input{Key: "by", Label: env.Words.Text(words.WorklistBy)}
	for _, c := range all {
		in.Choices = append(in.Choices, kit.Choice{Value: string(c), Label: env.Words.Channel(c)})
	}
	return in
}

// calledAs fills a call with what was typed.
func calledAs(in desk.Call) func(*Env, map[string]string) ([]desk.Input, string, string) {
	return func(env *Env, v map[string]string) ([]desk.Input, string, string) {
		in.By, in.Note = circ.Channel(v["by"]), strings.TrimSpace(v["note"])
		if typed := strings.TrimSpace(v["again"]); typed != "" {
			at, wrong := UntilMoment(env, typed)
			if wrong != "" {
				return nil, "again", wrong
			}
			in.Again = at
		}
		return []desk.Input{in}, "", ""
	}
}
