package wire

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Delivery is a batch of entries of one desk, in their order.
type Delivery struct {
	Entries []journal.Frame `json:"entries"`
}

// Receipts answers a [Delivery]: one receipt for each entry, as
// [journal.EncodeReceipt] writes it.
type Receipts struct {
	Receipts []json.RawMessage `json:"receipts"`
}

// Row is one record: what [journal.EncodeRow] writes, under its key.
type Row struct {
	Kind circ.Kind       `json:"kind"`
	ID   string          `json:"id"`
	Row  json.RawMessage `json:"row"`
}

// Page is [central.Page].
type Page struct {
	Rows     []Row      `json:"rows"`
	Gone     []circ.Key `json:"gone,omitempty"`
	Next     string     `json:"next"`
	Complete bool       `json:"complete"`
}

// Line is one line of a snapshot: a row, the end, or why there is no end.
type Line struct {
	Row   *Row   `json:"row,omitempty"`
	End   *End   `json:"end,omitempty"`
	Error *Error `json:"error,omitempty"`
}

// End is a snapshot's last line. A snapshot without one was cut off.
type End struct {
	Cursor string `json:"cursor"` // from where the feed goes on
	Rows   int    `json:"rows"`
}

// Lookups asks for records.
type Lookups struct {
	Wants []Want `json:"wants"`
}

// Want is [circ.Want]: by key, or in an index.
type Want struct {
	Key   *circ.Key  `json:"key,omitempty"`
	Index circ.Index `json:"index,omitempty"`
	ID    string     `json:"id,omitempty"`
	After string     `json:"after,omitempty"`
	N     int        `json:"n"`
}

// Found answers [Lookups]: the rows of each, in the same order.
type Found struct {
	Found [][]Row `json:"found"`
}

// State answers the question how the hub is.
type State struct {
	Status   string       `json:"status"`            // always ok: a hub that is not well answers with an error
	Refused  map[Code]int `json:"refused,omitempty"` // how many requests since it began, by why
	Rejected int          `json:"rejected"`          // how many entries since it began: kept, and not understood
}

// MarkOf writes a mark.
func MarkOf(m journal.Mark) circ.Mark {
	w := circ.Mark{Desk: m.Desk, Epoch: m.Epoch, Seq: m.Seq}
	if m.Hash != (journal.Hash{}) {
		w.Hash = hex.EncodeToString(m.Hash[:])
	}
	return w
}

// ReadMark reads what [MarkOf] wrote.
func ReadMark(w circ.Mark) (journal.Mark, error) {
	m := journal.Mark{Desk: w.Desk, Epoch: w.Epoch, Seq: w.Seq}
	if w.Hash == "" {
		return m, nil
	}
	if hex.DecodedLen(len(w.Hash)) != len(m.Hash) {
		return m, fmt.Errorf("read mark of desk %q: hash of %d characters", w.Desk, len(w.Hash))
	}
	if _, err := hex.Decode(m.Hash[:], []byte(w.Hash)); err != nil {
		return m, fmt.Errorf("read mark of desk %q: %w", w.Desk, err)
	}
	return m, nil
}

// RowOf writes a record.
func RowOf(r circ.Row) (Row, error) {
	k := r.Key()
	b := journal.EncodeRow(r)
	if b == nil {
		return Row{}, fmt.Errorf("write %s %q: it has no JSON", k.Kind, k.ID)
	}
	return Row{k.Kind, k.ID, b}, nil
}

// RowsOf writes records; none is an empty list.
func RowsOf(rows []circ.Row) ([]Row, error) {
	out := make([]Row, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = RowOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Read reads what [RowOf] wrote. A record of a later version is kept as it is.
func (r Row) Read() (circ.Row, error) {
	return journal.DecodeRowOf(circ.Key{Kind: r.Kind, ID: r.ID}, r.Row)
}

// ReadRows reads what [RowsOf] wrote.
func ReadRows(rows []Row) ([]circ.Row, error) {
	out := make([]circ.Row, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.Read(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// WantOf writes a lookup.
func WantOf(w circ.Want) Want {
	out := Want{Index: w.Index, ID: w.ID, After: w.After, N: w.N}
	if w.Index == "" {
		out = Want{Key: &w.Key, N: w.N}
	}
	return out
}

var (
	errBoth    = errors.New("by key and in an index")
	errNeither = errors.New("neither by key nor in an index")
)

// Read reads what [WantOf] wrote; it says what is no lookup.
func (w Want) Read() (circ.Want, error) {
	switch {
	case w.Key != nil && (w.Index != "" || w.ID != "" || w.After != ""):
		return circ.Want{}, errBoth
	case w.Key == nil && w.Index == "":
		return circ.Want{}, errNeither
	case w.N < 0:
		return circ.Want{}, fmt.Errorf("%d rows", w.N)
	case w.Key != nil:
		return circ.Want{Key: *w.Key, N: w.N}, nil
	case !known(w.Index):
		return circ.Want{}, fmt.Errorf("index %.40q is not known", w.Index)
	}
	return circ.Want{Index: w.Index, ID: w.ID, After: w.After, N: w.N}, nil
}

// known reports whether the index is of the closed list.
func known(i circ.Index) bool {
	switch i {
	case circ.ByBarcode, circ.ByISBN, circ.ByTitle, circ.ByName, circ.ByPhone, circ.ByEmail, circ.ItemsOf, circ.LoansOf, circ.DueOf,
		circ.RequestsOf, circ.QueueOf, circ.ShelfOf, circ.FeesOf, circ.PaymentsOf, circ.BlocksOf, circ.LinksOf,
		circ.CardsOf, circ.ClaimsOf, circ.LoansOfItem, circ.AlertsOf, circ.AlertsOfItem, circ.LoanWork, circ.ItemWork, circ.UsesAt,
		circ.ShiftsOf, circ.MovesOf, circ.ByReceipt, circ.ConflictsOf:
		return true
	}
	return false
}
