package sipserver

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// request is one message on its way to an answer.
type request struct {
	Terminal // who sent it; zero before a login

	conn     *conn
	server   *Server
	settings *Settings
	form     sipwire.Form
	m        sipwire.Message

	now  time.Time      // by the server's clock
	zone *time.Location // of the library

	// For the log.
	verdict string
	reasons []circ.Reason

	resend, silent bool // it is not answered, but asked for again; not even that
}

// The verdicts of the log.
const (
	done     = "done"
	repeated = "repeated" // it was done before
	refused  = "refused"
	recorded = "recorded" // a fact
	loggedIn = "logged_in"
	noLogin  = "no_login"
)

// handler carries out one kind of message.
type handler struct {
	needs Power // "": none
	does  func(*request, context.Context) (*sipwire.Builder, error)
	// Whether it works here, in BX.
	as sipwire.Services
}

func handlers() map[sipwire.Code]handler {
	return map[sipwire.Code]handler{
		sipwire.PatronStatusRequest: {MayPatron, (*request).patronStatus, sipwire.TakesPatronStatus},
		sipwire.PatronInformation:   {MayPatron, (*request).patronInformation, sipwire.TakesPatronInformation},
		sipwire.EndSession:          {"", (*request).endSession, sipwire.TakesEndSession},
		sipwire.Checkout:            {MayCheckOut, (*request).checkOut, sipwire.TakesCheckout},
		sipwire.Checkin:             {MayCheckIn, (*request).checkIn, sipwire.TakesCheckin},
		sipwire.Renew:               {MayRenew, (*request).renew, sipwire.TakesRenew},
		sipwire.RenewAll:            {MayRenew, (*request).renewAll, sipwire.TakesRenewAll},
		sipwire.Hold:                {MayRequest, (*request).hold, sipwire.TakesHold},
		sipwire.ItemInformation:     {MayItem, (*request).itemInformation, sipwire.TakesItemInformation},
		sipwire.ItemStatusUpdate:    {MayUpdate, (*request).itemUpdate, sipwire.TakesItemStatusUpdate},
		sipwire.BlockPatron:         {MayBlock, (*request).blockPatron, sipwire.TakesBlockPatron},
		sipwire.PatronEnable:        {MayEnable, (*request).patronEnable, sipwire.TakesPatronEnable},
		sipwire.FeePaid:             {MayPay, (*request).feePaid, sipwire.TakesFeePaid},
	}
}

// do answers the request.
func (r *request) do(ctx context.Context) (*sipwire.Builder, error) {
	switch r.m.Code {
	case sipwire.Login:
		return r.login(ctx)
	case sipwire.TerminalStatus:
		return r.status(ctx)
	}
	if r.conn.term == nil {
		r.silent = true
		r.verdict = noLogin
		if r.conn.passed++; r.conn.passed > strangers {
			return nil, errStranger
		}
		return nil, nil
	}
	h, known := r.server.handlers[r.m.Code]
	if !known {
		r.resend, r.silent = r.settings.Resend, !r.settings.Resend
		return nil, nil
	}
	if err := r.begin(ctx); err != nil {
		return nil, err
	}
	return h.does(r, ctx)
}

// begin takes the time, and the zone that the connection's last transaction had: those of
// this request say both anew.
func (r *request) begin(ctx context.Context) error {
	if r.conn.zone == nil {
		return r.look(ctx, func(*hubserver.Turn) error { return nil })
	}
	r.now, r.zone = r.server.Hub.Now().UTC().Round(0), r.conn.zone
	return nil
}

var errStranger = errors.New("too many messages without a login")

// at takes the time and the zone of a transaction.
func (r *request) at(t *hubserver.Turn) {
	r.now, r.zone = t.Now, t.Rules.Location(r.Library)
	r.conn.zone = r.zone
}

// look runs fn in a transaction that reads.
func (r *request) look(ctx context.Context, fn func(*hubserver.Turn) error) error {
	return r.server.Hub.Look(ctx, func(t *hubserver.Turn) error {
		r.at(t)
		return fn(t)
	})
}

// change runs fn in a transaction that writes. kept says that all of it is durable. Where
// it is not, nothing was done, unless there is an error: then nobody knows.
func (r *request) change(ctx context.Context, fn func(*hubserver.Turn) error) (kept bool, err error) {
	ran := false
	err = r.server.Hub.Here(ctx, func(t *hubserver.Turn) error {
		ran = false
		r.at(t)
		if err := fn(t); err != nil {
			return err
		}
		ran = true
		return nil
	})
	r.server.troubled.Store(err != nil)
	switch {
	case err == nil:
		return true, nil
	case ran && !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EFBIG):
		return false, err
	}
	r.verdict = "failed"
	r.server.log.ErrorContext(ctx, "sip2: not done", "terminal", string(r.Desk), "message", string(r.m.Code), "why", err.Error())
	return false, nil
}

// through is [request.change] for what is answered with a yes or a no: where nothing was
// kept it is a no.
func (r *request) through(ctx context.Context, refuse func(why string), fn func(*hubserver.Turn) error) error {
	kept, err := r.change(ctx, fn)
	if err == nil && !kept {
		refuse(r.word(words.Sip2Unavailable))
		r.verdict = "failed"
	}
	return err
}

