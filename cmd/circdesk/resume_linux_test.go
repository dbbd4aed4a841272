package main

import (
	"strings"
	"testing"

	"circdesk/cmd/internal/sample"
	"circdesk/tui/kit/screentest"
)

func TestADeskThatIsKilledComesBackOnTheScreen(t *testing.T) {
	t.Parallel()
	tour, dir := sample.TheTour(), demoFolder(t)
	begin := func() (term *screentest.Terminal, saw func(words ...string), kill func()) {
		t.Helper()
		cmd := command("demo", "--data", dir)
		cmd.Env = append(cmd.Env, "TERM=xterm-256color", "TZ=Europe/Berlin")
		term = screentest.Start(t, cmd, 100, 30)
		saw = func(words ...string) { t.Helper(); term.WaitFor(screentest.Contains(words...), longEnough) }
		kill = func() {
			t.Helper()
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = term.Exit(longEnough)
		}
		return term, saw, kill
	}
	term, saw, kill := begin()
	saw("Ana K.", "line up")
	term.Type(tour.Lend + "\r")
	saw("SILVA, Maria")
	term.Type(tour.LendItem + "\r")
	saw("OUT", "Middlemarch", "due ")
	kill()

	term, saw, kill = begin()
	saw("SILVA, Maria", "OUT", "Middlemarch", "goes on where it stopped")
	term.Type(tour.Owes + "\r")
	saw("WU, Tom")
	term.Type("31234567890064\r")
	saw("ASK", "Alt+Y", "Alt+N")
	term.Type(tour.LendItem + "\r")
	saw("1 scan waiting")
	kill()

	term, saw, kill = begin()
	saw("WU, Tom", "ASK", "Alt+Y", "Alt+N", "1 scan waiting")
	term.Key("alt+n")
	saw("on loan to SILVA, Maria") // what waited asks in its turn
	term.Key("alt+n")
	term.WaitFor(func(s string) bool { return !strings.Contains(s, "Alt+N") }, longEnough)
	term.Key("f3")
	saw("[F3 In]")
	term.Type(tour.LendItem + "\r")
	saw("IN ", "Middlemarch")
	kill()

	_, saw, kill = begin()
	saw("[F3 In]")
	kill()
}
