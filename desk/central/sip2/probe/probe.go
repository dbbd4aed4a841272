package probe

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"circdesk/desk/central/sip2"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/text"
)

// Config says what is asked, and as whom. Address is needed.
type Config struct {
	Address     string      // host:port
	TLS         *tls.Config // nil: in the clear
	User        string      // "": no login is tried
	Password    string
	Location    string // CP
	Institution string // AO; "": as the system says
	Terminal    string // AC
	// Patron and Item are what is asked about; "": numbers that nobody has. With real
	// ones more can be told: the character set, the dates, the fields.
	Patron, Item string
	Name         string        // the patron's, as it is right; "": the character set is judged by its bytes
	Answer       time.Duration // how long an answer may take; 0: 12 s
	Now          func() time.Time
	Zone         *time.Location // the library's; nil: the machine's
	// Dial makes a connection; nil: a net.Dialer does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// What is asked about where nobody is named. No library has such numbers.
const (
	noPatron = "circdesk-probe-patron"
	noItem   = "circdesk-probe-item"
)

// answerTime: a system that is busy takes a connection and answers the login
// seconds later.
const answerTime = 12 * time.Second

// Trouble is why a system cannot be told of. They stand in JSON and are never
// renamed.
type Trouble string

// The troubles.
const (
	ErrClosed   Trouble = "nothing_listens"
	ErrNoHost   Trouble = "no_such_host"
	ErrUnheard  Trouble = "host_does_not_answer"
	ErrNotSIP   Trouble = "no_sip2"
	ErrSilent   Trouble = "silent"      // it takes the connection and says nothing
	ErrDropped  Trouble = "hangs_up"    // without an answer, whoever asks
	ErrWantsTLS Trouble = "wants_tls"   // it speaks TLS, and was not asked to
	ErrNoTLS    Trouble = "no_tls"      // it was asked to speak TLS
	ErrTrust    Trouble = "no_trust"    // its certificate is not trusted
	ErrLogin    Trouble = "bad_login"   // it refuses the login
	ErrNoLogin  Trouble = "wants_login" // it hangs up on who has not signed in
)

func (t Trouble) Error() string { return strings.ReplaceAll(string(t), "_", " ") }

// Error is why a probe ended before much could be told.
type Error struct {
	Address string
	Err     Trouble
	What    string // what came, or what was wrong in the machine's words; "": nothing to add
}

func (e *Error) Error() string {
	if e.What == "" {
		return fmt.Sprintf("probe %s: %v", e.Address, e.Err)
	}
	return fmt.Sprintf("probe %s: %v: %s", e.Address, e.Err, e.What)
}

// Unwrap gives which it is.
func (e *Error) Unwrap() error { return e.Err }

// Result is what came of one message.
type Result string

// The results. They stand in JSON and are never renamed.
const (
	Answered Result = "answered"
	Again    Result = "asked_again" // a 96
	Silence  Result = "silence"
	HungUp   Result = "hung_up"
	Plain    Result = "plain_text" // what came is no SIP2
	Other    Result = "other"      // another message, or one that is not as the protocol has it
)

// Tried is one message that was said.
type Tried struct {
	Code   sipwire.Code
	How    Manner
	Result Result
	Took   time.Duration
}

// Manner is how a message was said otherwise than the desk would say it. They
// stand in JSON and are never renamed.
type Manner string

// The manners; "" is as the desk would.
const (
	BeforeLogin Manner = "before_login"
	NoChecksum  Manner = "no_checksum"
	BadChecksum Manner = "bad_checksum"
	WithCRLF    Manner = "crlf"
	OnSecond    Manner = "second_connection"
)

// Report is what a probe found.
type Report struct {
	Address string
	TLS     bool

	Online      bool
	Offline     bool // it promises to take what has happened while it was away
	Version     string
	Institution string
	Library     string
	Says        string
	Timeout     time.Duration // that it wants to be given; 0: it does not say
	Clock       time.Duration // how far its clock is before ours
	HasClock    bool
	Takes       sipwire.Services // by its own word
	SaysTakes   bool             // it has said so

	Tried      []Tried
	WantsLogin bool   // without a login it answered its status, and nothing else that was asked
	Terminator string // "\r", "\r\n" or "\n"
	Sums       bool   // its answers are numbered and summed as ours are
	Charset    sipwire.Charset
	Sure       bool // of the character set
	Accents    bool // they stand behind their letters
	Pipes      bool // a delimiter in a text is an entity
	DueText    string
	DueLayout  string // as package time has it, where the settings have to say it; "": they need not, or it is open
	DueKnown   bool   // the due date can be read

	Connect, Login, Median, Slowest time.Duration

	Fits    []Fit // the best first; the last is the plain one, which always does
	Profile sip2.Profile
}

// Fit is a profile that fits, and why.
type Fit struct {
	Profile string
	Points  int
	Why     []Sign
}

// Run probes a system. An error is an *[Error], or that of ctx.
func Run(ctx context.Context, c Config) (Report, error) {
	if c.Answer == 0 {
		c.Answer = answerTime
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Zone == nil {
		c.Zone = time.Local
	}
	p := &probe{Config: c, signs: make(map[Sign]bool)}
	p.report = Report{Address: c.Address, TLS: c.TLS != nil}
	err := p.run(ctx)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return p.report, err
}

// probe is one run.
type probe struct {
	Config
	report Report
	raw    [][]byte // all that came, for the character set
	signs  map[Sign]bool
	talk   *talk // the connection in use; nil: none
}

func (p *probe) fail(why Trouble, what string) error {
	return &Error{p.Address, why, text.Clean(what, 200)}
}

func (p *probe) run(ctx context.Context) error {
	if err := p.first(ctx); err != nil {
		return err
	}
	defer p.hangUp()
	p.ask(ctx, sipwire.PatronStatusRequest, "")
	p.ask(ctx, sipwire.PatronInformation, "")
	p.ask(ctx, sipwire.ItemInformation, "")
	p.ask(ctx, sipwire.RequestSystemResend, "")
	p.ask(ctx, sipwire.TerminalStatus, NoChecksum)
	p.ask(ctx, sipwire.TerminalStatus, BadChecksum)
	p.ask(ctx, sipwire.TerminalStatus, WithCRLF)
	p.second(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	p.conclude()
	return nil
}

// first finds out whether there is a system at all, and signs in.
func (p *probe) first(ctx context.Context) error {
	t, err := p.connect(ctx)
	if err != nil {
		return err
	}
	p.talk = t
	how := BeforeLogin
	if p.User == "" {
		how = ""
	}
	answer := p.say(ctx, t, sipwire.TerminalStatus, how)
	if err := p.alien(ctx, answer); err != nil {
		p.hangUp()
		return err
	}
	if p.User == "" {
		if answer.result != Answered {
			p.hangUp()
			return p.unanswered(ctx, answer)
		}
		p.status(answer)
		return nil
	}
	if answer.result != Answered {
		p.hangUp()
		if p.talk, err = p.connect(ctx); err != nil {
			return err
		}
		p.sign(answer.result == HungUp, DropsStrangers)
	} else {
		p.sign(true, StatusFirst)
	}
	return p.signIn(ctx)
}

// unanswered says why a first message has no answer.
func (p *probe) unanswered(ctx context.Context, a answer) error {
	switch a.result {
	case HungUp:
		if p.TLS == nil && p.speaksTLS(ctx) {
			return p.fail(ErrWantsTLS, "")
		}
		if p.User == "" {
			return p.fail(ErrNoLogin, "")
		}
		return p.fail(ErrDropped, "")
	case Silence:
		return p.fail(ErrSilent, "")
	}
	return p.fail(ErrNotSIP, string(a.bytes))
}

// alien says what something is that speaks no SIP2; nil: it may be a system.
func (p *probe) alien(ctx context.Context, a answer) error {
	if a.result != Silence && a.result != Plain {
		return nil
	}
	b := a.bytes
	if a.result == Silence {
		b = p.talk.nudge(p.Answer)
	}
	switch {
	case len(b) == 0:
		return nil
	case b[0] == 0x15 || b[0] == 0x16:
		return p.fail(ErrWantsTLS, "")
	case isSIP(b):
		return nil
	}
	return p.fail(ErrNotSIP, string(b))
}

// signIn says the login and asks for the status.
func (p *probe) signIn(ctx context.Context) error {
	in := p.say(ctx, p.talk, sipwire.Login, "")
	p.report.Login = in.took
	if in.result != Answered {
		p.hangUp()
		return p.unanswered(ctx, in)
	}
	if ok, _ := in.message.Flag(sipwire.OK); !ok {
		p.hangUp()
		return p.fail(ErrLogin, "")
	}
	st := p.say(ctx, p.talk, sipwire.TerminalStatus, "")
	if st.result != Answered {
		p.hangUp()
		return p.unanswered(ctx, st)
	}
	p.status(st)
	return nil
}

// ask says a message, on a new connection where the last one has ended.
func (p *probe) ask(ctx context.Context, code sipwire.Code, how Manner) {
	if ctx.Err() != nil {
		return
	}
	if p.talk == nil {
		t, err := p.connect(ctx)
		if err != nil {
			return
		}
		p.talk = t
		if p.User != "" && p.say(ctx, t, sipwire.Login, "").result != Answered {
			p.hangUp()
			return
		}
	}
	a := p.say(ctx, p.talk, code, how)
	p.look(code, how, a)
	if a.result == HungUp || a.result == Silence || a.result == Plain {
		p.hangUp()
	}
}

// second finds out whether a second connection is answered beside the first.
func (p *probe) second(ctx context.Context) {
	if p.talk == nil || ctx.Err() != nil {
		return
	}
	t, err := p.connect(ctx)
	if err != nil {
		return
	}
	defer t.close()
	code := sipwire.TerminalStatus
	if p.User != "" {
		code = sipwire.Login
	}
	p.say(ctx, t, code, OnSecond)
}

func (p *probe) hangUp() {
	if p.talk != nil {
		p.talk.close()
		p.talk = nil
	}
}

// say says one message and notes what came of it.
func (p *probe) say(ctx context.Context, t *talk, code sipwire.Code, how Manner) answer {
	a := t.say(ctx, p.message(code), how, p.Answer)
	if a.result == Other && a.message.Code == sipwire.SystemStatus { // it announces something, and wants to be asked again
		a = t.say(ctx, p.message(code), how, p.Answer)
	}
	p.report.Tried = append(p.report.Tried, Tried{code, how, a.result, a.took})
	if len(a.bytes) > 0 {
		p.raw = append(p.raw, a.bytes)
	}
	if a.terminator != "" {
		p.report.Terminator = a.terminator
	}
	return a
}

// status notes what a system says of itself.
func (p *probe) status(a answer) {
	m, r := a.message, &p.report
	form := sipwire.Form{Charset: sipwire.UTF8}
	r.Online, _ = m.Flag(sipwire.Online)
	r.Offline, _ = m.Flag(sipwire.OfflineOK)
	if v, ok := m.Part(sipwire.ProtocolVersion); ok {
		r.Version = text.Clean(string(v), 4)
	}
	if n, ok := m.Count(sipwire.TimeoutPeriod); ok && n != sipwire.Unknown && n != sipwire.OfflineTimeout {
		r.Timeout = time.Duration(n) * time.Second / 10
	}
	r.Institution = text.Clean(form.First(&m, sipwire.Institution), 100)
	r.Library = text.Clean(form.First(&m, sipwire.LibraryName), 100)
	r.Says = text.Clean(form.First(&m, sipwire.ScreenMessage), 200)
	if now, err := m.Date(sipwire.DateTimeSync, p.Zone); err == nil && !now.IsZero() {
		r.Clock, r.HasClock = now.Sub(p.Now()), true
	}
	if b, ok := m.First(sipwire.SupportedMessages); ok {
		r.Takes, r.SaysTakes = sipwire.Supported(b), true
	}
	_, sealed := m.Number()
	r.Sums = sealed && m.Check() == sipwire.Intact
	p.lookStatus(&m)
}

// message is what is said for a code. It changes nothing: the list is closed.
func (p *probe) message(code sipwire.Code) sipwire.Message {
	form := sipwire.Form{Charset: sipwire.UTF8}
	ao := p.Institution
	if ao == "" {
		ao = p.report.Institution
	}
	b := form.Build(code)
	date := func() *sipwire.Builder {
		b.Date(sipwire.TransactionDate, p.Now(), p.Zone).Field(sipwire.Institution, ao)
		if p.Terminal != "" {
			b.Field(sipwire.TerminalPassword, p.Terminal)
		}
		return b
	}
	patron, item := p.Patron, p.Item
	if patron == "" {
		patron = noPatron
	}
	if item == "" {
		item = noItem
	}
	switch code {
	case sipwire.Login:
		b.Set(sipwire.UIDAlgorithm, "0").Set(sipwire.PasswordAlgorithm, "0").Field(sipwire.LoginUser, p.User).Field(sipwire.LoginPassword, p.Password)
		if p.Location != "" {
			b.Field(sipwire.LoginLocation, p.Location)
		}
	case sipwire.TerminalStatus:
		b.Set(sipwire.StatusCode, string(sipwire.TerminalOK)).Count(sipwire.PrintWidth, 80).Set(sipwire.ProtocolVersion, "2.00")
	case sipwire.PatronStatusRequest:
		date().Set(sipwire.Language, "000").Field(sipwire.PatronID, patron).Field(sipwire.PatronPassword, "")
	case sipwire.PatronInformation:
		date().Set(sipwire.Language, "000").List(sipwire.ChargedList).Field(sipwire.PatronID, patron)
	case sipwire.ItemInformation:
		date().Field(sipwire.ItemID, item)
	case sipwire.RequestSystemResend:
	default:
		panic("a probe does not say " + string(code))
	}
	m, err := b.Message()
	if err != nil { // an institution or a number that is none: it is sent as it can be
		m = sipwire.Message{Code: code}
	}
	return m
}

// took are how long the answers took, but for logins, which are slow elsewhere.
func (r *Report) took() []time.Duration {
	var all []time.Duration
	for _, t := range r.Tried {
		if t.Result == Answered && t.Code != sipwire.Login {
			all = append(all, t.Took)
		}
	}
	slices.Sort(all)
	return all
}