// tell keeps what has happened, and notes what stood against it.
func (r *request) tell(ctx context.Context, t *hubserver.Turn, a circ.Act, told []circ.Event) (journal.Receipt, error) {
	j, err := t.Tell(ctx, a, told, r.Rights)
	if err != nil {
		return journal.Receipt{}, err
	}
	if err := t.Keep(ctx, j); err != nil {
		return journal.Receipt{}, err
	}
	for _, m := range j.Receipt.Objections {
		r.reasons = append(r.reasons, m.Reason)
	}
	return j.Receipt, nil
}

// act makes an act of the terminal.
func (r *request) act(t *hubserver.Turn, id circ.EntryID, c circ.Command) circ.Act {
	return circ.Act{
		ID: id, Desk: r.Desk, Library: r.Library, Operator: circ.OperatorID(terminalHand + string(r.Desk)), At: t.Now, Zone: r.zone.String(), Command: c, Over: r.Yes,
	}
}

// longestCode bounds what is looked up, in bytes.
const longestCode = 200

// code gives the first field of a tag as what is looked up: outer blanks do not count.
func (r *request) code(tag sipwire.Tag) string {
	s := strings.Trim(r.form.First(&r.m, tag), " ")
	if len(s) > longestCode || strings.ContainsFunc(s, func(c rune) bool { return c < ' ' }) {
		return ""
	}
	return s
}

// text gives the first field of a tag as one clean line.
func (r *request) text(tag sipwire.Tag) string {
	return text.Clean(r.form.First(&r.m, tag), longest)
}

// says reports whether a field is Y.
func (r *request) says(tag sipwire.Tag) bool {
	yes, ok := r.m.FlagField(tag)
	return ok && yes
}

// flag reports whether a fixed part is Y. The byte is compared, as it stands.
func (r *request) flag(p sipwire.Part) bool {
	yes, ok := r.m.Flag(p)
	return ok && yes
}

// date gives a fixed part as an instant; zero: none, or none that can be read.
func (r *request) date(p sipwire.Part) time.Time {
	at, err := r.m.Date(p, r.zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// reply begins an answer that has a transaction date.
func (r *request) reply(code sipwire.Code) *sipwire.Builder {
	return r.form.Build(code).Date(sipwire.TransactionDate, r.now, r.zone)
}

// echo adds a field as the request has it, empty where it has none.
func (r *request) echo(b *sipwire.Builder, tag sipwire.Tag) {
	v, _ := r.m.First(tag)
	b.FieldBytes(tag, v)
}

// institution adds AO.
func (r *request) institution(b *sipwire.Builder) { b.Field(sipwire.Institution, r.Institution.ID) }

// show adds a text for the screen.
func (r *request) show(b *sipwire.Builder, texts ...string) {
	for _, s := range texts {
		if s != "" {
			b.Field(sipwire.ScreenMessage, s)
		}
	}
}

// stopped says why the terminal may not do it; empty: it may.
func (r *request) stopped(p Power) string {
	if r.may(p) {
		return ""
	}
	r.verdict = refused
	return r.word(words.Sip2NotHere)
}

func (r *request) word(k words.Key, args ...string) string { return r.server.Words.Text(k, args...) }

// names says what a terminal's texts may name: places, and no people.
func (r *request) names(rules *policy.Set) words.Names {
	return words.Names{
		Library: rules.LibraryName, Zone: r.zone, Now: r.now, Currency: rules.Currency(),
		Location: rules.LocationName,
		Desk:     func(d circ.DeskID) string { return rules.DeskName(policy.DeskID(d)) },
	}
}

// why says reasons in one line, without what staff have written about a person.
func (r *request) why(rules *policy.Set, remarks []circ.Remark) string {
	var all []string
	for _, m := range remarks {
		r.reasons = append(r.reasons, m.Reason)
		switch m.Reason {
		case circ.PatronBlocked, circ.ItemNote, circ.ItemAlert, circ.PatronAlert, circ.UnknownPatron, circ.UnknownItem, circ.CardIsLost:
			m.Text = ""
		}
		if s := r.server.Words.Reason(m, r.names(rules)); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return r.server.Words.Reasons(all...)
}

// against gives what stands in the way of a decision.
func against(d circ.Decision) []circ.Remark { return append(slices.Clone(d.Refused), d.Ask...) }

// due writes a due date as the terminal wants it.
func (r *request) due(rules *policy.Set, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	switch r.DueAs {
	case DueISO:
		return at.In(r.zone).Format(time.DateTime)
	case DueWords:
		return r.server.Words.Due(at, r.names(rules))
	}
	return string(sipwire.AppendDate(nil, at, r.zone))
}

// title gives the title of an item.
func title(ctx context.Context, t *hubserver.Turn, it circ.Item) (circ.Title, error) {
	if it.Title == "" {
		return circ.Title{}, nil
	}
	return row[circ.Title](ctx, t, circ.KindTitle, string(it.Title))
}

// row reads one record; the zero record where there is none.
func row[R circ.Row](ctx context.Context, t *hubserver.Turn, k circ.Kind, id string) (r R, err error) {
	if id == "" {
		return r, nil
	}
	rows, err := t.Read(ctx, []circ.Want{circ.ByKey(k, id)})
	if err != nil {
		return r, err
	}
	for _, one := range rows[0] {
		r, _ = one.(R)
	}
	return r, nil
}
