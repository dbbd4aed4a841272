package plain

import (
	"bytes"
	"encoding/json"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/text"
)

// object is an outcome in JSON. Its names are for scripts: never renamed.
type object struct {
	Word    string   `json:"word"`
	Text    string   `json:"text,omitempty"`
	Scanned string   `json:"scanned,omitempty"`
	Patron  *person  `json:"patron,omitempty"`
	Item    *item    `json:"item,omitempty"`
	Title   string   `json:"title,omitempty"`
	Due     string   `json:"due,omitempty"` // RFC 3339
	Route   *route   `json:"route,omitempty"`
	Reasons []said   `json:"reasons,omitempty"`
	Ask     []said   `json:"ask,omitempty"`
	Tell    []said   `json:"tell,omitempty"`
	Trace   []said   `json:"trace,omitempty"`
	Mode    string   `json:"mode,omitempty"` // asked or fact
	Entry   string   `json:"entry,omitempty"`
	Entries []string `json:"entries,omitempty"`
	Receipt string   `json:"receipt,omitempty"` // where money changed hands
	Drawer  *drawn   `json:"drawer,omitempty"`
	Then    []object `json:"then,omitempty"`

	Patrons   []person         `json:"patrons,omitempty"`
	Near      []near           `json:"near,omitempty"`   // names that are one letter off
	Coming    bool             `json:"coming,omitempty"` // not all names are read yet
	Titles    []titled         `json:"titles,omitempty"`
	Holds     []hold           `json:"holds,omitempty"`
	Late      []late           `json:"late,omitempty"` // overdue at this library
	Undoable  []past           `json:"undoable,omitempty"`
	Conflicts []ConflictObject `json:"conflicts,omitempty"`
	Reach     *reach           `json:"reach,omitempty"`
	Work      *[]Work          `json:"work,omitempty"` // of a worklist, empty or not
	AsOf      string           `json:"as_of,omitempty"`

	Waiting int      `json:"waiting"`
	Notices []notice `json:"notices,omitempty"`
}

// near is a name that is one letter off.
type near struct {
	Name   string `json:"name"`
	Query  string `json:"query"` // finds all of them
	People int    `json:"people"`
}

type said struct {
	Code  string   `json:"code"`
	Text  string   `json:"text"`
	Right string   `json:"right,omitempty"` // that a yes needs
	Or    []string `json:"or,omitempty"`    // rights that do as well
	Way   *wayOut  `json:"way,omitempty"`   // what would lift it
}

type wayOut struct {
	Do     string `json:"do"`
	Amount string `json:"amount,omitempty"`
	N      int    `json:"n,omitempty"`
}

type route struct {
	Kind     string `json:"kind"`
	Text     string `json:"text"`
	Library  string `json:"library,omitempty"`
	Location string `json:"location,omitempty"`
	Person   string `json:"person,omitempty"`
	Until    string `json:"until,omitempty"`
}

type person struct {
	ID       string    `json:"id"`
	Card     string    `json:"card,omitempty"`
	Name     string    `json:"name"`
	Born     string    `json:"born,omitempty"`
	Street   string    `json:"street,omitempty"`
	Group    string    `json:"group,omitempty"`
	Expires  string    `json:"expires,omitempty"`
	Expired  bool      `json:"expired,omitempty"`
	Note     string    `json:"note,omitempty"`
	Owes     string    `json:"owes,omitempty"`     // below zero: credit
	Disputed string    `json:"disputed,omitempty"` // beside it
	IfBack   string    `json:"if_back,omitempty"`  // the fees, if all that is overdue came back now
	Estimate bool      `json:"estimate,omitempty"` // another system charges: if_back is an estimate
	Overdue  int       `json:"overdue,omitempty"`
	Ready    int       `json:"ready,omitempty"`
	Loans    []loan    `json:"loans,omitempty"`
	Requests []hold    `json:"requests,omitempty"`
	Fees     []fee     `json:"fees,omitempty"`
	Blocks   []string  `json:"blocks,omitempty"`
	Alerts   []alerted `json:"alerts,omitempty"`
	Links    []linked  `json:"links,omitempty"`
}

type loan struct {
	Title    string   `json:"title"`
	Barcode  string   `json:"barcode"`
	Due      string   `json:"due"`
	Recalled string   `json:"recalled,omitempty"` // since when
	Overdue  bool     `json:"overdue,omitempty"`
	Long     bool     `json:"long_overdue,omitempty"`
	IfBack   string   `json:"if_back,omitempty"` // the fee, if it came back now
	State    string   `json:"state,omitempty"`   // lost or claimed
	Missing  []string `json:"missing,omitempty"` // the parts, of what came back incomplete
}

