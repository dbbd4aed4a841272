//go:build linux

package main

import (
	"context"
	"fmt"

	"circdesk/scanner"
	"circdesk/scanner/hid"
	"circdesk/scanner/hidraw"
)

// way is one way to reach scanners.
type way struct {
	name    string
	backend scanner.Backend
	anew    func() scanner.Backend // as a program has it that has just started
}

// combination is one way to reach one kind of scanner.
type combination struct {
	way
	model  model
	serial string // of the device that is plugged in
}

// run is what a check does.
type run = func(context.Context) (saw string, err error)

// checks are all checks in their order: what every way makes of every kind of
// scanner, what only one of them is about, and then what they make of one another.
func checks(t *teller) (list []check) {
	list = append(list, check{"the library's own list is ours", libraryAgrees})
	for _, w := range []way{
		{"karalabe/hid", &hid.Backend{}, func() scanner.Backend { return &hid.Backend{} }},
		{"hidraw", &hidraw.Backend{}, func() scanner.Backend { return &hidraw.Backend{} }},
	} {
		for _, kind := range []struct {
			name  string
			model model
		}{{"POS", pos}, {"keyboard", keys}} {
			c := combination{w, kind.model, fmt.Sprintf("%s-%s", w.backend.Name(), kind.model.kind)}
			for _, row := range []struct {
				name string
				run  run
				only scanner.Kind
			}{
				{"is listed as what it is, opens and closes", c.listed, ""},
				{"1,000 scans, none lost or changed", c.scans, ""},
				{"a batch from its memory, none lost or changed", c.batch, ""},
				{"reports in several packets", c.inPackets, scanner.POS},
				{"unplugged in the middle of a scan, and plugged in again", c.unplugged, ""},
				{"no permission, until the rule gives it", c.denied, ""},
				{"two desks do not share it", c.shared, ""},
				{"its keys go to nobody else, and come back", c.alone, scanner.Keyboard},
				{"signals and the switch to reports reach it", c.signalled, scanner.POS},
				{"never takes what is written to it", c.muteWrites, scanner.POS},
				{"never sends anything", c.neverSends, ""},
				{"the desk is killed, and started anew", c.killed, ""},
			} {
				if row.only == "" || row.only == kind.model.kind {
					list = append(list, check{w.name + ", " + kind.name + ": " + row.name, row.run})
				}
			}
		}
		for _, row := range []struct {
			name string
			run  run
		}{
			{"an ordinary keyboard is left alone, unless it is named", w.ordinary(t)},
			{"a device that never answers for its names", w.muteNames},
			{"a device that never answers for its descriptor", w.muteDescriptor},
			{"hostile descriptors, reports and names", w.hostile},
		} {
			list = append(list, check{w.name + ": " + row.name, row.run})
		}
	}
	return append(list,
		check{"four scanners at once, both ways", together},
		check{"the better way is barred, so the other is taken", otherWay},
		check{"hidraw: a scanner of Bluetooth", bluetooth},
	)
}
