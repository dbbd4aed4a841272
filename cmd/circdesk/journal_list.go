package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"circdesk/desk"
	"circdesk/desk/journal"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

func (p *program) journalListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "every entry, oldest first", Args: takesArgs(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return p.withJournal(c.Context(), jsonArg([]string{"journal", "list"}, asJSON), func(ctx context.Context, j *bolt.Journal) error {
				return p.listJournal(ctx, j, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "one object a line")
	return c
}

// listed is an entry in JSON, without anything of a patron. Its names are for
// scripts: never renamed.
type listed struct {
	Entry    string `json:"entry"`
	Desk     string `json:"desk"`
	Epoch    uint64 `json:"epoch"`
	Seq      uint64 `json:"seq"`
	At       string `json:"at"`
	Operator string `json:"operator,omitempty"`
	By       string `json:"by,omitempty"` // who granted the override
	Command  string `json:"command"`
	Item     string `json:"item,omitempty"` // its barcode
	Mode     string `json:"mode"`
	Of       string `json:"of,omitempty"` // the asked entry that this one follows
	Verdict  string `json:"verdict,omitempty"`
}

func listedOf(e journal.Entry, r *journal.Receipt) listed {
	l := listed{
		Entry: string(e.Act.ID), Desk: string(e.Act.Desk), Epoch: e.Epoch, Seq: e.Seq, At: e.Act.At.UTC().Format(time.RFC3339),
		Operator: string(e.Act.Operator), By: string(e.Act.By), Mode: string(e.Mode), Of: string(e.Of),
	}
	if e.Act.Command != nil {
		l.Command = e.Act.Command.Name()
		_, l.Item, _ = desk.Concerns(e.Act.Command)
	}
	if r != nil {
		l.Verdict = string(r.Verdict)
	}
	return l
}

// page is how many entries are read at once.
const page = 500

// listJournal writes every entry, epoch by epoch.
func (p *program) listJournal(ctx context.Context, j *bolt.Journal, asJSON bool) error {
	out := bufio.NewWriter(p.out)
	var batch []journal.Entry
	flush := func() error {
		receipts, err := receiptsOf(ctx, j, batch)
		if err != nil {
			return err
		}
		for i, e := range batch {
			if err := p.listEntry(out, listedOf(e, receipts[i]), e, asJSON); err != nil {
				return err
			}
		}
		batch = batch[:0]
		return out.Flush()
	}
	report, err := j.Verify(ctx, func(e journal.Entry) error {
		batch = append(batch, e)
		if len(batch) < page {
			return nil
		}
		return flush()
	})
	if err := errors.Join(err, flush()); err != nil {
		return err
	}
	if report.Entries == 0 && !asJSON {
		p.note(p.words.Text(words.JournalNone))
	}
	return p.problems(report)
}

func (p *program) listEntry(out *bufio.Writer, l listed, e journal.Entry, asJSON bool) error {
	if asJSON {
		return writeJSON(out, l)
	}
	w := p.words
	command := w.Command(l.Command)
	if l.Item != "" {
		command += " " + l.Item
	}
	_, err := fmt.Fprintln(out, w.Text(words.JournalLine,
		"seq", strconv.FormatUint(l.Epoch, 10)+"/"+strconv.FormatUint(l.Seq, 10), "at", w.DateTime(e.Act.At, time.Local),
		"operator", l.Operator, "command", command, "mode", w.List(w.Mode(l.Mode), verdictWord(w, l.Verdict))))
	return err
}

func verdictWord(w *words.Book, v string) string {
	if v == "" {
		return ""
	}
	return w.Verdict(v)
}

// receiptsOf gives the receipts of entries; nil: there is none yet.
func receiptsOf(ctx context.Context, j *bolt.Journal, es []journal.Entry) (out []*journal.Receipt, err error) {
	err = j.View(ctx, func(tx journal.JournalTx) error {
		out = make([]*journal.Receipt, len(es))
		for i, e := range es {
			r, ok, err := tx.Receipt(ctx, e.Act.ID)
			if err != nil {
				return err
			}
			if ok {
				out[i] = &r
			}
		}
		return nil
	})
	return out, err
}

// problems says what is damaged.
func (p *program) problems(r bolt.Report) error {
	if len(r.Problems) == 0 {
		return nil
	}
	for _, bad := range r.Problems {
		p.note(p.words.Text(words.JournalDamaged, "number", bad.Place, "why", bad.Reason))
	}
	return code(exitDamaged)
}
