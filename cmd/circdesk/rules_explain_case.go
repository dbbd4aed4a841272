package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// explainedReason is what stands against a loan of that item to that patron.
type explainedReason struct {
	Reason circ.Reason   `json:"reason"`
	Do     policy.Effect `json:"do"` // refuse, ask
	Says   string        `json:"says"`
}

// factsOf is where a case is read from: who asks, and the records.
type factsOf struct {
	journal.Reader
	desk    circ.DeskID
	library policy.LibraryID
}

// explainCase answers for a patron and an item that are in the folder: as the desk
// that runs there would, of what the folder's desk knows, or its server.
func (p *program) explainCase(ctx context.Context, q lendingCase) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if q.patron == "" || q.item == "" {
		return usage{errors.New("--patron and --item go together")}
	}
	if q.group != "" || q.itemType != "" || q.location != "" || q.waited || q.renewal {
		return usage{errors.New("--patron and --item say the group, the type, the location, whether others wait and whether it is renewed")}
	}
	explain := func() error {
		return p.withFacts(ctx, where, func(f factsOf) error { return p.explainOf(ctx, f, q) })
	}
	if p.running != nil || p.serving != nil {
		return explain()
	}
	if q.file != "" { // the process that is asked may stand elsewhere
		if q.file, err = filepath.Abs(q.file); err != nil {
			return err
		}
	}
	return p.orAskAny(ctx, []string{where.File(folder.Reach), where.File(folder.Serving)}, q.args(), "", explain)
}

// withFacts hands over the facts of the desk or the server that runs in this process,
// or of those whose files are in the folder.
func (p *program) withFacts(ctx context.Context, where folder.Folder, do func(factsOf) error) error {
	switch {
	case p.serving != nil && p.running == nil:
		return viewServer(ctx, p.serving.HTTP.Server.Store, do)
	case p.running != nil || where.Has(folder.Journal):
		return p.withDesk(ctx, where, func(d deskFiles) error {
			return d.View(ctx, func(r journal.Reader) error { return do(factsOf{r, d.ID, d.Library}) })
		})
	case where.Has(folder.Server):
		store, err := where.OpenServer(ctx)
		if err != nil {
			return err
		}
		return errors.Join(viewServer(ctx, store, do), store.Close())
	}
	return folder.ErrNoJournal
}

func viewServer(ctx context.Context, store rulesStore, do func(factsOf) error) error {
	return store.View(ctx, func(tx journal.HubTx) error { return do(factsOf{Reader: tx}) })
}

// explainOf decides as at the desk, with a yes to all that is asked, and tells both.
func (p *program) explainOf(ctx context.Context, f factsOf, q lendingCase) error {
	set, err := p.rulesFor(ctx, f, q.file)
	if err != nil {
		return err
	}
	if q.library != "" {
		f.library = policy.LibraryID(q.library)
	}
	if q.desk != "" {
		f.desk = circ.DeskID(q.desk)
	}
	zone := set.Location(f.library)
	at, ok := timeOf(q.at, zone)
	if !ok {
		return p.tell(exitUsage, words.RulesNoTime, "text", text.Clean(q.at, shown))
	}
	back, ok := backOf(q.back, zone)
	if !ok {
		return p.tell(exitUsage, words.RulesNoTime, "text", text.Clean(q.back, shown))
	}
	n := words.Names{Zone: zone, Now: at, Currency: set.Currency()}
	act := circ.Act{ID: "explain", Desk: f.desk, Library: f.library, At: at, Zone: zone.String(), Command: circ.CheckOut{Card: q.patron, Barcode: q.item}}
	c := circ.NewCase(act, set)
	if err := journal.Gather(ctx, f, c); err != nil {
		return err
	}
	d := circ.Decide(c)
	card, known := c.Card(q.patron)
	item, found := c.Item("", q.item)
	if !known || !found {
		return told{p.saysOf(d.Refused, n), exitFailed}
	}
	person, _ := c.Patron(card.Patron)
	due, trace := dueOf(c, d)
	asked := policy.Query{Group: person.Group, Type: item.Type, Library: f.library, Location: item.Location, At: at}
	atDesk := policy.DeskQuery{Desk: policy.DeskID(act.Desk), Library: f.library, Home: item.Home, Location: item.Location}
	return p.writeExplained(set, asked, atDesk, policy.Late{Due: due, Back: back, Price: item.Price.Minor}, trace, p.standing(d, n), q.asJSON)
}

// saysOf gives what remarks say.
func (p *program) saysOf(all []circ.Remark, n words.Names) (lines []string) {
	for _, r := range all {
		lines = append(lines, p.words.Reason(r, n))
	}
	return lines
}

// rulesFor gives the rules to explain by: those of a file, or those in force.
func (p *program) rulesFor(ctx context.Context, f factsOf, file string) (*policy.Set, error) {
	if file != "" {
		set, err := readRules(file)
		if err != nil {
			return nil, inFile(file, err)
		}
		return set, nil
	}
	rules, found, err := journal.RulesOf(ctx, f)
	switch {
	case err != nil:
		return nil, err
	case found:
		return policy.Parse([]byte(rules.Body))
	}
	return policy.Default(server.Currency, server.Zone().String()), nil
}

// dueOf gives when it would be due if everybody said yes; zero where it is refused.
func dueOf(c *circ.Case, d circ.Decision) (time.Time, []policy.Step) {
	for _, r := range d.Ask {
		c.Act.Over = append(c.Act.Over, r.Reason)
	}
	d = circ.Decide(c)
	for _, e := range d.Events {
		switch e := e.(type) {
		case circ.CheckedOut:
			return e.Due, d.Trace
		case circ.Renewed:
			return e.Due, d.Trace
		}
	}
	return time.Time{}, nil
}

// standing says what is refused and what is asked.
func (p *program) standing(d circ.Decision, n words.Names) (out []explainedReason) {
	add := func(do policy.Effect, all []circ.Remark) {
		for i, says := range p.saysOf(all, n) {
			out = append(out, explainedReason{all[i].Reason, do, says})
		}
	}
	add(policy.Refuse, d.Refused)
	add(policy.Ask, d.Ask)
	return out
}
