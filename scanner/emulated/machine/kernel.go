package main

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// metapackage depends on Debian's newest kernel. Its sister for clouds has no USB.
const metapackage = "linux-image-amd64"

const (
	imagePrefix = "linux-image-"
	image       = "vmlinuz" // what the kernel's file is called in its package, before a dash and the version
	plainImage  = "vmlinux" // the kernel's file in its folder in the cache; its modules lie beside it
)

// kernel returns the folder of a kernel: the newest that the cache has, or else
// Debian's newest, fetched.
func kernel(ctx context.Context, cache string, out io.Writer) (string, error) {
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no folder to keep the kernel in, so -cache must name one: %w", err)
		}
		cache = filepath.Join(user, "circdesk", "emulated")
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	if k := kept(cache); k != "" {
		return k, nil
	}
	depends, err := output(ctx, cache, "apt-cache", "depends", metapackage)
	if err != nil {
		return "", err
	}
	name := newest(depends)
	if name == "" {
		return "", fmt.Errorf("apt knows no %s: is this Debian, and was apt-get update run?", metapackage)
	}
	fmt.Fprintln(out, "fetching", name)
	return fetch(ctx, cache, name)
}

// kept returns the newest kernel in the cache that has all that is needed, "": there
// is none.
func kept(cache string) (newest string) {
	found, err := filepath.Glob(filepath.Join(cache, imagePrefix+"*", plainImage))
	if err != nil {
		return ""
	}
	slices.Sort(found)
	for _, file := range found {
		if folder := filepath.Dir(file); hasModules(folder) {
			newest = folder
		}
	}
	return newest
}

// hasModules reports whether a kernel's folder has the modules that are needed: a
// later version of this program may need others.
func hasModules(folder string) bool {
	for _, name := range wanted {
		if found, err := filepath.Glob(filepath.Join(folder, "[0-9][0-9]-"+moduleName(name)+".ko")); err != nil || found == nil {
			return false
		}
	}
	return true
}

// newest returns the kernel's package that the metapackage depends on.
func newest(depends string) string {
	for line := range strings.Lines(depends) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "Depends: "); ok && strings.HasPrefix(name, imagePrefix) {
			return name
		}
	}
	return ""
}

// fetch fetches a kernel's package and keeps of it what the machine needs.
func fetch(ctx context.Context, cache, name string) (string, error) {
	work, err := os.MkdirTemp(cache, "fetch-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	if _, err := output(ctx, work, "apt-get", "download", "-q", name); err != nil {
		return "", err
	}
	debs, err := filepath.Glob(filepath.Join(work, "*.deb"))
	if err != nil || len(debs) != 1 {
		return "", fmt.Errorf("fetch %s: apt has left %d packages", name, len(debs))
	}
	folder := filepath.Join(work, name)
	if err := unpack(ctx, debs[0], folder); err != nil {
		return "", fmt.Errorf("unpack %s: %w", name, err)
	}
	k := filepath.Join(cache, name)
	if err := os.RemoveAll(k); err != nil { // it was not whole
		return "", err
	}
	if err := os.Rename(folder, k); err != nil {
		return "", err
	}
	return k, nil
}

// unpack unpacks of a kernel's package the kernel and the modules that are needed.
func unpack(ctx context.Context, deb, folder string) error {
	cmd := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", deb)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	files, err := pick(out)
	_, _ = io.Copy(io.Discard, out) // so that it can end
	if e := cmd.Wait(); err == nil && e != nil {
		err = fmt.Errorf("dpkg-deb: %w", e)
	}
	if err != nil {
		return err
	}
	order, err := inOrder(files)
	if err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	for i, name := range order {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%02d-%s.ko", i, name)), files[name], 0o644); err != nil {
			return err
		}
	}
	plain, err := unpacked(ctx, files[image])
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, plainImage), plain, 0o644) // last, since it says that all is there
}

// pick reads from the files of a kernel's package the kernel and all modules that
// could be needed, by their names.
func pick(r io.Reader) (files map[string][]byte, err error) {
	files = make(map[string][]byte)
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		name := path.Base(h.Name)
		switch {
		case h.Typeflag != tar.TypeReg:
			continue
		case strings.HasPrefix(name, image+"-"):
			name = image
		case strings.HasSuffix(name, ".ko") && slices.ContainsFunc(moduleFolders, func(f string) bool { return strings.Contains(h.Name, f) }):
			name = moduleName(strings.TrimSuffix(name, ".ko"))
		default:
			continue
		}
		if files[name], err = io.ReadAll(archive); err != nil {
			return nil, err
		}
	}
	if files[image] == nil {
		return nil, errors.New("there is no kernel in it")
	}
	return files, nil
}

// unpacked returns the kernel that a compressed kernel would unpack when it starts:
// for an emulated processor that is most of the work of starting.
func unpacked(ctx context.Context, image []byte) ([]byte, error) {
	packed, err := payload(image)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "xz", "-dc")
	cmd.Stdin = bytes.NewReader(packed)
	plain, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("xz: %w", err)
	}
	return plain, nil
}

// payload returns what a kernel holds compressed, as Linux's
// Documentation/arch/x86/boot.rst tells where it lies; it must be xz's.
func payload(image []byte) ([]byte, error) {
	const (
		sectors = 0x1F1 // of 512 bytes, before the part that the payload's place is counted from
		magic   = 0x202
		offset  = 0x248
		length  = 0x24C
		header  = 0x250
		size    = 4 // at the payload's end: of what is unpacked
	)
	if len(image) < header || string(image[magic:magic+4]) != "HdrS" {
		return nil, errors.New("the kernel has no header that is known")
	}
	from := (uint64(max(image[sectors], 1))+1)*512 + uint64(binary.LittleEndian.Uint32(image[offset:]))
	to := from + uint64(binary.LittleEndian.Uint32(image[length:]))
	if to > uint64(len(image)) || from+size > to {
		return nil, errors.New("the kernel is cut")
	}
	packed := image[from : to-size]
	if !bytes.HasPrefix(packed, []byte("\xFD7zXZ\x00")) {
		return nil, errors.New("the kernel is not packed with xz")
	}
	return packed, nil
}

// output runs a program in a folder and returns what it writes; the error holds
// what it complains of.
func output(ctx context.Context, folder, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = folder
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, complaint.Bytes())
	}
	return string(out), nil
}
