package hubserver

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// newServer gives a server that holds the library of the suite.
func newServer(t testing.TB) *Server {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	s := New(Config{Store: Watch(store), Rules: centraltest.Rules(), Now: time.Now})
	if err := s.Begin(t.Context(), "epoch of the test"); err != nil {
		t.Fatal(err)
	}
	err = s.Store.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), centraltest.Library()) })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServer(t *testing.T) {
	centraltest.Run(t, func(t *testing.T) central.System { return direct{newServer(t)} })
}

// The rules that the store holds are those that decide, as soon as they are there.
func TestTheRulesOfTheLibraryDecide(t *testing.T) {
	s := newServer(t)
	verdict := func(seq uint64, prev journal.Hash) (journal.Receipt, journal.Hash) {
		e, err := journal.Entry{
			Act: circ.Act{
				ID: circ.EntryID(fmt.Sprint("e", seq)), Desk: "d1", Library: centraltest.Branch, At: time.Now().UTC(), Zone: "Europe/Berlin",
				Command: circ.CheckOut{Card: "2001", Barcode: fmt.Sprint(3000 + seq)},
			},
			Epoch: 1, Seq: seq, Prev: prev, Mode: journal.Asked,
		}.Finish()
		if err != nil {
			t.Fatal(err)
		}
		rs, err := s.Deliver(t.Context(), []journal.Entry{e})
		if err != nil {
			t.Fatal(err)
		}
		return rs[0], e.Hash()
	}
	first, prev := verdict(1, journal.Hash{})
	if first.Verdict != journal.Applied {
		t.Fatalf("under the rules that lend: %+v", first)
	}
	strict := strings.Replace(string(policy.SampleTOML()), "loanable = true", "loanable = false", 1)
	put(t, s, circ.Rules{Version: "strict", Body: strict})
	if second, _ := verdict(2, prev); second.Verdict != journal.Refused || len(second.Decision.Ask) == 0 || second.Decision.Ask[0].Reason != circ.NotForLoan {
		t.Errorf("under those that do not: %+v", second)
	}
}

// direct is the server as its HTTP side uses it.
type direct struct{ *Server }

func (d direct) Deliver(ctx context.Context, entries []journal.Entry) ([]journal.Receipt, error) {
	rs, err := d.Server.Deliver(ctx, entries)
	if err != nil {
		err = d.headed(ctx, entries[0], err)
	}
	return rs, err
}

func (d direct) Since(ctx context.Context, cursor string, n int, _ time.Duration) (central.Page, error) {
	return d.since(ctx, cursor, n)
}
