package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"circdesk/desk/central/hub"
	"circdesk/desk/central/sip2/probe"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/words"
)

// probing is what the command line says.
type probing struct {
	probe.Config
	tls        bool
	ca, server string
	json       bool
}

func (p *program) sip2ProbeCommand() *cobra.Command {
	var g probing
	c := &cobra.Command{
		Use: "probe ADDRESS", Short: "which SIP2 a library system speaks, and the settings for it", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Talks to a library system at HOST:PORT (6001 where no port is named) and says what it is: which
messages it answers and how fast, with and without checksums, how it ends a message, its
character set, which of the known profiles fits it and by which signs; and prints the lines for
desk.toml.

It says only what changes nothing: login, status, patron status, patron information, item
information, and the request to say the last answer again. No PIN is sent. With --patron and
--item, a card and a barcode of the library, more can be told than with numbers that nobody
has: the character set (give a patron whose name has an accent, and the name with --name), the
form of due dates (give an item that is on loan), the fields of its own.

With --login the password is asked for, or read from standard input.`,
		RunE: func(c *cobra.Command, args []string) error {
			g.Address = withPort(args[0])
			return p.probe(c.Context(), g)
		},
	}
	f := c.Flags()
	f.BoolVar(&g.tls, "tls", false, "speak TLS")
	f.StringVar(&g.ca, "ca", "", "a file with the certificates to trust (PEM); without it those of the machine")
	f.StringVar(&g.server, "server-name", "", "the name in the certificate, where it is not the host's")
	f.StringVar(&g.User, "login", "", "the user to sign in as")
	f.StringVar(&g.Location, "location", "", "where the terminal stands, as the login names it (CP)")
	f.StringVar(&g.Institution, "institution", "", "the institution's code (AO); without it what the system says")
	f.StringVar(&g.Terminal, "terminal", "", "the terminal's password or desk (AC)")
	f.StringVar(&g.Patron, "patron", "", "a card to ask about")
	f.StringVar(&g.Item, "item", "", "a barcode to ask about")
	f.StringVar(&g.Name, "name", "", "the patron's name as it is right")
	f.DurationVar(&g.Answer, "wait", 12*time.Second, "how long an answer may take")
	f.BoolVar(&g.json, "json", false, "one object")
	return c
}

// sip2Port is where systems listen for SIP2 as a rule.
const sip2Port = "6001"

func withPort(address string) string {
	if _, _, err := net.SplitHostPort(address); err == nil {
		return address
	}
	return net.JoinHostPort(strings.Trim(address, "[]"), sip2Port)
}

func (p *program) probe(ctx context.Context, g probing) error {
	var err error
	if g.TLS, err = g.secure(); err != nil {
		return err
	}
	if g.Answer <= 0 {
		return usage{errors.New("--wait: a time like 12s")}
	}
	if g.User != "" {
		if g.Password, err = p.readSecret(p.words.Text(words.Sip2Password)); err != nil {
			return err
		}
	}
	r, err := probe.Run(ctx, g.Config)
	if err != nil {
		return p.notProbed(g, err)
	}
	if g.json {
		return writeJSON(p.out, probedOf(r))
	}
	return p.sayProbed(g, r)
}

// secure gives what is needed to speak TLS, nil: in the clear.
func (g probing) secure() (*tls.Config, error) {
	if !g.tls {
		if g.ca != "" || g.server != "" {
			return nil, usage{errors.New("--ca and --server-name go with --tls")}
		}
		return nil, nil
	}
	c, err := trusting(g.ca)
	if err != nil {
		return nil, err
	}
	if c.ServerName = g.server; g.server == "" {
		c.ServerName, _, _ = net.SplitHostPort(g.Address)
	}
	return c, nil
}

// notProbed says why a system cannot be told of, and the way out.
func (p *program) notProbed(g probing, err error) error {
	bad, ok := errors.AsType[*probe.Error](err)
	if !ok {
		return err
	}
	if g.json {
		if err := writeJSON(p.out, probed{Address: bad.Address, Trouble: string(bad.Err), What: bad.What}); err != nil {
			return err
		}
	}
	return told{[]string{p.words.SIPTrouble(string(bad.Err), "address", bad.Address, "what", bad.What)}, exitFailed}
}

// sayProbed says a report for people.
func (p *program) sayProbed(g probing, r probe.Report) error {
	w := p.words
	var lines []string
	add := func(key words.Key, args ...string) { lines = append(lines, w.Text(key, args...)) }
	add(words.Sip2Is, "address", r.Address, "library", r.Library, "institution", r.Institution, "version", r.Version, "says", r.Says)
	if !r.Online {
		add(words.Sip2Offline)
	}
	for _, t := range r.Tried {
		lines = append(lines, p.tried(t))
	}
	if r.SaysTakes {
		if no := lacking(r.Takes); len(no) > 0 {
			add(words.Sip2Lacks, "messages", w.List(no...))
		}
	}
	if r.WantsLogin {
		add(words.Sip2WantsLogin)
	}
	add(words.Sip2Ends, "terminator", terminatorName(r.Terminator))
	switch {
	case r.Charset == sipwire.ASCII:
		add(words.Sip2CharsetOpen)
	case r.Sure:
		add(words.Sip2Charset, "charset", r.Charset.String())
	default:
		add(words.Sip2CharsetGuess, "charset", r.Charset.String())
	}
	switch {
	case r.DueText == "":
		add(words.Sip2DueOpen)
	case !r.DueKnown:
		add(words.Sip2DueOdd, "due", r.DueText)
	}
	if r.HasClock && r.Clock.Abs() > time.Minute {
		add(words.Sip2Clock, "off", r.Clock.Round(time.Second).String())
	}
	add(words.Sip2Speed, "connect", shortly(r.Connect), "median", shortly(r.Median), "slowest", shortly(r.Slowest), "replay", r.Replay(10_000).Round(time.Second).String())
	for _, f := range r.Fits {
		var why []string
		for _, s := range f.Why {
			why = append(why, w.SIPSign(string(s)))
		}
		add(words.Sip2Fits, "profile", f.Profile, "why", w.Reasons(why...))
	}
	if len(r.Fits) == 1 {
		add(words.Sip2Nothing)
	}
	table, err := toml.Marshal(struct {
		SIP2 sip2Settings `toml:"sip2"`
	}{settingsOf(g, r)})
	if err != nil {
		return err
	}
	add(words.Sip2WriteIt)
	_, err = fmt.Fprintf(p.out, "%s\n%s", strings.Join(lines, "\n"), table)
	return err
}

// tried says what came of one message.
func (p *program) tried(t probe.Tried) string {
	name := ""
	if spec, ok := sipwire.Lookup(t.Code); ok {
		name = spec.Name
	}
	how := ""
	if t.How != "" {
		how = p.words.SIPManner(string(t.How))
	}
	took := ""
	if t.Result == probe.Answered {
		took = shortly(t.Took)
	}
	return p.words.Text(words.Sip2Tried, "code", string(t.Code), "name", name, "how", how, "result", p.words.SIPResult(string(t.Result)), "took", took)
}

// lacking are the messages that a system denies to take, by name.
func lacking(s sipwire.Services) []string {
	var no []string
	for _, row := range []struct {
		service sipwire.Services
		code    sipwire.Code
	}{
		{sipwire.TakesPatronStatus, sipwire.PatronStatusRequest}, {sipwire.TakesCheckout, sipwire.Checkout},
		{sipwire.TakesCheckin, sipwire.Checkin}, {sipwire.TakesBlockPatron, sipwire.BlockPatron},
		{sipwire.TakesStatus, sipwire.TerminalStatus}, {sipwire.TakesResend, sipwire.RequestSystemResend},
		{sipwire.TakesLogin, sipwire.Login}, {sipwire.TakesPatronInformation, sipwire.PatronInformation},
		{sipwire.TakesEndSession, sipwire.EndSession}, {sipwire.TakesFeePaid, sipwire.FeePaid},
		{sipwire.TakesItemInformation, sipwire.ItemInformation}, {sipwire.TakesItemStatusUpdate, sipwire.ItemStatusUpdate},
		{sipwire.TakesPatronEnable, sipwire.PatronEnable}, {sipwire.TakesHold, sipwire.Hold},
		{sipwire.TakesRenew, sipwire.Renew}, {sipwire.TakesRenewAll, sipwire.RenewAll},
	} {
		if spec, ok := sipwire.Lookup(row.code); ok && s&row.service == 0 {
			no = append(no, spec.Name)
		}
	}
	return no
}

// shortly writes a time with as much of it as matters.
func shortly(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

func terminatorName(s string) string {
	return strings.NewReplacer("\r", "CR", "\n", "LF").Replace(s)
}

// sip2Settings are the lines for desk.toml, as [folder.SIP2] reads them.
type sip2Settings struct {
	Address     string   `toml:"address"`
	TLS         bool     `toml:"tls,omitempty"`
	Plain       bool     `toml:"plain,omitempty" comment:"without TLS to another machine: whoever sees that network sees the patrons and the password"`
	CAFile      string   `toml:"ca_file,omitempty"`
	Profile     string   `toml:"profile"`
	User        string   `toml:"user,omitempty"`
	Location    string   `toml:"location,omitempty"`
	Institution string   `toml:"institution,omitempty"`
	Terminal    string   `toml:"terminal,omitempty"`
	Charset     string   `toml:"charset,omitempty"`
	NoChecksums bool     `toml:"no_checksums,omitempty"`
	Connections int      `toml:"connections"`
	Dates       []string `toml:"dates,omitempty"`
}

func settingsOf(g probing, r probe.Report) sip2Settings {
	host, _, _ := net.SplitHostPort(r.Address)
	s := sip2Settings{
		Address: r.Address, TLS: r.TLS, Plain: !r.TLS && !hub.Here(host), CAFile: g.ca, Profile: r.Profile.Name, User: g.User,
		Location: g.Location, Institution: cmp.Or(g.Institution, r.Institution), Terminal: g.Terminal,
		NoChecksums: !r.Profile.Detect, Connections: r.Profile.Connections,
	}
	if r.Charset != sipwire.ASCII {
		s.Charset = r.Charset.String()
	}
	if r.DueLayout != "" {
		s.Dates = []string{r.DueLayout}
	}
	return s
}

// probed is a report in JSON. Its names are for scripts: never renamed.
type probed struct {
	Address     string      `json:"address"`
	Trouble     string      `json:"trouble,omitempty"` // a [probe.Trouble]; then nothing else is told
	What        string      `json:"what,omitempty"`
	TLS         bool        `json:"tls,omitempty"`
	Online      bool        `json:"online,omitempty"`
	Offline     bool        `json:"takes_offline,omitempty"`
	Version     string      `json:"version,omitempty"`
	Institution string      `json:"institution,omitempty"`
	Library     string      `json:"library,omitempty"`
	Says        string      `json:"says,omitempty"`
	Tried       []probedTry `json:"tried,omitempty"`
	WantsLogin  bool        `json:"wants_login,omitempty"`
	Lacks       []string    `json:"lacks,omitempty"`
	Terminator  string      `json:"terminator,omitempty"`
	Checksums   bool        `json:"checksums,omitempty"`
	Charset     string      `json:"charset,omitempty"`
	Sure        bool        `json:"charset_sure,omitempty"`
	Due         string      `json:"due,omitempty"`
	DueKnown    bool        `json:"due_known,omitempty"`
	Clock       int64       `json:"clock_off_s,omitempty"`
	Connect     float64     `json:"connect_ms,omitempty"`
	Median      float64     `json:"median_ms,omitempty"`
	Slowest     float64     `json:"slowest_ms,omitempty"`
	Fits        []probedFit `json:"fits,omitempty"`
	Connections int         `json:"connections,omitempty"`
}

type probedTry struct {
	Code   string  `json:"code"`
	How    string  `json:"how,omitempty"`
	Result string  `json:"result"`
	Took   float64 `json:"took_ms,omitempty"`
}

type probedFit struct {
	Profile string   `json:"profile"`
	Points  int      `json:"points"`
	Why     []string `json:"why,omitempty"`
}

func probedOf(r probe.Report) probed {
	ms := func(d time.Duration) float64 {
		f, _ := strconv.ParseFloat(fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond)), 64)
		return f
	}
	o := probed{
		Address: r.Address, TLS: r.TLS, Online: r.Online, Offline: r.Offline, Version: r.Version, Institution: r.Institution,
		Library: r.Library, Says: r.Says, WantsLogin: r.WantsLogin, Terminator: terminatorName(r.Terminator), Checksums: r.Sums, Charset: r.Charset.String(),
		Sure: r.Sure, Due: r.DueText, DueKnown: r.DueKnown, Clock: int64(r.Clock.Seconds()), Connect: ms(r.Connect),
		Median: ms(r.Median), Slowest: ms(r.Slowest), Connections: r.Profile.Connections,
	}
	if r.SaysTakes {
		o.Lacks = lacking(r.Takes)
	}
	for _, t := range r.Tried {
		o.Tried = append(o.Tried, probedTry{string(t.Code), string(t.How), string(t.Result), ms(t.Took)})
	}
	for _, f := range r.Fits {
		fit := probedFit{Profile: f.Profile, Points: f.Points}
		for _, s := range f.Why {
			fit.Why = append(fit.Why, string(s))
		}
		o.Fits = append(o.Fits, fit)
	}
	return o
}
