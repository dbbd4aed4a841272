package desk_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Nothing that a record says reaches a screen as a control character.
func TestRecordsAreCleaned(t *testing.T) {
	story(t, func(w *world) {
		const evil = "Evil\x1b[2J\x07\r\n\u202etext"
		rows := []circ.Row{
			circ.Patron{ID: "E1", Card: "666", Family: evil, Given: evil, Birth: "19" + evil, Street: evil, Phone: evil, Email: evil, Group: evil, Note: evil},
			circ.Card{Number: "666", Patron: "E1", State: circ.CardValid},
			circ.Title{ID: "ET", Title: evil, Author: evil, Year: evil, ISBNs: []string{"9791032305690"}},
			circ.Item{ID: "EI", Barcode: "667", Title: "ET", Type: evil, Location: evil, CallNumber: evil, Note: evil, Home: "main"},
			circ.Item{ID: "EJ", Barcode: "668", Title: "ET", Staff: evil, Home: "main"},
			circ.Request{ID: "ER", Title: "ET", Patron: "E1", Pickup: "main", At: monday, Stage: circ.Waiting, Note: evil},
			circ.Block{ID: "EB", Patron: "E1", Text: evil, At: monday},
			circ.Alert{ID: "EA", Patron: "E1", Text: evil, Shown: circ.AtBoth, At: monday},
			circ.Alert{ID: "EC", Item: "EI", Text: evil, Shown: circ.AtBoth, At: monday},
			circ.Fee{ID: "EF", Patron: "E1", Item: "EI", Type: evil, Text: evil},
			circ.Link{ID: "EL", Patron: "E1", Other: "E1", Kind: evil},
		}
		must(t, w.store.hub.Update(w.t.Context(), func(tx journal.HubTx) error { return tx.Put(w.t.Context(), rows) }))
		w.do(desk.Sync{})
		w.boss()
		for _, in := range []desk.Input{
			desk.Scan{Text: "666"}, desk.Find{Query: "evil"}, desk.Scan{Text: "667"}, desk.Yes{Why: evil}, desk.RenewAll{},
			desk.Look{Text: "667"}, desk.Look{Text: "668"}, desk.FindTitle{Query: "evil"}, desk.Scan{Text: "9791032305690"},
			desk.Request{Text: "668", Note: evil}, desk.Block{Text: evil}, desk.Alert{Text: evil, Shown: evil}, desk.Alert{Code: "668", Text: evil}, desk.EndAlert{Code: evil}, desk.Pay{Amount: evil}, desk.Find{Query: evil}, desk.Scan{Text: evil},
			desk.Register{Patron: circ.Patron{Card: "669", Family: evil, Street: evil}}, desk.Edit{Contact: circ.Contact{City: ptr(evil)}},
			desk.Go{To: desk.AtCheckIn}, desk.Scan{Text: "667"}, desk.Scan{Text: "668"}, desk.Scan{Text: "666"}, desk.Shelf{}, desk.Undo{}, desk.Undo{N: []int{1, 2, 3}},
			desk.SignIn{Name: evil, PIN: evil}, desk.Link{Card: evil, Kind: evil}, desk.Slip{}, desk.Settle{Entry: evil, Why: evil},
		} {
			w.do(in)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, o := range w.said {
			unclean(t, fmt.Sprintf("outcome %d %s", o.N, o.Word), reflect.ValueOf(o))
		}
		unclean(t, "the state", reflect.ValueOf(w.state))
	})
}

func ptr[T any](v T) *T { return &v }

// unclean finds control characters in any text below a value.
func unclean(t *testing.T, at string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		if strings.ContainsFunc(v.String(), func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u202e' }) {
			t.Errorf("%s: %+q", at, v.String())
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			unclean(t, at, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			unclean(t, fmt.Sprintf("%s[%d]", at, i), v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				unclean(t, at+"."+f.Name, v.Field(i))
			}
		}
	}
}
