package sipserver

import (
	"context"
	"slices"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/words"
)

// version is that of the protocol that is spoken here.
const version = "2.00"

// What a terminal is to do when no answer comes.
const (
	waitTenths = 120 // tenths of a second
	waitTries  = 3
)

// status answers 99. Before a login it says what a terminal can have here; after it, what
// this one has.
func (r *request) status(ctx context.Context) (*sipwire.Builder, error) {
	at := r.Institution
	may := func(p Power) bool { return r.may(p) }
	if r.conn.term == nil {
		if len(r.settings.Institutions) > 0 {
			at = r.settings.Institutions[0]
		}
		may = func(p Power) bool {
			return slices.ContainsFunc(r.settings.Terminals, func(x Terminal) bool { return x.may(p) })
		}
	}
	name := at.Name
	if err := r.look(ctx, func(t *hubserver.Turn) error {
		if name == "" {
			name = t.Rules.LibraryName(at.Library)
		}
		r.zone = t.Rules.Location(at.Library)
		return nil
	}); err != nil {
		return nil, err
	}
	v, _ := r.m.Part(sipwire.ProtocolVersion)
	spoken := len(v) == 4 && (v[0] == '2' || v[0] == '1' || v[0] == ' ')
	online := spoken && !r.server.troubled.Load()
	b := r.form.Build(sipwire.SystemStatus).
		Flag(sipwire.Online, online).Flag(sipwire.CheckinOK, may(MayCheckIn)).Flag(sipwire.CheckoutOK, may(MayCheckOut)).
		Flag(sipwire.RenewalAllowed, may(MayRenew)).Flag(sipwire.StatusUpdateOK, may(MayUpdate)).Flag(sipwire.OfflineOK, may(MayOffline)).
		Count(sipwire.TimeoutPeriod, waitTenths).Count(sipwire.RetriesAllowed, waitTries).
		Date(sipwire.DateTimeSync, r.now, r.zone).Set(sipwire.ProtocolVersion, version).
		Field(sipwire.Institution, at.ID).Field(sipwire.LibraryName, name).
		Field(sipwire.SupportedMessages, string(r.server.services(may).Append(nil)))
	if r.conn.term != nil {
		b.Field(sipwire.TerminalLocation, r.place())
	}
	if !spoken {
		r.show(b, r.word(words.Sip2Version))
	}
	return b, nil
}

// place gives how a terminal is called.
func (x *Terminal) place() string {
	if x.Name != "" {
		return x.Name
	}
	return string(x.Desk)
}

// services gives what works with some powers.
func (s *Server) services(may func(Power) bool) sipwire.Services {
	all := sipwire.TakesStatus | sipwire.TakesResend | sipwire.TakesLogin
	for _, h := range s.handlers {
		if h.needs == "" || may(h.needs) {
			all |= h.as
		}
	}
	return all
}
