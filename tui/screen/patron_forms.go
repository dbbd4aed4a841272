package screen

import (
	"strings"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/policy"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// contactFields are the fields of an address, with the values they begin with.
func contactFields(env *Env, c circ.Patron) []kit.Input {
	w := env.Words
	return []kit.Input{
		{Key: "street", Label: w.Text(words.FormStreet), Value: c.Street},
		{Key: "postcode", Label: w.Text(words.FormPostcode), Value: c.Postcode},
		{Key: "city", Label: w.Text(words.FormCity), Value: c.City},
		{Key: "phone", Label: w.Text(words.FormPhone), Value: c.Phone},
		{Key: "email", Label: w.Text(words.FormEmail), Value: c.Email, Check: email(env)},
		{Key: "language", Label: w.Text(words.FormLanguage), Value: c.Language, Note: w.Text(words.FormLanguageNote)},
	}
}

func email(env *Env) func(string) string {
	return func(s string) string { return EmailWrong(env, s) }
}

// EmailWrong says what is wrong with an e-mail address; none is well.
func EmailWrong(env *Env, s string) string {
	s = strings.TrimSpace(s)
	name, host, at := strings.Cut(s, "@")
	if s == "" || at && name != "" && host != "" && !strings.ContainsAny(s, " \t") {
		return ""
	}
	return env.Words.Text(words.FormBadEmail)
}

func trimmed(v map[string]string) map[string]string {
	for k, s := range v {
		v[k] = strings.TrimSpace(s)
	}
	return v
}

func registerForm(env *Env) Dialog {
	w := env.Words
	inputs := append([]kit.Input{
		{Key: "card", Label: w.Text(words.FormCard), Check: needed(env)},
		{Key: "family", Label: w.Text(words.FormFamily), Check: needed(env)},
		{Key: "given", Label: w.Text(words.FormGiven)},
		{Key: "birth", Label: w.Text(words.FormBirth), Note: w.Text(words.FormBirthNote)},
	}, contactFields(env, circ.Patron{})...)
	inputs = append(inputs,
		kit.Input{Key: "group", Label: w.Text(words.FormGroup)},
		kit.Input{Key: "expires", Label: w.Text(words.FormExpires), Note: w.Text(words.FormDateNote)},
		kit.Input{Key: "note", Label: w.Text(words.FormNote)},
	)
	return NewForm(w.Text(words.PatronRegisterTitle), "", w.Text(words.LabelRegister), register, inputs...).Codes("card")
}

func register(env *Env, v map[string]string) ([]desk.Input, string, string) {
	p, field, wrong := Registration(env, v)
	if wrong != "" {
		return nil, field, wrong
	}
	return []desk.Input{desk.Register{Patron: p}}, "", ""
}

// Registration reads a patron from typed fields. wrong is what is wrong with one
// of them, in words.
func Registration(env *Env, v map[string]string) (p circ.Patron, field, wrong string) {
	v = trimmed(v)
	p = circ.Patron{
		Card: v["card"], Family: v["family"], Given: v["given"], Street: v["street"], Postcode: v["postcode"], City: v["city"],
		Phone: v["phone"], Email: v["email"], Language: v["language"], Group: policy.Group(v["group"]), Note: v["note"],
	}
	if v["birth"] != "" {
		day, wrong := ReadDay(env, v["birth"], true)
		if wrong != "" {
			return p, "birth", wrong
		}
		p.Birth = day.Format(time.DateOnly)
	}
	if v["expires"] != "" {
		until, wrong := UntilEndOf(env, v["expires"])
		if wrong != "" {
			return p, "expires", wrong
		}
		p.Expires = until
	}
	return p, "email", EmailWrong(env, p.Email)
}

// UntilEndOf is the last second of a day here: a card that is valid until a day
// is valid on it.
func UntilEndOf(env *Env, s string) (time.Time, string) {
	day, wrong := ReadDay(env, s, false)
	if wrong != "" {
		return time.Time{}, wrong
	}
	zone := env.Zone
	if zone == nil {
		zone = time.UTC
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, zone).UTC(), ""
}

// editForm changes what was changed in it, and nothing else.
func editForm(env *Env, p *desk.Patron) Dialog {
	was := p.Patron
	return NewForm(env.Words.Text(words.PatronEditTitle, "name", p.Name), "", env.Words.Text(words.LabelSave),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			v = trimmed(v)
			return []desk.Input{desk.Edit{Contact: circ.Contact{
				Street: changed(was.Street, v["street"]), Postcode: changed(was.Postcode, v["postcode"]), City: changed(was.City, v["city"]),
				Phone: changed(was.Phone, v["phone"]), Email: changed(was.Email, v["email"]), Language: changed(was.Language, v["language"]),
			}}}, "", ""
		}, contactFields(env, was)...)
}

// changed is the new value; nil when it is the old one.
func changed(was, now string) *string {
	if strings.TrimSpace(was) == now {
		return nil
	}
	return &now
}

