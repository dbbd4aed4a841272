package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

func (p *program) journalShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "show ENTRY", Short: "all of one entry, with what the central system made of it", Args: takesArgs(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			id := circ.EntryID(args[0])
			asked := append(jsonArg([]string{"journal", "show"}, asJSON), "--", args[0])
			return p.withJournal(c.Context(), asked, func(ctx context.Context, j *bolt.Journal) error {
				return p.showEntry(ctx, j, id, asJSON)
			})
		},
	}
	p.dataFlag(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as one line")
	return c
}

// shownEntry is an entry whole, in JSON.
type shownEntry struct {
	listed
	Hash    string          `json:"hash"`
	Prev    string          `json:"prev"`
	Rules   string          `json:"rules,omitempty"`
	Over    []circ.Reason   `json:"over,omitempty"`
	Why     string          `json:"why,omitempty"`
	Asked   circ.Command    `json:"asked"`
	Told    []named         `json:"told,omitempty"`
	Receipt json.RawMessage `json:"receipt,omitempty"`
}

// named is an event with its name.
type named struct {
	Event string     `json:"event"`
	Does  circ.Event `json:"does"`
}

func (p *program) showEntry(ctx context.Context, j *bolt.Journal, id circ.EntryID, asJSON bool) error {
	var e journal.Entry
	var found bool
	err := j.View(ctx, func(tx journal.JournalTx) (err error) {
		e, found, err = tx.Entry(ctx, id)
		return err
	})
	if err != nil {
		return err
	}
	if !found {
		return p.tell(exitFailed, words.JournalUnknownEntry, "entry", string(id))
	}
	receipts, err := receiptsOf(ctx, j, []journal.Entry{e})
	if err != nil {
		return err
	}
	hash := e.Hash()
	v := shownEntry{
		listed: listedOf(e, receipts[0]), Hash: fmt.Sprintf("%x", hash), Prev: fmt.Sprintf("%x", e.Prev),
		Rules: e.Rules, Over: e.Act.Over, Why: e.Act.Why, Asked: e.Act.Command,
	}
	v.At = e.Act.At.UTC().Format(time.RFC3339Nano)
	for _, ev := range e.Told {
		v.Told = append(v.Told, named{ev.Name(), ev})
	}
	if r := receipts[0]; r != nil {
		if v.Receipt, err = journal.EncodeReceipt(*r); err != nil {
			return err
		}
	}
	out := json.NewEncoder(p.out)
	out.SetEscapeHTML(false)
	if !asJSON {
		out.SetIndent("", "  ")
	}
	return out.Encode(v)
}