type late struct {
	loan
	Person string `json:"person,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Email  string `json:"email,omitempty"`
}

type fee struct {
	Type     string `json:"type"`
	Left     string `json:"left"`
	Title    string `json:"title,omitempty"`
	Text     string `json:"text,omitempty"`
	Disputed string `json:"disputed,omitempty"` // since
}

type linked struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

type alerted struct {
	N     int    `json:"n"`
	Text  string `json:"text"`
	Shown string `json:"shown"` // loan, return or both
	Until string `json:"until,omitempty"`
	At    string `json:"at"`
	By    string `json:"by,omitempty"`
}

type item struct {
	Barcode    string    `json:"barcode"`
	Title      string    `json:"title,omitempty"`
	Author     string    `json:"author,omitempty"`
	CallNumber string    `json:"call_number,omitempty"`
	Type       string    `json:"type,omitempty"`
	Library    string    `json:"library,omitempty"`
	Location   string    `json:"location,omitempty"`
	Status     string    `json:"status,omitempty"`
	Person     string    `json:"person,omitempty"`
	Queue      []hold    `json:"queue,omitempty"`
	Alerts     []alerted `json:"alerts,omitempty"`
	Parts      []string  `json:"parts,omitempty"`
	Story      []string  `json:"story,omitempty"` // what was done with its loan
}

type hold struct {
	N       int    `json:"n,omitempty"`
	Title   string `json:"title"`
	Stage   string `json:"stage"`
	Barcode string `json:"barcode,omitempty"`
	Person  string `json:"person,omitempty"`
	Pickup  string `json:"pickup,omitempty"`
	Until   string `json:"until,omitempty"`
	Expired bool   `json:"expired,omitempty"`
}

type titled struct {
	Title  string   `json:"title"`
	Author string   `json:"author,omitempty"`
	Year   string   `json:"year,omitempty"`
	Items  []string `json:"items,omitempty"` // barcodes
	Queue  int      `json:"queue"`
}

type past struct {
	N      int    `json:"n"`
	Entry  string `json:"entry"`
	At     string `json:"at"`
	Word   string `json:"word"`
	Text   string `json:"text"`
	Undone bool   `json:"undone,omitempty"`
}

type reach struct {
	Person string `json:"person,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Email  string `json:"email,omitempty"`
}

// ConflictObject is a conflict as JSON.
type ConflictObject struct {
	N        int            `json:"n"`
	Entry    string         `json:"entry"`
	Class    string         `json:"class"`
	State    string         `json:"state"`            // open, settled
	Stands   bool           `json:"stands,omitempty"` // the rules have settled it: somebody only has to know
	Rejected bool           `json:"rejected,omitempty"`
	Command  string         `json:"command,omitempty"`
	Title    string         `json:"title,omitempty"`
	Item     string         `json:"item,omitempty"`
	Person   string         `json:"person,omitempty"`
	At       string         `json:"at,omitempty"`
	Desk     string         `json:"desk,omitempty"`
	Operator string         `json:"operator,omitempty"`
	Other    *conflictOther `json:"other,omitempty"`
	Found    string         `json:"found,omitempty"`
	Reasons  []said         `json:"reasons,omitempty"`
	Owner    string         `json:"owner,omitempty"`
	CallBack string         `json:"call_back,omitempty"`
	Seen     []conflictSeen `json:"contact_seen,omitempty"`
	Actions  []string       `json:"actions,omitempty"`
	Settled  string         `json:"settled,omitempty"`
	By       string         `json:"by,omitempty"`
	How      string         `json:"how,omitempty"`
	Why      string         `json:"why,omitempty"`
}

type conflictOther struct {
	Person string `json:"person,omitempty"`
	At     string `json:"at,omitempty"`
	Desk   string `json:"desk,omitempty"`
}

type conflictSeen struct {
	At   string `json:"at"`
	Desk string `json:"desk,omitempty"`
	By   string `json:"by,omitempty"`
}

// ConflictOf writes a conflict.
func ConflictOf(c desk.Conflict) ConflictObject {
	v := ConflictObject{
		N: c.N, Entry: string(c.ID), Class: string(c.Class), State: "open", Stands: c.Stands, Rejected: c.Rejected, Command: c.Command,
		Title: c.Name, Item: c.Code, Person: c.Person, At: instant(c.At), Desk: string(c.Desk), Operator: string(c.Operator),
		Found: instant(c.Found), Reasons: saids(c.Said), Owner: string(c.Owner), CallBack: instant(c.CallBack),
	}
	if o := c.Other; o != nil {
		v.Other = &conflictOther{Person: o.Person, At: instant(o.At), Desk: string(o.Desk)}
	}
	for _, u := range c.Seen {
		v.Seen = append(v.Seen, conflictSeen{At: instant(u.At), Desk: string(u.Desk), By: string(u.By)})
	}
	if !c.Open() {
		v.State, v.Settled, v.By, v.How, v.Why = "settled", instant(c.Settled.At), string(c.Settled.By), string(c.Settled.How), c.Settled.Why
		return v
	}
	for _, a := range c.Actions() {
		v.Actions = append(v.Actions, string(a))
	}
	return v
}

