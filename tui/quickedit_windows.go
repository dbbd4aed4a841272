package tui

import (
	"os"

	"golang.org/x/sys/windows"
)

// quickEditOff takes away the console's QuickEdit mode, in which a click into
// the window stops the program until a key is pressed. It gives what puts the
// mode back. What is no console is left alone.
func quickEditOff() (restore func()) {
	in := windows.Handle(os.Stdin.Fd())
	var mode uint32
	if windows.GetConsoleMode(in, &mode) != nil {
		return func() {}
	}
	if windows.SetConsoleMode(in, mode&^windows.ENABLE_QUICK_EDIT_MODE|windows.ENABLE_EXTENDED_FLAGS) != nil {
		return func() {}
	}
	return func() { _ = windows.SetConsoleMode(in, mode|windows.ENABLE_EXTENDED_FLAGS) } // a console that has gone needs nothing
}
