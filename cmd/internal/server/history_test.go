package server

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

func openStore(t *testing.T) (folder.Folder, *bolt.Hub) {
	t.Helper()
	where := folder.Folder(t.TempDir())
	store, err := bolt.OpenHub(where.File(folder.Server))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return where, store
}

func put(t *testing.T, store *bolt.Hub, body string) {
	t.Helper()
	err := store.Update(t.Context(), func(tx journal.HubTx) error {
		return putVersion(t.Context(), tx, circ.Rules{Version: "v" + body[:min(len(body), 5)], Body: body}, Version{At: time.Now(), How: FromFile})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// hasText reports whether a text is kept.
func hasText(t *testing.T, store *bolt.Hub, body string) (has bool) {
	t.Helper()
	err := store.View(t.Context(), func(tx journal.HubTx) error {
		v, err := tx.Note(t.Context(), noteText+hashOf([]byte(body)))
		has = v != nil
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return has
}

func TestTheHistoryIsBounded(t *testing.T) {
	_, store := openStore(t)
	for i := range mostVersions + 10 {
		put(t, store, fmt.Sprintf("%03d", i%(mostVersions+5)))
	}
	all, err := History(t.Context(), store)
	if err != nil || len(all) != mostVersions || all[0].N != 11 || all[len(all)-1].N != mostVersions+10 {
		t.Fatalf("%d versions, %+v to %+v, %v", len(all), all[0], all[len(all)-1], err)
	}
	// 000 to 004 were put again at the end; 005 to 009 were not.
	if !hasText(t, store, "000") || !hasText(t, store, "010") || hasText(t, store, "005") || hasText(t, store, "009") {
		t.Error("a text is kept that no version has, or the other way round")
	}
}

func TestLargeTextsAreKeptForAShorterTime(t *testing.T) {
	_, store := openStore(t)
	large := func(i int) string { return fmt.Sprintf("%05d", i) + strings.Repeat(" ", mostTexts/4) }
	for i := range 6 {
		put(t, store, large(i))
	}
	for range 5 { // the same text again costs nothing
		put(t, store, large(5))
	}
	all, err := History(t.Context(), store)
	if err != nil || len(all) != 2+6 || hasText(t, store, large(2)) || !hasText(t, store, large(3)) {
		t.Errorf("%d versions, %v", len(all), err)
	}
}

func TestAVersionIsFoundByNameOrNumber(t *testing.T) {
	all := []Version{{N: 4, Rules: "winter", Hash: "a"}, {N: 5, Rules: "summer", Hash: "b"}, {N: 6, Rules: "winter", Hash: "a"}, {N: 7, Rules: "4", Hash: "d"}, {N: 8, Rules: "summer", Hash: "c"}}
	for _, row := range []struct {
		name, version string
		n             int
		err           string
	}{
		{"a version", "winter", 6, ""},
		{"a number", "5", 5, ""},
		{"a version that looks like a number", "4", 7, ""},
		{"none", "autumn", 0, `version "autumn": no such version`},
		{"a number that is none", "9", 0, `version "9": no such version`},
		{"one that stands for two", "summer", 0, "version summer stands for different rules: number [5 8]"},
	} {
		v, err := Find(all, row.version)
		if v.N != row.n || (row.err == "") != (err == nil) || err != nil && err.Error() != row.err {
			t.Errorf("%s: %+v, %v", row.name, v, err)
		}
	}
}

const aWeek, twoWeeks = "currency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"7 days\"\n", "currency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"14 days\"\n"

// A store that was there before has its rules as the first.
func TestAHistoryBeginsWithWhatIsInForce(t *testing.T) {
	where, store := openStore(t)
	err := store.Update(t.Context(), func(tx journal.HubTx) error {
		return tx.Put(t.Context(), []circ.Row{circ.Rules{Version: "old", Body: aWeek}})
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, _, err := putRules(t.Context(), store, where, []byte(twoWeeks), true, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	all, err := History(t.Context(), store)
	if err != nil || len(all) != 2 || all[0].How != Before || all[0].Rules != "old" || !all[0].At.IsZero() || all[1].How != FromFile || all[1].At.IsZero() {
		t.Fatalf("%+v, %v", all, err)
	}
	if body, err := Text(t.Context(), store, all[0]); err != nil || string(body) != aWeek {
		t.Errorf("%q, %v", body, err)
	}
}

// What cannot be read any more stays what it was: history.
func TestRulesThatNobodyCanReadAreNotPutInForce(t *testing.T) {
	where, store := openStore(t)
	put(t, store, "period = 1")
	put(t, store, aWeek)
	all, err := History(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = Revert(t.Context(), store, where, all[0], time.Now()); err == nil {
		t.Fatal("it is in force")
	} else if bad, ok := errors.AsType[*RulesError](err); !ok || bad.File != all[0].Rules {
		t.Errorf("got %v", err)
	}
	if have, err := rulesOf(t.Context(), store); err != nil || have.Body != aWeek {
		t.Errorf("in force is %+v, %v", have, err)
	}
}