type drawn struct {
	Name   string  `json:"name"`
	Shift  int     `json:"shift,omitempty"` // 0: it was never opened
	Open   bool    `json:"open"`
	Opened string  `json:"opened,omitempty"`
	Closed string  `json:"closed,omitempty"`
	Why    string  `json:"why,omitempty"` // it was over or short
	Sums   []tally `json:"sums,omitempty"`
	Next   int     `json:"next,omitempty"`  // movements that wait for the next shift
	Unsent int     `json:"waits,omitempty"` // movements that are not delivered yet
}

type tally struct {
	Method   string `json:"method"`
	Float    string `json:"float,omitempty"`
	Taken    string `json:"taken,omitempty"`
	Given    string `json:"given_back,omitempty"`
	Late     string `json:"late,omitempty"`
	Expected string `json:"expected"`
	Counted  string `json:"counted,omitempty"` // empty: it was not
	Over     string `json:"over,omitempty"`    // below zero: short
}

type notice struct {
	Kind  string `json:"kind"`
	Text  string `json:"text"`
	At    string `json:"at"`
	Entry string `json:"entry,omitempty"`
}

// writeObject writes an outcome as one line.
func (d *Desk) writeObject(o desk.Outcome, notices []desk.Notice) error {
	v := objectOf(o)
	for _, n := range notices {
		v.Notices = append(v.Notices, notice{Kind: string(n.Kind), Text: n.Words, At: instant(n.At), Entry: string(n.Entry)})
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := d.c.Out.Write(b.Bytes())
	return err
}

// instant writes an instant; nothing for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func objectOf(o desk.Outcome) object {
	v := object{
		Word: string(o.Word), Text: o.Text, Scanned: o.Scanned, Title: o.Title, Due: instant(o.Due),
		Reasons: saids(o.Reasons), Ask: saids(o.Ask), Tell: saids(o.Tell),
		Mode: string(o.Mode), Entry: string(o.Entry), Waiting: o.Waiting,
		Receipt: o.Receipt, Drawer: drawnOf(o.Drawer),
	}
	if o.Patron != nil {
		p := personOf(*o.Patron)
		v.Patron = &p
	}
	if o.Item != nil {
		v.Item = itemOf(*o.Item)
	}
	if r := o.Route; r != nil {
		v.Route = &route{
			Kind: string(r.Kind), Text: r.Words, Library: string(r.Library), Location: string(r.Location),
			Person: r.Person, Until: instant(r.Until),
		}
	}
	for _, l := range o.Trace {
		v.Trace = append(v.Trace, said{Code: string(l.Code), Text: l.Words})
	}
	for _, e := range o.Entries {
		v.Entries = append(v.Entries, string(e))
	}
	for _, t := range o.Then {
		v.Then = append(v.Then, objectOf(t))
	}
	v.lists(o)
	return v
}

// lists fills in what is to be chosen from, or read.
func (v *object) lists(o desk.Outcome) {
	v.Coming = o.Coming
	for _, n := range o.Near {
		v.Near = append(v.Near, near{nameOf(n), n.Query, n.People})
	}
	for _, p := range o.Patrons {
		v.Patrons = append(v.Patrons, personOf(p))
	}
	for _, t := range o.Titles {
		w := titled{Title: t.Title.Title, Author: t.Author, Year: t.Year, Queue: t.Queue}
		for _, it := range t.Items {
			w.Items = append(w.Items, it.Barcode)
		}
		v.Titles = append(v.Titles, w)
	}
	v.Holds = holds(o.Holds)
	for _, l := range o.Late {
		v.Late = append(v.Late, late{
			loan:   loan{Title: l.Title, Barcode: l.Barcode, Due: instant(l.Due), Overdue: true, Long: l.LongOverdue, IfBack: some(l.IfBack)},
			Person: l.Person, Phone: l.Phone, Email: l.Email,
		})
	}
	for _, p := range o.Undoable {
		v.Undoable = append(v.Undoable, past{p.N, string(p.Entry), instant(p.At), string(p.Word), p.Text, p.Undone})
	}
	if o.Work != nil {
		all := make([]Work, 0, len(o.Work))
		for _, w := range o.Work {
			all = append(all, WorkOf(w))
		}
		v.Work, v.AsOf = &all, instant(o.AsOf)
	}
	for _, c := range o.Conflicts {
		v.Conflicts = append(v.Conflicts, ConflictOf(c))
	}
	if r := o.Reach; r != nil {
		v.Reach = &reach{Person: r.Person, Phone: r.Phone, Email: r.Email}
	}
}

