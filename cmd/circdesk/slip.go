package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"circdesk/cmd/internal/folder"
)

// printTime is how long a printer's program may take.
const printTime = 10 * time.Second

// slip gives what writes slips: to a file, one after the other, or to the
// system's printer.
func (p *program) slip(where folder.Folder, s folder.Settings) func(string) error {
	if s.Slip.To == "printer" {
		return printSlip
	}
	file := s.Slip.File
	if file == "" {
		file = where.File(folder.Slips)
	}
	return func(text string) error { return appendSlip(file, text) }
}

func appendSlip(file, text string) error {
	w, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = w.WriteString(text + "\f\n")
	return errors.Join(err, w.Close())
}

// printSlip hands a slip to the system's own program for printing.
func printSlip(text string) error {
	name, args := "lp", []string{"-s"}
	if runtime.GOOS == "windows" {
		name, args = "powershell", []string{"-NoProfile", "-NonInteractive", "-Command", "[Console]::In.ReadToEnd() | Out-Printer"}
	}
	ctx, cancel := context.WithTimeout(context.Background(), printTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = strings.NewReader(text)
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	if err := cmd.Run(); err != nil {
		said, _, _ := strings.Cut(strings.TrimSpace(trouble.String()), "\n")
		return fmt.Errorf("print with %s: %w %s", name, err, said)
	}
	return nil
}
