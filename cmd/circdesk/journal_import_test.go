package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// central is the folder of a central server with some patrons and items.
func centralFolder(t *testing.T, patrons, items int) string {
	t.Helper()
	dir := t.TempDir()
	csv, mrc := ownFiles(t, patrons, items)
	for _, args := range [][]string{{"load", "titles", mrc}, {"load", "patrons", csv}} {
		if _, errs, code := here(t, "", append(args, "--data", dir)...); code != exitDone {
			t.Fatal(errs)
		}
	}
	if err := os.WriteFile(folder.Folder(dir).File(folder.Rules), []byte("version = \"t\"\ncurrency = \"EUR\"\nzone = \"UTC\"\n[[library]]\nid = \"main\"\n[default]\nperiod = \"14 days\"\nrenewals = 2\nfine = \"0.10\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// lent says who has which item at a server, and when it is due, and what is to be settled.
func lentAt(t *testing.T, dir string, items int) (loans map[string]string, conflicts []circ.Conflict) {
	t.Helper()
	h, err := bolt.OpenHub(folder.Folder(dir).File(folder.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	loans = map[string]string{}
	err = h.View(t.Context(), func(tx journal.HubTx) error {
		clear(loans)
		conflicts = nil
		for n := range items {
			rows, err := tx.Read(t.Context(), []circ.Want{circ.In(circ.ByBarcode, itemCode(n), 1)})
			if err != nil || len(rows[0]) == 0 {
				return fmt.Errorf("item %d: %v", n, err)
			}
			it := rows[0][0].(circ.Item)
			rows, err = tx.Read(t.Context(), []circ.Want{circ.ByKey(circ.KindLoan, string(it.Loan))})
			if err != nil {
				return err
			}
			for _, row := range rows[0] {
				l := row.(circ.Loan)
				who, err := tx.Read(t.Context(), []circ.Want{circ.ByKey(circ.KindPatron, string(l.Patron))})
				if err != nil {
					return err
				}
				loans[it.Barcode] = who[0][0].(circ.Patron).Card + " " + l.Due.Format("2006-01-02")
			}
		}
		rows, err := tx.Read(t.Context(), []circ.Want{circ.In(circ.ConflictsOf, circ.ConflictsOpen, 100)})
		for _, row := range rows[0] {
			conflicts = append(conflicts, row.(circ.Conflict))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return loans, conflicts
}

// itemAt gives an item of a server.
func itemAt(t *testing.T, dir string, n int) (it circ.Item) {
	t.Helper()
	h, err := bolt.OpenHub(folder.Folder(dir).File(folder.Server))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	err = h.View(t.Context(), func(tx journal.HubTx) error {
		rows, err := tx.Read(t.Context(), []circ.Want{circ.In(circ.ByBarcode, itemCode(n), 1)})
		if err != nil || len(rows[0]) == 0 {
			return fmt.Errorf("item %d: %v", n, err)
		}
		it = rows[0][0].(circ.Item)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return it
}

// results counts what became of the lines.
func results(t *testing.T, out string) map[string]int {
	t.Helper()
	n := map[string]int{}
	for l := range strings.Lines(out) {
		var x struct{ Result string }
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			t.Fatalf("%v: %s", err, l)
		}
		n[x.Result]++
	}
	return n
}

func put(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The pending work of Koha's tool is taken once, whatever stands against it.
func TestKohasPendingWorkIsTakenOnce(t *testing.T) {
	dir := centralFolder(t, 3, 5)
	head := "Version=1.0\tGenerator=kocDesktop\tGeneratorVersion=2.4\r\n"
	lines := []string{
		"2026-07-20 10:00:00 000\tissue\t" + cardOf(0) + "\t" + itemCode(0),
		"2026-07-20 10-01-00 000\tissue\t" + cardOf(1) + "\t" + itemCode(1),
		"2026-07-20 10:02:00 000\tissue\t" + cardOf(1) + "\t" + itemCode(0), // lent to another meanwhile
		"2026-07-20 10:03:00 000\treturn\t" + itemCode(1),
		"2026-07-20 10:04:00 000\tissue\t29999999999999\t" + itemCode(2), // nobody's card
		"2026-07-20 10:05:00 000\tissue\t" + cardOf(2) + "\t39999999999999",
		"2026-07-20 10:06:00 000\tpayment\t" + cardOf(2) + "\t5.00",
		"2026-07-20 10:07:00 000\trenew\t" + cardOf(2) + "\t" + itemCode(3), // no such action
		"2026-07-20 10:08:00 000\tissue\t" + cardOf(2) + "\t" + itemCode(4),
		"2026-07-20 10:08:00 000\treturn\t" + itemCode(3), // was not out
	}
	file := put(t, "yesterday.koc", head+strings.Join(lines, "\r\n")+"\r\n")
	take := func(args ...string) (string, string, int) {
		return here(t, "", append([]string{"journal", "import", "--format", "koc", "--data", dir}, args...)...)
	}
	out, errs, code := take("--json", file)
	n := results(t, out)
	if code != exitLeft || n["not_read"] != 1 || n["conflict"] < 3 || n["taken"]+n["conflict"] != 9 || n["known"] != 0 {
		t.Errorf("exit %d, %v\n%s%s", code, n, out, errs)
	}
	if strings.Contains(out, cardOf(0)) || strings.Contains(out, "29999999999999") || !strings.Contains(out, `"line":9,"result":"not_read"`) {
		t.Errorf("a card is told, or the line is not:\n%s", out)
	}
	loans, conflicts := lentAt(t, dir, 5)
	want := map[string]string{itemCode(0): cardOf(1) + " 2026-08-03", itemCode(4): cardOf(2) + " 2026-08-03"}
	if fmt.Sprint(loans) != fmt.Sprint(want) || len(conflicts) != n["conflict"] {
		t.Errorf("on loan %v, not %v; %d conflicts", loans, want, len(conflicts))
	}
	classes := map[circ.ConflictClass]int{}
	for _, c := range conflicts {
		classes[c.Class]++
	}
	if classes[circ.ClassUnknownItem] != 1 || classes[circ.ClassPatronGone] != 1 {
		t.Errorf("conflicts %v", classes)
	}

	out, _, _ = take("--json", file)
	if n := results(t, out); n["known"] != 9 || n["not_read"] != 1 || len(n) != 2 {
		t.Errorf("the second time: %v", n)
	}
	grown := put(t, "grown.koc", head+strings.Join(lines, "\n")+"\n2026-07-21 09:00:00 000\treturn\t"+itemCode(4)+"\n")
	out, _, _ = take("--json", grown)
	if n := results(t, out); n["known"] != 9 || n["taken"]+n["conflict"] != 1 {
		t.Errorf("the file has grown: %v", n)
	}
	after, still := lentAt(t, dir, 5)
	if len(after) != 1 || len(still) > len(conflicts)+1 {
		t.Errorf("then on loan %v, %d conflicts", after, len(still))
	}
	out, errs, code = take(file)
	if code != exitLeft || !strings.Contains(out, "9  not read: ") || !strings.Contains(errs, "0 taken, 0 of them with a conflict, 9 known already, 1 not read") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if _, errs, code := here(t, "", "journal", "import", "--format", "almadat", "--data", dir, file); code != exitUsage || !strings.Contains(errs, "koc, xacts") {
		t.Errorf("a file without patrons: %d %s", code, errs)
	}
	if _, errs, code := take("--library", "moon", file); code != exitUsage || !strings.Contains(errs, "main") {
		t.Errorf("no such library: %d %s", code, errs)
	}
}

// The times of such files are seconds: a return and a loan in one are two sightings.
func TestPendingWorkOfOneSecond(t *testing.T) {
	dir := centralFolder(t, 3, 1)
	at := "2026-07-20 10:00:00 000\t"
	file := put(t, "yesterday.koc", "Version=1.0\tGenerator=kocDesktop\tGeneratorVersion=2.4\r\n"+
		at+"return\t"+itemCode(0)+"\r\n"+at+"issue\t"+cardOf(0)+"\t"+itemCode(0)+"\r\n")
	out, errs, _ := here(t, "", "journal", "import", "--format", "koc", "--json", "--data", dir, file)
	if n := results(t, out); n["not_read"] != 0 || n["taken"]+n["conflict"] != 2 {
		t.Fatalf("%v\n%s%s", n, out, errs)
	}
	if it := itemAt(t, dir, 0); it.Loan == "" || len(it.Earlier) != 1 || !it.Seen.At.After(it.Earlier[0].At) || it.Seen.At.Sub(it.Earlier[0].At) >= time.Second {
		t.Errorf("seen %v, before %+v", it.Seen.At, it.Earlier)
	}
}

// What Evergreen's tool has done comes with its own due dates, registrations first.
func TestEvergreensPendingWorkIsTaken(t *testing.T) {
	dir := centralFolder(t, 2, 3)
	file := put(t, "pending.xacts", strings.Join([]string{
		`{"timestamp":1784541600,"type":"checkout","delta":0,"patron_barcode":"29999999999998","barcode":"` + itemCode(0) + `","due_date":"2026-09-01T23:59:59.000Z","checkout_time":"2026-07-20T10:00:00.000Z"}`,
		`{"timestamp":1784541660,"type":"register","delta":0,"user":{"first_given_name":"Ana","family_name":"K\u00f6s","passwd":"1","profile":2,"home_ou":4,"ident_type":1,"card":{"barcode":"29999999999998"},"addresses":[],"survey_responses":[]}}`,
		`{"timestamp":1784541670,"type":"renew","delta":0,"barcode":"` + itemCode(0) + `","due_date":"2026-10-01T23:59:59.000Z"}`,
		`{"timestamp":1784541680,"type":"in_house_use","delta":0,"barcode":"` + itemCode(1) + `","count":2}`,
		`{"timestamp":1784541690,"type":"checkout","delta":0,"patron_barcode":"` + cardOf(0) + `","noncat":1,"noncat_type":"1","noncat_count":"3"}`,
		`{"timestamp":1784541695,"type":"che`,
	}, "\n")+"\n")
	out, errs, code := here(t, "", "journal", "import", "--format", "pending", "--json", "--data", dir, file)
	if n := results(t, out); code != exitLeft || n["not_read"] != 2 || n["taken"]+n["conflict"] != 4 {
		t.Errorf("exit %d, %v\n%s%s", code, n, out, errs)
	}
	loans, _ := lentAt(t, dir, 3)
	if want := "29999999999998 2026-10-01"; loans[itemCode(0)] != want || len(loans) != 1 {
		t.Errorf("on loan: %v, not %s", loans, want)
	}
	if out, _, _ := here(t, "", "uses", "--data", dir, "--since", "2026-07-01"); !strings.Contains(out, "2 uses") {
		t.Logf("uses: %s", out)
	}
}

// What Evergreen says of a journal that was exported becomes conflicts of its entries.
func TestExceptionsComeBackOntoOurEntries(t *testing.T) {
	dir := centralFolder(t, 2, 3)
	koc := put(t, "a.koc", "Version=1.0\tGenerator=x\tGeneratorVersion=1\n2026-07-20 10:00:00 000\tissue\t"+cardOf(0)+"\t"+itemCode(0)+"\n2026-07-20 11:00:00 000\tissue\t29999999999999\t"+itemCode(1)+"\n")
	out, _, _ := here(t, "", "journal", "import", "--format", "koc", "--json", "--data", dir, koc)
	var ids []string
	for l := range strings.Lines(out) {
		var x struct{ Entry string }
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, x.Entry)
	}
	_, before := lentAt(t, dir, 3)
	list := fmt.Sprintf(`{"ilsevent":"0","textcode":"SUCCESS","payload":[
		{"command":{"timestamp":1,"type":"checkout","barcode":%q,"uuid":%q},"event":{"ilsevent":"1202","textcode":"OPEN_CIRCULATION_EXISTS","desc":"It is \u001b[31mout"}},
		{"command":{"timestamp":1,"type":"checkout","barcode":%q,"uuid":%q},"event":[{"ilsevent":"0","textcode":"SUCCESS"},{"ilsevent":1000,"textcode":"ACTOR_CARD_NOT_FOUND"}]},
		{"command":{"timestamp":1,"type":"checkin","barcode":"1","uuid":"somebody else's"},"event":{"ilsevent":"7000","textcode":"ROUTE_ITEM"}},
		{"command":{"timestamp":1,"type":"checkin","barcode":"2"},"event":{}},
		{"no":"command"}]}`, itemCode(0), ids[0], itemCode(1), ids[1])
	file := put(t, "exceptions.json", list)
	take := func() map[string]int {
		out, errs, code := here(t, "", "journal", "exceptions", "--json", "--data", dir, file)
		if code != exitLeft || strings.Contains(out, "\x1b") {
			t.Errorf("exit %d\n%s%s", code, out, errs)
		}
		return results(t, out)
	}
	if n := take(); n["raised"] != 1 || n["joined"] != 1 || n["other"] != 2 || n["not_read"] != 1 {
		t.Errorf("%v", n)
	}
	_, conflicts := lentAt(t, dir, 3)
	met := map[string]string{}
	for _, c := range conflicts {
		for _, m := range c.Met {
			if m.Reason == circ.SystemRefused {
				met[string(c.ID)] = m.Text
			}
		}
	}
	if len(conflicts) != len(before)+1 || met[ids[0]] != "OPEN_CIRCULATION_EXISTS It is out" || met[ids[1]] != "ACTOR_CARD_NOT_FOUND" {
		t.Errorf("%d conflicts, then %d: %v", len(before), len(conflicts), met)
	}
	if n := take(); n["known"] != 2 || n["other"] != 2 {
		t.Errorf("the second time: %v", n)
	}
	if _, errs, code := here(t, "", "journal", "exceptions", "--data", dir, koc); code != exitFailed || !strings.Contains(errs, "no list of exceptions") {
		t.Errorf("another file: %d %s", code, errs)
	}
}