func saids(rs []desk.Said) (out []said) {
	for _, r := range rs {
		v := said{Code: string(r.Reason), Text: r.Words}
		if r.Right != circ.RightCirculate {
			v.Right = string(r.Right)
		}
		for _, or := range r.Or {
			v.Or = append(v.Or, string(or))
		}
		if r.Way.Do != "" {
			v.Way = &wayOut{Do: string(r.Way.Do), N: r.Way.N}
			if !r.Way.Amount.IsZero() {
				v.Way.Amount = r.Way.Amount.Decimal()
			}
		}
		out = append(out, v)
	}
	return out
}

// some gives an amount; empty for none at all.
func some(a money.Amount) string {
	if a.Minor == 0 {
		return ""
	}
	return a.Decimal()
}

func drawnOf(d *desk.Drawer) *drawn {
	if d == nil {
		return nil
	}
	v := &drawn{
		Name: d.Name, Shift: d.N, Open: d.Open(), Opened: instant(d.Opened.At), Closed: instant(d.Closed.At), Why: text.Clean(d.Text, shownText),
		Next: len(d.Early), Unsent: d.Unsent,
	}
	for _, t := range d.Sums {
		y := tally{
			Method: text.Clean(string(t.Method), shownName), Float: some(d.Amount(t.Float)), Taken: some(d.Amount(t.Taken)), Given: some(d.Amount(t.Given)),
			Late: some(d.Amount(t.Late)), Expected: d.Amount(t.Expected).Decimal(),
		}
		if t.IsCount {
			y.Counted, y.Over = d.Amount(t.Counted).Decimal(), d.Amount(t.Over()).Decimal()
		}
		v.Sums = append(v.Sums, y)
	}
	return v
}

func personOf(p desk.Patron) person {
	v := person{
		ID: string(p.ID), Card: p.Card, Name: p.Name, Born: p.Born, Street: p.Street, Group: string(p.Patron.Group),
		Expires: instant(p.Expires), Expired: p.Expired, Note: p.Note, Overdue: p.Overdue, Ready: p.Ready,
		Requests: holds(p.Requests), Alerts: alerts(p.Alerts),
	}
	v.Owes, v.Disputed, v.IfBack, v.Estimate = some(p.Owes), some(p.Disputed), some(p.IfBack), p.Estimate && p.IfBack.Minor > 0
	for _, l := range p.Loans {
		v.Loans = append(v.Loans, loan{Title: l.Title, Barcode: l.Barcode, Due: instant(l.Due), Recalled: instant(l.RecalledSince()), Overdue: l.Overdue, Long: l.LongOverdue, IfBack: some(l.IfBack), State: stateOf(l), Missing: l.Missing()})
	}
	for _, f := range p.Fees {
		v.Fees = append(v.Fees, fee{Type: string(f.Type), Left: f.Left.Decimal(), Title: f.Title, Text: f.Text, Disputed: instant(f.Disputed.At)})
	}
	for _, b := range p.Blocks {
		v.Blocks = append(v.Blocks, b.Text)
	}
	for _, l := range p.Links {
		v.Links = append(v.Links, linked{Kind: string(l.Kind), Name: l.Name})
	}
	return v
}

func itemOf(it desk.Item) *item {
	return &item{
		Barcode: it.Barcode, Title: it.Titled.Title, Author: it.Titled.Author, CallNumber: it.CallNumber,
		Type: string(it.Type), Library: string(it.Home), Location: string(it.Location), Status: it.Status,
		Person: it.Person, Queue: holds(it.Queue), Alerts: alerts(it.Alerts), Parts: it.Parts, Story: it.Story,
	}
}

func alerts(as []circ.Alert) (out []alerted) {
	for i, a := range as {
		out = append(out, alerted{
			N: i + 1, Text: a.Text, Shown: string(a.Shown), Until: instant(a.Until), At: instant(a.At), By: text.Clean(string(a.Operator), shownName),
		})
	}
	return out
}

func holds(hs []desk.Hold) (out []hold) {
	for _, h := range hs {
		out = append(out, hold{
			N: h.N, Title: h.Of, Stage: string(h.Stage), Barcode: h.Barcode, Person: h.Person,
			Pickup: string(h.Pickup), Until: instant(h.Until), Expired: h.Expired,
		})
	}
	return out
}
