package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/desk/circ"
	"circdesk/desk/format/pending"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// importing is what is asked of an import.
type importing struct {
	format, library string
	asJSON          bool
}

// importable are the formats that tell when things were done.
func importable() (names []string) {
	for _, f := range pending.Formats() {
		if f.Timed() {
			names = append(names, f.Name)
		}
	}
	return names
}

func (p *program) journalImportCommand() *cobra.Command {
	var x importing
	c := &cobra.Command{
		Use: "import FILE", Short: "at the server: what another tool has done offline", Args: takesArgs(cobra.ExactArgs(1)),
		Long: `Takes what another tool has done offline into the central server: FILE is Koha's .koc (--format
koc) or Evergreen's pending.xacts (--format xacts). The data folder is the central server's; a
server that runs on it does the work.

All of it has happened, so nothing is refused: what stands against a line, or names a card or an
item that nobody knows, becomes a conflict to settle. Each line is listed with what became of it.
What was taken before is not taken again, so a file may be imported twice, and one that has grown
since. A line that cannot be read is listed with its number and the reason; the file stays as it is.

The exit code is 4 when there are conflicts, or lines that were not read.`,
		RunE: func(c *cobra.Command, given []string) error { return p.importOffline(c.Context(), given[0], x) },
	}
	p.dataFlag(c)
	f := c.Flags()
	f.StringVar(&x.format, "format", "", strings.Join(importable(), ", "))
	f.StringVar(&x.library, "library", "", "where it was done (default: the only library of the rules)")
	f.BoolVar(&x.asJSON, "json", false, "one object a line")
	return c
}

// atServer runs what is done to the store of a central server: by the one that runs on the
// folder, or here.
func (p *program) atServer(ctx context.Context, args []string, do func(*server.Server) error) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if p.serving != nil {
		return do(p.serving)
	}
	return p.orAskAny(ctx, []string{where.File(folder.Serving)}, args, "", func() (err error) {
		if !where.Has(folder.Server) {
			return p.tell(exitFailed, words.ErrorNotFound, "path", where.File(folder.Server))
		}
		s, err := server.Open(ctx, server.Config{Folder: where})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		return do(s)
	})
}

// mostOffline bounds a file of work done offline, in bytes.
const mostOffline = 256 << 20

// readOffline reads a file of another tool.
func readOffline(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > mostOffline {
		return nil, fmt.Errorf("read %s: it has %d bytes, more than %d", path, info.Size(), mostOffline)
	}
	return os.ReadFile(path)
}

func (p *program) importOffline(ctx context.Context, file string, x importing) error {
	if x.format == "pending" { // as Evergreen's file is called
		x.format = "xacts"
	}
	format, known := pending.Named(x.format)
	if !known || !format.Timed() {
		return p.tell(exitUsage, words.ImportNoFormat, "format", text.Clean(x.format, shown), "formats", strings.Join(importable(), ", "))
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	args := jsonArg([]string{"journal", "import", "--format=" + x.format, "--library=" + x.library}, x.asJSON)
	return p.atServer(ctx, append(args, dashed([]string{file})...), func(s *server.Server) error {
		lib, err := p.libraryOf(s, x.library)
		if err != nil {
			return err
		}
		body, err := readOffline(file)
		if err != nil {
			return err
		}
		n := map[server.TakenAs]int{}
		err = s.TakeOffline(ctx, server.Offline{Format: format, Library: lib}, body, func(t server.Taken) error {
			n[t.As]++
			return p.tellTaken(t, s.Rules().Location(lib), x.asJSON)
		})
		if err != nil {
			return err
		}
		if !x.asJSON {
			p.note(p.words.Text(words.ImportDone, "n", strconv.Itoa(n[server.TakenNow]+n[server.TakenConflict]), "known", strconv.Itoa(n[server.TakenBefore]),
				"conflicts", strconv.Itoa(n[server.TakenConflict]), "not", strconv.Itoa(n[server.NotRead])))
		}
		if n[server.TakenConflict]+n[server.NotRead] > 0 {
			return code(exitLeft)
		}
		return nil
	})
}

// libraryOf gives the library that is named, or the only one that there is.
func (p *program) libraryOf(s *server.Server, named string) (policy.LibraryID, error) {
	all := s.Rules().Libraries()
	if named == "" && len(all) == 1 {
		return all[0].ID, nil
	}
	var ids []string
	for _, l := range all {
		ids = append(ids, string(l.ID))
	}
	if named != "" && (len(all) == 0 || slices.Contains(ids, named)) {
		return policy.LibraryID(named), nil
	}
	return "", p.tell(exitUsage, words.ImportNoLibrary, "library", text.Clean(named, shown), "libraries", strings.Join(ids, ", "))
}

// takenWord says what became of a line.
func takenWord(as server.TakenAs) words.Key {
	switch as {
	case server.TakenBefore:
		return words.ImportKnown
	case server.TakenConflict:
		return words.ImportConflict
	case server.NotRead:
		return words.ImportNotRead
	}
	return words.ImportTaken
}

// takenLine is a line in JSON, without anything of a patron. Its names are for scripts:
// never renamed.
type takenLine struct {
	Line    int      `json:"line"`
	Result  string   `json:"result"`
	What    string   `json:"what,omitempty"`
	At      string   `json:"at,omitempty"` // RFC 3339
	Item    string   `json:"item,omitempty"`
	Amount  string   `json:"amount,omitempty"`
	Entry   string   `json:"entry,omitempty"`
	Reasons []reason `json:"reasons,omitempty"`
	Why     string   `json:"why,omitempty"` // a line that was not read
}

func (p *program) tellTaken(t server.Taken, zone *time.Location, asJSON bool) error {
	l := takenLine{Line: t.Line, Result: string(t.As), What: string(t.Work.Kind), Item: text.Clean(t.Work.Barcode, shown), Entry: string(t.Entry), Why: text.Clean(t.Reason, 200)}
	if !t.Work.At.IsZero() {
		l.At = t.Work.At.UTC().Format(time.RFC3339)
	}
	if t.Work.Amount.Minor != 0 {
		l.Amount = t.Work.Amount.Decimal()
	}
	for _, m := range t.Met {
		if m.Reason == circ.UnknownPatron {
			m.Text = cardTail(m.Text)
		}
		said := reason{string(m.Reason), p.words.Reason(m, words.Names{Zone: zone, Now: time.Now()})}
		if !slices.Contains(l.Reasons, said) { // before it was written down, and by the server
			l.Reasons = append(l.Reasons, said)
		}
	}
	if asJSON {
		return writeJSON(p.out, l)
	}
	w := p.words
	var why []string
	for _, r := range l.Reasons {
		why = append(why, r.Text)
	}
	if t.As == server.NotRead {
		why = []string{l.Why}
	}
	when, what := "", ""
	if l.What != "" {
		when, what = w.DateTime(t.Work.At, zone), w.Work(l.What)
	}
	said := w.List(when, what, l.Item, l.Amount)
	_, err := fmt.Fprintln(p.out, w.Text(words.ImportLine, "line", strconv.Itoa(l.Line), "said", said, "result", w.Text(takenWord(t.As)), "why", w.Reasons(why...)))
	return err
}

// cardTail gives the last characters of a card, which tell it to who holds the file.
func cardTail(card string) string {
	r := []rune(card)
	if len(r) <= 4 {
		return card
	}
	return "…" + string(r[len(r)-4:])
}
