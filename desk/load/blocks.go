package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/format/blocklist"
	"circdesk/desk/journal"
	"circdesk/desk/text"
)

// BlockOptions says how a list of blocks is read.
type BlockOptions struct {
	At      time.Time     // when the list was made; the blocks stand since then
	Trouble func(Trouble) // hears of lines that were not taken over; nil: nobody does
}

// Blocks reads Evergreen's block list: a block for each card and reason, and a
// patron without a name for a card that nobody has. The list is all of them: a
// block of an earlier one that is not in it is lifted, and so is none that was
// made at a desk.
func Blocks(src io.Reader, o BlockOptions) *Source {
	b := &blocks{BlockOptions: o, list: &list{}}
	return &Source{kind: circ.KindBlock, told: o.Trouble, src: src, read: b.read, list: b.list}
}

// blocks reads one list.
type blocks struct {
	BlockOptions
	list *list
}

func (b *blocks) read(src io.Reader, out *draft) error {
	in := blocklist.NewReader(src)
	seen := map[string]bool{} // cards
	for !out.over {
		line, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if bad, ok := errors.AsType[*blocklist.BadLine](err); ok {
			out.begin(bad.Number, "")
			out.skip(bad.Why)
			continue
		}
		if err != nil {
			return err
		}
		out.begin(line.Number, line.Card)
		card, ok := text.Code(line.Card)
		if !ok {
			out.skip(quote(line.Card) + " cannot be a card")
			continue
		}
		if !b.list.add(card, line.Code) {
			out.skip("the line stands in the list twice")
			continue
		}
		who := circ.PatronID(newID(circ.KindPatron, card))
		if !seen[card] {
			seen[card] = true
			out.put(circ.Patron{ID: who, Card: card})
			out.put(circ.Card{Number: card, Patron: who, State: circ.CardValid})
		}
		out.counts.Blocks++
		out.hand(drawn{number: line.Number, card: card, row: circ.Block{
			ID: listedID(card, line.Code), Patron: who, Text: listedText(line.Code), At: b.At.UTC(),
		}})
	}
	return nil
}

func listedID(card string, c blocklist.Code) circ.BlockID {
	return circ.BlockID(newID(circ.KindBlock, "list", card, string(c)))
}

func listedText(c blocklist.Code) string {
	switch c {
	case blocklist.Lost:
		return "block list: the card was reported lost"
	case blocklist.Expired:
		return "block list: the card has expired"
	case blocklist.Barred:
		return "block list: barred"
	}
	return "block list: too much overdue or owed"
}

// list is what stands in a list of blocks; nil: the file is none.
type list struct{ lines map[string]bool }

const (
	noteListed = "listed blocks" // the lines of the last list: card, tab, letter
	tab        = "\t"            // is in no card
)

// add reports whether the line is new.
func (l *list) add(card string, c blocklist.Code) bool {
	line := card + tab + string(c)
	if l.lines[line] {
		return false
	}
	if l.lines == nil {
		l.lines = map[string]bool{}
	}
	l.lines[line] = true
	return true
}

// lift ends the blocks of the list before that are not in this one.
func (l *list) lift(ctx context.Context, s journal.Store[journal.HubTx], now time.Time) error {
	if l == nil {
		return nil
	}
	var gone []string
	err := s.View(ctx, func(tx journal.HubTx) error {
		v, err := tx.Note(ctx, noteListed)
		gone = slices.DeleteFunc(strings.Split(string(v), "\n"), func(line string) bool { return line == "" || l.lines[line] })
		return err
	})
	for chunk := range slices.Chunk(gone, batch) {
		if err != nil {
			break
		}
		err = s.Update(ctx, func(tx journal.HubTx) error { return liftListed(ctx, tx, chunk, now) })
	}
	if err == nil {
		v := []byte(strings.Join(slices.Sorted(maps.Keys(l.lines)), "\n"))
		err = s.Update(ctx, func(tx journal.HubTx) error { return tx.SetNote(ctx, noteListed, v) })
	}
	if err != nil {
		return fmt.Errorf("lift the blocks that are no more in the list: %w", err)
	}
	return nil
}

func liftListed(ctx context.Context, tx journal.HubTx, lines []string, now time.Time) error {
	var wants []circ.Want
	for _, line := range lines {
		card, c, _ := strings.Cut(line, tab)
		wants = append(wants, circ.ByKey(circ.KindBlock, string(listedID(card, blocklist.Code(c)))))
	}
	found, err := tx.Read(ctx, wants)
	if err != nil {
		return err
	}
	var put []circ.Row
	for _, rows := range found {
		for _, row := range rows {
			if b, ok := row.(circ.Block); ok && b.Lifted.IsZero() {
				b.Lifted = now
				put = append(put, b)
			}
		}
	}
	return tx.Put(ctx, put)
}