func blockForm(env *Env, name string) Dialog {
	return NewForm(env.Words.Text(words.PatronBlockTitle, "name", name), "", env.Words.Text(words.LabelBlock),
		func(env *Env, v map[string]string) ([]desk.Input, string, string) {
			in, wrong := desk.Block{Text: strings.TrimSpace(v["text"]), Against: circ.BlockScope{
				Loan: v["loan"] == "yes", Renewal: v["renewal"] == "yes", Request: v["request"] == "yes",
			}}, ""
			if (in.Against == circ.BlockScope{}) {
				return nil, "loan", env.Words.Text(words.FormBlockNothing)
			}
			if in.Against.Loan && in.Against.Renewal && in.Against.Request {
				in.Against = circ.BlockScope{}
			}
			if v["until"] != "" {
				in.Until, wrong = UntilEndOf(env, v["until"])
			}
			return []desk.Input{in}, "until", wrong
		}, append([]kit.Input{
			{Key: "text", Label: env.Words.Text(words.FormReason), Check: needed(env)},
			{Key: "until", Label: env.Words.Text(words.FormUntil), Note: env.Words.Text(words.FormDateNote)},
		}, against(env)...)...)
}

// against are the fields for what a block stands against: everything, unless the
// clerk says no.
func against(env *Env) (fields []kit.Input) {
	w := env.Words
	for _, act := range []policy.BlockAct{policy.ForLoan, policy.ForRenewal, policy.ForRequest} {
		fields = append(fields, kit.Input{Key: string(act), Label: w.Text(words.FormAgainst, "act", w.BlockAct(act)), Choices: []kit.Choice{
			{Value: "yes", Label: w.Text(words.FormYes)}, {Value: "no", Label: w.Text(words.FormNo)},
		}})
	}
	return fields
}

func renewCardForm(env *Env, p *desk.Patron) Dialog {
	w := env.Words
	note := ""
	if !p.Expires.IsZero() {
		note = w.Text(words.CheckOutCardUntil, "date", env.LastDay(p.Expires))
	}
	return NewForm(w.Text(words.PatronRenewCardTitle, "name", p.Name), note, w.Text(words.LabelRenewCard),
		func(env *Env, v map[string]string) ([]desk.Input, string, string) {
			until, wrong := UntilEndOf(env, v["until"])
			return []desk.Input{desk.RenewCard{Until: until}}, "until", wrong
		}, kit.Input{Key: "until", Label: w.Text(words.FormUntil), Note: w.Text(words.FormDateNote), Check: needed(env)})
}

func replaceCardForm(env *Env, name string) Dialog {
	w := env.Words
	return NewForm(w.Text(words.PatronReplaceCardTitle, "name", name), w.Text(words.HelpReplaceCard), w.Text(words.LabelReplaceCard),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.ReplaceCard{Number: strings.TrimSpace(v["card"])}}, "", ""
		}, kit.Input{Key: "card", Label: w.Text(words.FormCard), Check: needed(env)}).Codes("card")
}

func linkForm(env *Env, name string) Dialog {
	w := env.Words
	return NewForm(w.Text(words.PatronLinkTitle, "name", name), "", w.Text(words.LabelLink),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Link{Card: strings.TrimSpace(v["card"]), Kind: circ.LinkKind(v["kind"])}}, "", ""
		},
		kit.Input{Key: "card", Label: w.Text(words.FormOtherCard), Check: needed(env)},
		kit.Input{Key: "kind", Label: w.Text(words.FormLinkKind), Choices: []kit.Choice{
			{Value: string(circ.Guarantor), Label: w.Link(circ.Guarantor)}, {Value: string(circ.Pickup), Label: w.Link(circ.Pickup)},
		}},
	).Codes("card")
}

func mergeForm(env *Env, name string) Dialog {
	w := env.Words
	return NewForm(w.Text(words.PatronMergeTitle, "name", name), w.Text(words.PatronMergeNote), w.Text(words.LabelMerge),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Merge{Card: strings.TrimSpace(v["card"])}}, "", ""
		}, kit.Input{Key: "card", Label: w.Text(words.FormOtherCard), Check: needed(env)}).Codes("card")
}

func requestForm(env *Env, name string) Dialog {
	w := env.Words
	return NewForm(w.Text(words.PatronRequestTitle, "name", name), "", w.Text(words.LabelRequest),
		func(_ *Env, v map[string]string) ([]desk.Input, string, string) {
			return []desk.Input{desk.Request{
				Text: strings.TrimSpace(v["code"]), Copy: v["copy"] == "yes", Pickup: strings.TrimSpace(v["pickup"]), Note: strings.TrimSpace(v["note"]),
			}}, "", ""
		},
		kit.Input{Key: "code", Label: w.Text(words.ColumnBarcode), Check: needed(env)},
		kit.Input{Key: "copy", Label: w.Text(words.ScreensOnlyThisCopy), Choices: []kit.Choice{
			{Value: "no", Label: w.Text(words.FormNo)}, {Value: "yes", Label: w.Text(words.FormYes)},
		}},
		kit.Input{Key: "pickup", Label: w.Text(words.FormPickup)},
		kit.Input{Key: "note", Label: w.Text(words.FormNote)},
	).Codes("code")
}
