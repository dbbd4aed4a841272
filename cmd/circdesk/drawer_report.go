package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// reporting is what of a drawer is reported, and how.
type reporting struct {
	drawer, receipt, csv string
	shift                int // 0: the last one
	asJSON               bool
	short                bool // without its movements
}

func (p *program) drawerReportCommand() *cobra.Command {
	var r reporting
	c := &cobra.Command{
		Use: "report", Short: "what a shift comes to, and every movement of it", Args: takesArgs(cobra.NoArgs),
		Long: `Reports, from what this desk knows, what a shift of its drawer comes to by method, what was counted,
and every movement of money in it: the last shift, or the one that --shift names. --receipt finds what
was taken or given back under the number of a receipt, of any desk.

--csv writes a file for the accounts: a line a movement, then the sums. The patron stands there by
id, never by name. Amounts are plain, with a point, and in minor units; times are the library's and
UTC. "-" is the output.

The exit code is 0, or 4 when something of the shift is not delivered to the central system yet:
what other desks took may be missing then, too.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.drawerReport(c.Context(), r) },
	}
	p.dataFlag(c)
	c.Flags().StringVar(&r.drawer, "drawer", "", "another drawer of this library, by `name`")
	c.Flags().IntVar(&r.shift, "shift", 0, "the `number` of a shift")
	c.Flags().StringVar(&r.receipt, "receipt", "", "the `number` of a receipt")
	c.Flags().StringVar(&r.csv, "csv", "", "write it to a `file` for the accounts")
	c.Flags().BoolVar(&r.asJSON, "json", false, "one object a line")
	c.MarkFlagsMutuallyExclusive("receipt", "shift")
	c.MarkFlagsMutuallyExclusive("receipt", "csv")
	c.MarkFlagsMutuallyExclusive("csv", "json")
	return c
}

// drawerReport reports. A file is written here, whichever process knows what is to be
// in it.
func (p *program) drawerReport(ctx context.Context, r reporting) error {
	file := r.csv
	args := []string{"drawer", "report", "--drawer=" + r.drawer, "--shift=" + strconv.Itoa(r.shift)}
	switch {
	case file != "":
		args, r.csv = append(args, "--csv=-"), "-"
	case r.receipt != "":
		args = []string{"drawer", "report", "--receipt=" + r.receipt}
	}
	at := *p
	var b bytes.Buffer
	if file != "" && file != "-" {
		at.out = &b
	}
	err := at.atDesk(ctx, jsonArg(args, r.asJSON), deskFlags{}, func(ctx context.Context, st *station.Station) error {
		if r.receipt != "" {
			return at.reportReceipt(ctx, st, r)
		}
		return at.reportDrawer(ctx, st, r)
	})
	if b.Len() == 0 || err != nil && err != error(code(exitLeft)) {
		return err
	}
	if wrong := writeWhole(file, b.Bytes()); wrong != nil {
		return p.tell(exitFailed, words.AccountsNotWritten, "file", text.Clean(file, shown), "why", p.whyNotWritten(file, wrong))
	}
	return err
}

// moved is a movement of money in JSON. Its names are for scripts: never renamed.
type moved struct {
	Kind     string `json:"kind"` // "taken", "given_back"
	Receipt  string `json:"receipt,omitempty"`
	At       string `json:"at"`
	Method   string `json:"method,omitempty"`
	Amount   string `json:"amount"`       // below zero: it left the drawer
	Minor    int64  `json:"amount_minor"` // the same
	Currency string `json:"currency"`
	Patron   string `json:"patron,omitempty"` // the id
	Operator string `json:"operator,omitempty"`
	Desk     string `json:"desk,omitempty"`
	Shift    string `json:"shift,omitempty"`
	ToldIn   string `json:"told_in,omitempty"` // another shift, that was closed
	Late     bool   `json:"late,omitempty"`
	Waits    bool   `json:"waits,omitempty"`    // not delivered yet
	Unbooked bool   `json:"unbooked,omitempty"` // taken, not booked at the central system
}

func movedOf(m desk.Move, s circ.Shift) moved {
	in := m.In()
	v := moved{
		Kind: "taken", Receipt: string(m.Receipt), At: m.At.UTC().Format(time.RFC3339), Method: string(m.Method), Amount: in.Decimal(), Minor: in.Minor,
		Currency: in.Currency, Patron: string(m.Patron), Operator: string(m.Operator), Desk: string(m.Desk), Shift: string(m.Shift),
		ToldIn: string(m.Late), Late: m.LateIn(s), Waits: m.Waits, Unbooked: m.Unbooked,
	}
	if m.Kind == circ.GaveBack {
		v.Kind = "given_back"
	}
	return v
}

// drawn is a shift in JSON. Its names are for scripts: never renamed.
type drawn struct {
	Kind     string  `json:"kind"` // "shift"
	Drawer   string  `json:"drawer"`
	Shift    string  `json:"shift,omitempty"` // empty: it was never opened
	N        int     `json:"n,omitempty"`
	Opened   *stamp  `json:"opened,omitempty"`
	Closed   *stamp  `json:"closed,omitempty"`
	Why      string  `json:"why,omitempty"`
	Sums     []total `json:"sums,omitempty"`
	Next     int     `json:"next,omitempty"`     // movements that wait for the next shift
	Waits    int     `json:"waits,omitempty"`    // movements that are not delivered yet
	Unbooked int     `json:"unbooked,omitempty"` // movements that are taken, not booked at the central system
}

type stamp struct {
	At       string `json:"at"`
	Desk     string `json:"desk,omitempty"`
	Operator string `json:"operator,omitempty"`
}

type total struct {
	Method   string `json:"method"`
	Float    string `json:"float"`
	Taken    string `json:"taken"`
	Given    string `json:"given_back"`
	Late     string `json:"late"`
	Expected string `json:"expected"`
	Counted  string `json:"counted,omitempty"` // empty: it was not
	Over     string `json:"over,omitempty"`    // below zero: short
}

func stampOf(s circ.Stamp) *stamp {
	if s.At.IsZero() {
		return nil
	}
	return &stamp{s.At.UTC().Format(time.RFC3339), string(s.Desk), string(s.Operator)}
}

func drawnOf(d desk.Drawer) drawn {
	v := drawn{
		Kind: "shift", Drawer: d.Name, Shift: string(d.ID), N: d.N, Opened: stampOf(d.Opened), Closed: stampOf(d.Closed), Why: d.Text,
		Next: len(d.Early), Waits: d.Unsent, Unbooked: d.Unbooked,
	}
	for _, t := range d.Sums {
		of := func(minor int64) string { return d.Amount(minor).Decimal() }
		s := total{Method: string(t.Method), Float: of(t.Float), Taken: of(t.Taken), Given: of(t.Given), Late: of(t.Late), Expected: of(t.Expected)}
		if t.IsCount {
			s.Counted, s.Over = of(t.Counted), of(t.Over())
		}
		v.Sums = append(v.Sums, s)
	}
	return v
}

func (p *program) reportDrawer(ctx context.Context, st *station.Station, r reporting) error {
	id, err := p.drawerOf(st, r.drawer)
	if err != nil {
		return err
	}
	d, ok, err := desk.ReadDrawer(ctx, st.Desk, id, r.shift)
	switch {
	case err != nil:
		return err
	case !ok && r.shift != 0:
		return p.tell(exitFailed, words.RefusalNoSuchShift, "name", id.Name(), "n", strconv.Itoa(r.shift))
	}
	d.Name = id.Name()
	out := bufio.NewWriter(p.out)
	switch {
	case r.csv != "":
		err = writeAccounts(out, d, st.Desk.Policy().Location(st.Desk.Library))
	case r.asJSON:
		err = reportJSON(out, d, r.short)
	default:
		err = p.reportText(out, st, d, r.short)
	}
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if d.Unsent+d.Unbooked > 0 {
		return code(exitLeft)
	}
	return nil
}

func reportJSON(out *bufio.Writer, d desk.Drawer, short bool) error {
	if err := writeJSON(out, drawnOf(d)); err != nil || short {
		return err
	}
	for _, m := range d.Moves {
		if err := writeJSON(out, movedOf(m, d.Shift)); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) reportText(out io.Writer, st *station.Station, d desk.Drawer, short bool) error {
	n := desk.DrawerNames(st.Desk.Policy(), st.Desk.Library, st.Desk)
	lines := desk.DrawerLines(p.words, n, d)
	if !short {
		for _, m := range d.Moves {
			lines = append(lines, desk.MoveLine(p.words, n, m))
		}
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) reportReceipt(ctx context.Context, st *station.Station, r reporting) error {
	no := text.Clean(r.receipt, shown)
	moves, err := desk.ReadReceipt(ctx, st.Desk, circ.ReceiptNo(no))
	switch {
	case err != nil:
		return err
	case len(moves) == 0:
		return p.tell(exitFailed, words.RefusalNoSuchReceipt, "receipt", no)
	}
	out := bufio.NewWriter(p.out)
	n := desk.DrawerNames(st.Desk.Policy(), st.Desk.Library, st.Desk)
	for _, m := range moves {
		if r.asJSON {
			err = writeJSON(out, movedOf(m, circ.Shift{}))
		} else {
			_, err = fmt.Fprintln(out, desk.MoveLine(p.words, n, m))
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

// writeAccounts writes a shift for the accounts: a line a movement, then the sums.
func writeAccounts(out io.Writer, d desk.Drawer, zone *time.Location) error {
	table := newSheet(out)
	put := table.put
	put("kind", "receipt", "time", "time_utc", "method", "amount", "amount_minor", "currency", "patron_id", "operator", "desk", "drawer", "shift", "told_in", "late", "delivered")
	yes := map[bool]string{true: "yes", false: "no"}
	for _, m := range d.Moves {
		v := movedOf(m, d.Shift)
		put(v.Kind, v.Receipt, m.At.In(zone).Format(time.DateTime), v.At, v.Method, v.Amount, strconv.FormatInt(v.Minor, 10), v.Currency,
			v.Patron, v.Operator, v.Desk, d.Name, strconv.Itoa(d.N), v.ToldIn, yes[v.Late], yes[!v.Waits])
	}
	sum := func(kind string, at circ.Stamp, t circ.Tally, minor int64) {
		when, utc := "", ""
		if !at.At.IsZero() {
			when, utc = at.At.In(zone).Format(time.DateTime), at.At.UTC().Format(time.RFC3339)
		}
		put(kind, "", when, utc, string(t.Method), d.Amount(minor).Decimal(), strconv.FormatInt(minor, 10), d.Currency,
			"", string(at.Operator), string(at.Desk), d.Name, strconv.Itoa(d.N), "", "", "")
	}
	for _, t := range d.Sums {
		sum("float", d.Opened, t, t.Float)
		sum("sum_taken", d.Closed, t, t.Taken)
		sum("sum_given_back", d.Closed, t, -t.Given)
		sum("sum_expected", d.Closed, t, t.Expected)
		if t.IsCount {
			sum("sum_counted", d.Closed, t, t.Counted)
			sum("sum_over", d.Closed, t, t.Over())
		}
	}
	return table.end()
}

// whyNotWritten says why a file could not be written, of the file that was asked for and
// not of the one that is renamed to it.
func (p *program) whyNotWritten(file string, err error) string {
	folder := filepath.Dir(file)
	if _, wrong := os.Stat(folder); errors.Is(wrong, fs.ErrNotExist) {
		return p.words.Text(words.AccountsNoFolder, "folder", text.Clean(folder, shown))
	}
	if info, wrong := os.Stat(file); wrong == nil && info.IsDir() {
		return p.words.Text(words.AccountsIsFolder)
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err
	}
	return text.Clean(err.Error(), shown)
}
