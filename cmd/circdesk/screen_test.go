package main

import (
	"fmt"
	"strings"
	"testing"

	"circdesk/cmd/internal/sample"
	"circdesk/tui/kit/screentest"
)

// screen starts the program in a real terminal.
func screen(t testing.TB, cols, rows int, args ...string) *screentest.Terminal {
	t.Helper()
	cmd := command(args...)
	for i, e := range cmd.Env {
		if strings.HasPrefix(e, "TERM=") {
			cmd.Env[i] = "TERM=xterm-256color"
		}
	}
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "TZ=Europe/Berlin")
	return screentest.Start(t, cmd, cols, rows)
}

func TestANewcomerLendsABookOnTheScreen(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {132, 43}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			tour := sample.TheTour()
			dir := demoFolder(t)
			term := screen(t, size[0], size[1], "demo", "--data", dir)
			saw := func(words ...string) { t.Helper(); term.WaitFor(screentest.Contains(words...), longEnough) }
			saw("Ana K.", "line up", tour.Lend, tour.LendItem) // who, and what to try
			term.Type(tour.Lend + "\r")
			saw("SILVA, Maria")
			term.Type(tour.LendItem + "\r")
			saw("OUT", "Middlemarch", "due ")
			term.Type(tour.Owes + "\n")
			saw("WU, Tom", "owes 13.20")
			term.Type("31234567890064\r")
			saw("ASK", "Alt+Y", "Alt+N")
			term.Type(tour.LendItem + "\r") // a scan already in flight answers nothing
			saw("1 scan waiting")
			term.Key("alt+n")
			saw("on loan to SILVA, Maria") // what waited asks in its turn
			term.Key("alt+n")
			term.WaitFor(func(s string) bool { return !strings.Contains(s, "Alt+N") }, longEnough)
			term.Key("ctrl+k")
			term.Type("pull")
			term.Key("enter")
			saw("NO LINE")
			term.Key("f3")
			saw("[F3 In]")
			term.Type(tour.LendItem + "\t")
			saw("IN", "Middlemarch")
			term.Key("ctrl+k")
			term.Type("plug")
			term.Key("enter")
			saw("line up", "0 waiting")
			term.Key("ctrl+c")
			saw("Close the program?")
			term.Key("alt+y")
			if err := term.Exit(longEnough); err != nil {
				t.Error(err)
			}
			if open := openLoans(t, dir); open[tour.LendItem] != "" {
				t.Errorf("%s is still out", tour.LendItem)
			}
		})
	}
}
