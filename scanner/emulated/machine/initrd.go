package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeInitrd writes the archive of the machine's files: its program, which is the
// first process, the modules of the kernel in the folder, and the pattern of the
// checks that shall run.
func writeInitrd(name, guest, kernel, pattern string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	a := archive{w: w}
	a.folder("modules")
	a.file("checks", 0o644, []byte(pattern))
	if err := a.copied("init", 0o755, guest); err != nil {
		return err
	}
	modules, err := filepath.Glob(filepath.Join(kernel, "*.ko"))
	if err != nil {
		return err
	}
	for _, m := range modules {
		if err := a.copied("modules/"+filepath.Base(m), 0o644, m); err != nil {
			return err
		}
	}
	a.end()
	if a.err == nil {
		a.err = w.Flush()
	}
	if a.err != nil {
		return fmt.Errorf("write %s: %w", name, a.err)
	}
	return f.Close()
}

// archive writes files in the form in which a kernel takes its first ones: cpio's
// "newc", as Linux's Documentation/driver-api/early-userspace has it.
type archive struct {
	w     io.Writer
	inode int
	err   error // the first
}

const (
	regular   = 0o100000
	directory = 0o040000
	alignment = 4
)

func (a *archive) folder(name string) { a.entry(name, directory|0o755, nil) }

func (a *archive) file(name string, mode int, data []byte) { a.entry(name, regular|mode, data) }

func (a *archive) copied(name string, mode int, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	a.file(name, mode, data)
	return nil
}

func (a *archive) end() { a.entry("TRAILER!!!", 0, nil) }

// entry writes one file: a head of hexadecimal numbers, its name, its data, each
// filled up to a multiple of four bytes.
func (a *archive) entry(name string, mode int, data []byte) {
	a.inode++
	links := 1
	head := "070701"
	for _, n := range []int{a.inode, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0} {
		head += fmt.Sprintf("%08x", n)
	}
	a.aligned([]byte(head + name + "\x00"))
	a.aligned(data)
}

func (a *archive) aligned(b []byte) {
	fill := make([]byte, (alignment-len(b)%alignment)%alignment)
	for _, part := range [][]byte{b, fill} {
		if a.err == nil {
			_, a.err = a.w.Write(part)
		}
	}
}
