package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/circ"
	"circdesk/desk/format/pending"
	"circdesk/desk/journal"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

// exporting is what is asked of an export.
type exporting struct {
	format, out         string
	statGroup           string
	profile, homeOrg    int
	again, list, asJSON bool
}

func (p *program) journalExportCommand() *cobra.Command {
	var x exporting
	var names []string
	for _, f := range pending.Formats() {
		names = append(names, f.Name)
	}
	c := &cobra.Command{
		Use: "export", Short: "what was done, as a file of another library system", Args: takesArgs(cobra.NoArgs),
		Long: `Writes what was done at this desk and is in no file yet as one that another system takes as work
done offline: koc (Koha), xacts (Evergreen), almadat (Alma), rdy (Sierra), pmb (PMB). A file for
each desk; its name says which, and from which entry to which.

What the file cannot say is listed with the reason: a payment where the other system has no place
for it, a barcode that it would cut, a hold that is to be trapped there again; the exit code is then
4. Of what is in the file, a due date or a day of return that it has no place for is listed, too. What was done and
undone again before it was written is in no file. The file is read again before it is done.

Nothing is written twice, so that no loan is brought home twice: --again writes the last file once
more, for one that was lost. --list shows the files that were written.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.exportJournal(c.Context(), x) },
	}
	p.dataFlag(c)
	f := c.Flags()
	f.StringVar(&x.format, "format", "", strings.Join(names, ", "))
	f.StringVar(&x.out, "out", "", "the file, or a folder for it (default: here)")
	f.StringVar(&x.statGroup, "stat-group", "", "rdy: Sierra's statistics group")
	f.IntVar(&x.profile, "profile", 0, "xacts: Evergreen's number of the permission group of new patrons")
	f.IntVar(&x.homeOrg, "home-org", 0, "xacts: Evergreen's number of their library")
	f.BoolVar(&x.again, "again", false, "write the last file once more")
	f.BoolVar(&x.list, "list", false, "the files that were written")
	f.BoolVar(&x.asJSON, "json", false, "one object a line")
	return c
}

func (x exporting) args() []string {
	args := []string{
		"journal", "export", "--format=" + x.format, "--out=" + x.out, "--stat-group=" + x.statGroup,
		"--profile=" + strconv.Itoa(x.profile), "--home-org=" + strconv.Itoa(x.homeOrg),
	}
	for flag, on := range map[string]bool{"--again": x.again, "--list": x.list, "--json": x.asJSON} {
		if on {
			args = append(args, flag)
		}
	}
	return args
}

func (p *program) exportJournal(ctx context.Context, x exporting) error {
	where, err := p.folder()
	if err != nil {
		return err
	}
	format, known := pending.Named(x.format)
	if !known && !x.list {
		return p.tell(exitUsage, words.ExportNoFormat, "format", text.Clean(x.format, shown))
	}
	do := func() error {
		return p.withDesk(ctx, where, func(d deskFiles) error {
			if x.list {
				return p.listExports(ctx, d.journal, x.asJSON)
			}
			return p.export(ctx, d, format, x)
		})
	}
	if p.running != nil {
		return do()
	}
	if x.out, err = filepath.Abs(cmp.Or(x.out, ".")); err != nil {
		return err
	}
	return p.orAskAny(ctx, []string{where.File(folder.Reach)}, x.args(), "", do)
}

// export writes what is in no file yet.
func (p *program) export(ctx context.Context, d deskFiles, format pending.Format, x exporting) error {
	done, err := readExports(ctx, d.journal)
	if err != nil {
		return err
	}
	from, upTo := exportRange(done, x.again)
	if x.again && len(done) == 0 {
		return p.tell(exitFailed, words.ExportNoneYet)
	}
	work, err := p.gatherWork(ctx, d, from, upTo)
	if err != nil {
		return err
	}
	if work.waits {
		p.note(p.words.Text(words.ExportWaits))
	}
	if work.entries == 0 {
		p.note(p.words.Text(words.ExportNothing))
		return nil
	}
	rules := d.Policy()
	to := pending.Target{
		Zone: rules.Location(d.Library), Currency: rules.Currency(), Profile: x.profile, HomeOrg: x.homeOrg, StatGroup: x.statGroup,
	}
	file, kept, left, err := format.Export(to, work.all)
	if err != nil {
		return err
	}
	e := export{
		Format: format.Name, From: work.first, To: work.last, Entries: work.entries, Kept: len(kept), TakenBack: work.takenBack,
		At: time.Now().UTC().Truncate(time.Second),
	}
	e.File = exportPath(x.out, format, string(work.desk), e, x.again)
	if err := writeExport(ctx, d.journal, &e, file); err != nil {
		return err
	}
	return p.tellExport(e, format.Partly(kept), append(work.left, left...), to.Zone, x.asJSON)
}

// gathered is what was done, as transactions.
type gathered struct {
	all         []pending.Transaction
	left        []pending.Left // what was undone and stands in an earlier file
	desk        circ.DeskID
	first, last place
	entries     int
	takenBack   int  // entries of no effect, since they were undone
	waits       bool // an entry after them waits for its answer
}

// gatherWork reads the entries after one, up to another or as far as all is known.
func (p *program) gatherWork(ctx context.Context, d deskFiles, from, upTo place) (g gathered, err error) {
	var entries []journal.Entry
	report, err := d.journal.Verify(ctx, func(e journal.Entry) error {
		if at := placeOf(e); from.before(at) && (upTo == place{} || !upTo.before(at)) {
			entries = append(entries, e)
		}
		return nil
	})
	if err == nil {
		err = p.problems(report)
	}
	if err != nil {
		return g, err
	}
	stories, n, err := storiesOf(ctx, d.journal, entries)
	if err != nil {
		return g, err
	}
	g.waits = n < len(entries)
	entries = entries[:n]
	if n == 0 {
		return g, nil
	}
	g.desk, g.first, g.last, g.entries = entries[0].Act.Desk, placeOf(entries[0]), placeOf(entries[n-1]), n
	undone := map[circ.EntryID]bool{}
	here := map[circ.EntryID]bool{}
	for _, s := range stories {
		here[s.Act.ID] = true
	}
	for _, s := range stories {
		if u, ok := s.Act.Command.(circ.Undo); ok {
			undone[u.Entry] = true
		}
	}
	return g, d.View(ctx, func(r journal.Reader) error {
		known, err := readCodes(ctx, r, stories)
		if err != nil {
			return err
		}
		g.all, g.left, g.takenBack = nil, nil, 0
		for _, s := range stories {
			u, undo := s.Act.Command.(circ.Undo)
			switch {
			case undone[s.Act.ID] || undo && here[u.Entry]:
				g.takenBack++
			case undo:
				g.left = append(g.left, pending.Left{Transaction: pending.Of(s.Act, nil, known)[0], Why: pending.TakenBack})
			default:
				g.all = append(g.all, pending.Of(s.Act, s.Events, known)...)
			}
		}
		return nil
	})
}

// storiesOf gives what entries did in the end, of those that did something, up to the
// first that waits for its answer, and how many entries those are.
func storiesOf(ctx context.Context, j *bolt.Journal, entries []journal.Entry) (stories []circ.Story, n int, err error) {
	err = j.View(ctx, func(tx journal.JournalTx) error {
		stories, n = nil, 0
		for _, e := range entries {
			happened, err := journal.Happened(ctx, tx, e)
			if err != nil {
				return err
			}
			if e.Mode == journal.Asked && !happened {
				_, followed, err := tx.Later(ctx, e.Act.Desk, e.Act.ID)
				if err != nil {
					return err
				}
				_, settled, err := tx.Receipt(ctx, e.Act.ID)
				if err != nil {
					return err
				}
				if !followed && !settled {
					return nil
				}
			}
			n++
			if !happened {
				continue
			}
			s, err := journal.Story(ctx, tx, e.Act.ID)
			if err != nil {
				return err
			}
			if len(s.Events) == 0 {
				s.Events = e.Told // as at the desk, whatever the central system made of it
			}
			stories = append(stories, *s)
		}
		return nil
	})
	return stories, n, err
}

// codes are the cards and barcodes of a copy.
type codes struct {
	cards    map[circ.PatronID]string
	barcodes map[circ.ItemID]string
}

func (c codes) Card(id circ.PatronID) string  { return c.cards[id] }
func (c codes) Barcode(id circ.ItemID) string { return c.barcodes[id] }

// readCodes reads the cards and barcodes of all who and what the stories touch.
func readCodes(ctx context.Context, r journal.Reader, stories []circ.Story) (codes, error) {
	c := codes{map[circ.PatronID]string{}, map[circ.ItemID]string{}}
	var wants []circ.Want
	seen := map[circ.Key]bool{}
	want := func(kind circ.Kind, id string) {
		if k := (circ.Key{Kind: kind, ID: id}); id != "" && !seen[k] {
			seen[k] = true
			wants = append(wants, circ.ByKey(kind, id))
		}
	}
	for _, s := range stories {
		for _, e := range s.Events {
			patron, item := pending.Concerns(e)
			want(circ.KindPatron, string(patron))
			want(circ.KindItem, string(item))
		}
	}
	rows, err := r.Read(ctx, wants)
	if err != nil {
		return c, fmt.Errorf("read the cards and barcodes of what was done: %w", err)
	}
	for _, found := range rows {
		for _, row := range found {
			switch row := row.(type) {
			case circ.Patron:
				c.cards[row.ID] = row.Card
			case circ.Item:
				c.barcodes[row.ID] = row.Barcode
			}
		}
	}
	return c, nil
}

// tellExport says what was written, what of it the file does not say, and what was left
// out.
func (p *program) tellExport(e export, partly, left []pending.Left, zone *time.Location, asJSON bool) error {
	w := p.words
	if asJSON {
		if err := writeJSON(p.out, exported{"file", e}); err != nil {
			return err
		}
	} else if _, err := fmt.Fprintln(p.out, w.N(words.ExportDone, e.Kept, "file", e.File, "entries", strconv.Itoa(e.Entries), "taken_back", nonZero(e.TakenBack))); err != nil {
		return err
	}
	for _, l := range partly {
		if err := p.tellLeft("partly", words.ExportPartly, l, zone, asJSON); err != nil {
			return err
		}
	}
	for _, l := range left {
		if err := p.tellLeft("left", words.ExportLeft, l, zone, asJSON); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		return code(exitLeft)
	}
	return nil
}

// tellLeft tells of one thing that a file does not say.
func (p *program) tellLeft(kind string, key words.Key, l pending.Left, zone *time.Location, asJSON bool) error {
	w := p.words
	out := leftOut{
		Kind: kind, Entry: string(l.Entry), At: l.At.UTC().Format(time.RFC3339), What: string(l.Transaction.Kind), Command: l.Command,
		Card: l.Card, Barcode: l.Barcode, Why: l.Why,
	}
	date := ""
	if at := map[pending.Why]time.Time{pending.WithoutDue: l.Due, pending.WithoutBack: l.Back}[l.Why]; !at.IsZero() {
		out.Date, date = at.UTC().Format(time.RFC3339), w.DateTime(at, zone)
	}
	if asJSON {
		return writeJSON(p.out, out)
	}
	what := w.Work(out.What)
	if l.Transaction.Kind == pending.Other {
		what = w.Command(l.Command)
	}
	p.note(w.Text(key, "at", w.DateTime(l.At, zone), "what", what, "card", text.Clean(l.Card, shown), "barcode", text.Clean(l.Barcode, shown),
		"amount", amountSaid(w, l.Transaction), "date", date, "why", w.LeftOut(string(l.Why)), "entry", out.Entry))
	return nil
}

func amountSaid(w *words.Book, t pending.Transaction) string {
	if t.Amount.IsZero() {
		return ""
	}
	return w.Money(t.Amount)
}

func nonZero(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
