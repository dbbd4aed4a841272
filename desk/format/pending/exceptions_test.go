package pending_test

import (
	"testing"

	"circdesk/desk/format/pending"
)

func TestExceptionsAreReadAsEvergreenGivesThem(t *testing.T) {
	one := `{"command":{"timestamp":1795450000,"type":"checkout","delta":0,"patron_barcode":"C","barcode":"B","uuid":"018f-abc"},"event":{"ilsevent":"1202","textcode":"OPEN_CIRCULATION_EXISTS","desc":"out"}}`
	for _, row := range []struct {
		name, file    string
		all, problems int
		code          string
		fails         bool
	}{
		{"a list", "[" + one + "," + one + "]", 2, 0, "OPEN_CIRCULATION_EXISTS", false},
		{"within an answer", `{"ilsevent":"0","textcode":"SUCCESS","payload":[` + one + `]}`, 1, 0, "OPEN_CIRCULATION_EXISTS", false},
		{"an object a line", one + "\n" + one + "\n", 2, 0, "OPEN_CIRCULATION_EXISTS", false},
		{"several events: the one that is no success", `[{"command":{"type":"checkin","barcode":"B"},"event":[{"ilsevent":0,"textcode":"SUCCESS"},{"ilsevent":7000,"textcode":"ROUTE_ITEM"}]}]`, 1, 0, "ROUTE_ITEM", false},
		{"an unknown type has an empty event", `[{"command":{"type":"payment"},"event":{}}]`, 1, 0, "", false},
		{"no event at all", `[{"command":{"type":"payment"}}]`, 1, 0, "", false},
		{"no command", `[{"event":{}},` + one + `]`, 1, 1, "OPEN_CIRCULATION_EXISTS", false},
		{"nobody was excepted", "[]", 0, 0, "", false},
		{"behind a byte order mark", "\ufeff[" + one + "]", 1, 0, "OPEN_CIRCULATION_EXISTS", false},
		{"nothing", "", 0, 0, "", true},
		{"another file", "Version=1.0\tGenerator=x\n", 0, 0, "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			all, problems, err := pending.ReadExceptions([]byte(row.file))
			if len(all) != row.all || len(problems) != row.problems || (err != nil) != row.fails {
				t.Fatalf("%+v, %v, %v", all, problems, err)
			}
			if len(all) > 0 && all[0].Code != row.code {
				t.Errorf("%q, not %q", all[0].Code, row.code)
			}
		})
	}
}

func FuzzReadExceptions(f *testing.F) {
	f.Add([]byte(`[{"command":{"type":"checkin","barcode":"B","uuid":"u"},"event":[{"ilsevent":7000,"textcode":"ROUTE_ITEM"}]}]`))
	f.Add([]byte(`{"payload":[{}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		all, problems, err := pending.ReadExceptions(file)
		if err != nil && len(all)+len(problems) > 0 {
			t.Errorf("%d and %d beside %v", len(all), len(problems), err)
		}
	})
}
