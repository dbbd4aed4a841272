package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// The actions of the drawer, on the screen of fees.
const (
	ActionDrawer      = "drawer.show"
	ActionOpenDrawer  = "drawer.open"
	ActionCloseDrawer = "drawer.close"
)

// ofDrawer reports whether an action is one of the drawer, for which nobody's fees
// need to be open.
func ofDrawer(action string) bool {
	return action == ActionDrawer || action == ActionOpenDrawer || action == ActionCloseDrawer
}

// drawerOff says why an action of the drawer cannot be done.
func drawerOff(env *Env, action string) string {
	d := env.State.Drawer
	switch {
	case d == nil:
		return env.Words.Text(words.RefusalNoDrawer)
	case env.SignedOut() != "":
		return env.SignedOut()
	case action == ActionOpenDrawer && d.Shift.Open():
		return env.Words.Reason(circ.Remark{Reason: circ.DrawerIsOpen, Text: d.Name, When: d.Shift.Opened.At}, env.Names())
	case action == ActionCloseDrawer && !d.Shift.Open():
		return env.Words.Reason(circ.Remark{Reason: circ.DrawerNotOpen, Text: d.Name, When: d.Shift.Closed.At}, env.Names())
	}
	return ""
}

// drawerLine says whether the desk's drawer is open; empty where none was ever opened.
func drawerLine(env *Env) string {
	d := env.State.Drawer
	switch {
	case d == nil || d.Shift.Opened.At.IsZero():
		return ""
	case d.Shift.Open():
		return env.Words.Text(words.DrawerHereOpen, "name", d.Name, "at", env.When(d.Shift.Opened.At), "operator", string(d.Shift.Opened.Operator), "key", env.KeyOf(ActionDrawer))
	}
	return env.Words.Text(words.DrawerHereClosed, "name", d.Name, "at", env.When(d.Shift.Closed.At), "key", env.KeyOf(ActionDrawer))
}

// drawn is that line; none where it is empty.
func drawn(env *Env, width int) []string {
	if line := drawerLine(env); line != "" {
		return []string{quiet(env, width, line)}
	}
	return nil
}

func openDrawerForm(env *Env) Dialog {
	w := env.Words
	return inPublic(NewForm(w.Text(words.DrawerOpenTitle, "name", env.State.Drawer.Name), "", w.Text(words.LabelOpenDrawer),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.OpenDrawer{Float: strings.TrimSpace(v["float"])}}, "", ""
		}, kit.Input{Key: "float", Label: w.Text(words.FormFloat), Check: needed(env)}))
}

// closeDrawerForm asks what was counted, by each method. What is expected stands
// elsewhere: who counts is not to be told first.
func closeDrawerForm(env *Env) Dialog {
	w := env.Words
	var inputs []kit.Input
	for _, m := range env.State.PayMethods {
		inputs = append(inputs, kit.Input{Key: string(m), Label: w.Text(words.FormCounted, "method", w.Method(m))})
	}
	inputs = append(inputs, kit.Input{Key: "why", Label: w.Text(words.FormWhyOver)})
	methods := env.State.PayMethods
	return inPublic(NewForm(w.Text(words.DrawerCloseTitle, "name", env.State.Drawer.Name), w.Text(words.DrawerCloseNote), w.Text(words.LabelCloseDrawer),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			in := desk.CloseDrawer{Text: strings.TrimSpace(v["why"])}
			for _, m := range methods {
				in.Counted = append(in.Counted, desk.CountedBy{Method: m, Amount: strings.TrimSpace(v[string(m)])})
			}
			return []desk.Input{in}, "", ""
		}, inputs...))
}

// inPublic says that nothing of a patron is in a form.
func inPublic(f *Form) *Form {
	f.public = true
	return f
}
