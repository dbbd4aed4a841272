package main

import (
	"archive/tar"
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNewest(t *testing.T) {
	for _, row := range []struct{ name, said, want string }{
		{"Debian 12", "linux-image-amd64\n  Depends: linux-image-6.1.0-56-amd64\n", "linux-image-6.1.0-56-amd64"},
		{"with what may stand for it", "linux-image-amd64\n |Depends: <linux-image>\n  Depends: linux-image-6.1.0-56-amd64\n  Recommends: firmware\n", "linux-image-6.1.0-56-amd64"},
		{"apt knows nothing", "", ""},
		{"another system's", "linux-image-amd64\n  Depends: firmware\n", ""},
	} {
		if got := newest(row.said); got != row.want {
			t.Errorf("%s: got %q", row.name, got)
		}
	}
}

// module makes a module that says what it needs: a file of sections without code.
func module(t *testing.T, info string) []byte {
	t.Helper()
	const head, section = 64, 64
	names := "\x00.modinfo\x00.shstrtab\x00"
	var b bytes.Buffer
	write := func(v any) {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	h := elf.Header64{
		Type: uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: 1, Ehsize: head,
		Shoff: uint64(head + len(info) + len(names)), Shentsize: section, Shnum: 3, Shstrndx: 2,
	}
	copy(h.Ident[:], elf.ELFMAG+"\x02\x01\x01")
	write(h)
	b.WriteString(info + names)
	write(elf.Section64{})
	write(elf.Section64{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: head, Size: uint64(len(info)), Addralign: 1})
	write(elf.Section64{Name: 10, Type: uint32(elf.SHT_STRTAB), Off: uint64(head + len(info)), Size: uint64(len(names)), Addralign: 1})
	return b.Bytes()
}

// modules are those of a kernel, with what each needs.
func modules(t *testing.T) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	for name, needs := range map[string]string{
		"usb_common": "", "usbcore": "usb-common", "xhci_hcd": "usbcore,usb-common", "xhci_pci": "xhci-hcd,usbcore",
		"usbip_core": "usbcore", "vhci_hcd": "usbip-core,usbcore", "hid": "", "usbhid": "usbcore,hid", "hid_generic": "hid",
		"evdev": "", "uhid": "hid", "mouse": "nobody",
	} {
		files[name] = module(t, "license=GPL\x00depends="+needs+"\x00vermagic=6.1\x00")
	}
	return files
}

func TestInOrder(t *testing.T) {
	files := modules(t)
	order, err := inOrder(files)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range order {
		needs, err := needed(files[name])
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range needs {
			if at := slices.Index(order, n); at < 0 || at >= i {
				t.Errorf("%s comes before %s, which it needs: %q", name, n, order)
			}
		}
	}
	for _, name := range wanted {
		if !slices.Contains(order, moduleName(name)) {
			t.Errorf("%s is not there", name)
		}
	}
	if len(order) != 11 || slices.Contains(order, "mouse") {
		t.Errorf("there are %q", order)
	}
	for _, row := range []struct {
		name   string
		change func(map[string][]byte)
		want   string
	}{
		{"a module that is wanted is not there", func(f map[string][]byte) { delete(f, "uhid") }, "no module uhid"},
		{"a module that another needs is not there", func(f map[string][]byte) { delete(f, "usb_common") }, "no module usb_common"},
		{"two that need one another", func(f map[string][]byte) { f["hid"] = module(t, "depends=usbhid\x00") }, "needs itself"},
		{"no module", func(f map[string][]byte) { f["hid"] = []byte("hid") }, "module hid"},
		{"half a module", func(f map[string][]byte) { f["hid"] = f["hid"][:70] }, "module hid"},
	} {
		files := modules(t)
		row.change(files)
		if _, err := inOrder(files); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v", row.name, err)
		}
	}
}

// pack makes the files of a package.
func pack(t *testing.T, files map[string]string) io.Reader {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for name, content := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestPick(t *testing.T) {
	files := map[string]string{
		"./boot/vmlinuz-6.1.0-56-amd64":                                    "kernel",
		"./boot/config-6.1.0-56-amd64":                                     "settings",
		"./lib/modules/6.1.0-56-amd64/kernel/drivers/hid/hid-generic.ko":   "generic",
		"./lib/modules/6.1.0-56-amd64/kernel/drivers/usb/host/xhci-hcd.ko": "xhci",
		"./lib/modules/6.1.0-56-amd64/kernel/drivers/net/e1000.ko":         "net",
	}
	got, err := pick(pack(t, files))
	want := map[string][]byte{"vmlinuz": []byte("kernel"), "hid_generic": []byte("generic"), "xhci_hcd": []byte("xhci")}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
	delete(files, "./boot/vmlinuz-6.1.0-56-amd64")
	if _, err := pick(pack(t, files)); err == nil {
		t.Error("a kernel that is not there was found")
	}
	if _, err := pick(strings.NewReader("no package at all")); err == nil {
		t.Error("what is no package was read")
	}
}

// packed makes a kernel with a payload.
func packed(payload string) []byte {
	b := make([]byte, 2*512+0x40, 2*512+0x40+len(payload))
	b[0x1F1] = 1
	copy(b[0x202:], "HdrS")
	binary.LittleEndian.PutUint32(b[0x248:], 0x40)
	binary.LittleEndian.PutUint32(b[0x24C:], uint32(len(payload)))
	return append(append(b, payload...), "and more"...)
}

func TestPayload(t *testing.T) {
	const xz = "\xFD7zXZ\x00kernel"
	got, err := payload(packed(xz + "size"))
	if err != nil || string(got) != xz {
		t.Errorf("got %q, %v", got, err)
	}
	long := packed(xz + "size")
	binary.LittleEndian.PutUint32(long[0x24C:], 1<<32-1)
	for name, image := range map[string][]byte{
		"nothing": nil, "no kernel": make([]byte, 4096), "a kernel that is cut": packed(xz + "size")[:1100],
		"a payload longer than the kernel": long, "no payload": packed(""), "packed another way": packed("\x28\xb5\x2f\xfdkernelsize"),
	} {
		if got, err := payload(image); err == nil {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestKept(t *testing.T) {
	cache := t.TempDir()
	keep := func(name string, files ...string) {
		t.Helper()
		if err := os.Mkdir(filepath.Join(cache, name), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if err := os.WriteFile(filepath.Join(cache, name, file), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := kept(cache); got != "" {
		t.Errorf("an empty cache has %q", got)
	}
	whole := []string{plainImage}
	for i, name := range wanted {
		whole = append(whole, fmt.Sprintf("%02d-%s.ko", i, moduleName(name)))
	}
	keep("linux-image-6.1.0-50-amd64", whole...)
	keep("linux-image-6.1.0-56-amd64", whole...)
	keep("linux-image-6.1.0-57-amd64", whole[1:]...) // without a kernel
	keep("linux-image-6.1.0-58-amd64", whole[:3]...) // of an earlier version of this program
	if got := filepath.Base(kept(cache)); got != "linux-image-6.1.0-56-amd64" {
		t.Errorf("got %q", got)
	}
}

// unarchive reads an archive of a kernel's first files.
func unarchive(t *testing.T, b []byte) map[string]string {
	t.Helper()
	files := make(map[string]string)
	take := func(n int) string {
		t.Helper()
		if n > len(b) {
			t.Fatalf("the archive is cut: %d bytes of %d", len(b), n)
		}
		s := string(b[:n])
		b = b[min(len(b), (n+3)/4*4):]
		return s
	}
	for {
		var n [13]int
		for i := range n {
			if _, err := fmt.Sscanf(string(b[6+8*i:14+8*i]), "%x", &n[i]); err != nil {
				t.Fatal(err)
			}
		}
		head := take(110 + n[11])
		name := strings.TrimSuffix(head[110:], "\x00")
		if !strings.HasPrefix(head, "070701") || len(name) != n[11]-1 {
			t.Fatalf("head %q", head)
		}
		data := take(n[6])
		if name == "TRAILER!!!" {
			return files
		}
		files[name] = fmt.Sprintf("%o %s", n[1], data)
	}
}

func TestInitrd(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{"guest": "program", "01-b.ko": "bb", "00-a.ko": "a", plainImage: "kernel"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	initrd := filepath.Join(folder, "initrd")
	if err := writeInitrd(initrd, filepath.Join(folder, "guest"), folder, "unplug"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(initrd)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"modules": "40755 ", "checks": "100644 unplug", "init": "100755 program", "modules/00-a.ko": "100644 a", "modules/01-b.ko": "100644 bb"}
	if got := unarchive(t, b); !reflect.DeepEqual(got, want) || len(b)%4 != 0 {
		t.Errorf("got %q", got)
	}
	if err := writeInitrd(initrd, filepath.Join(folder, "none"), folder, ""); err == nil {
		t.Error("a program that is not there was written")
	}
}

func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := missing(t.Context())
	if err == nil {
		t.Fatal("nothing is missing where there is nothing")
	}
	for _, name := range append(packages(), "qemu-system-x86_64", "libc.a") {
		if !strings.Contains(err.Error(), name) && !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s is not told: %v", name, err)
		}
	}
}

func TestHowItIsCalled(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"packages"}, &out); err != nil || strings.TrimSpace(out.String()) != strings.Join(packages(), " ") {
		t.Errorf("got %q, %v", out.String(), err)
	}
	for _, args := range [][]string{{"-run", "("}, {"unplug"}, {"-limit", "soon"}, {"packages", "more"}} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

// pretend puts a program in the place of QEMU: a shell script, whose file 3 is the
// report.
func pretend(t *testing.T, script string) machine {
	t.Helper()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("a script stands for QEMU: ", err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "qemu-system-x86_64"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	return machine{kernel: "k", initrd: "i", console: filepath.Join(folder, "console"), limit: time.Minute}
}

func TestMachine(t *testing.T) {
	const (
		plan = `echo '{"Plan":["a","b"]}' >&3` + "\n"
		a    = `echo '{"Check":{"Name":"a"}}' >&3` + "\n"
		b    = `echo '{"Check":{"Name":"b","Saw":"much"}}' >&3` + "\n"
		end  = `echo '{"End":true}' >&3` + "\n"
	)
	for _, row := range []struct {
		name   string
		script string
		limit  time.Duration
		want   []string // of the error; nil: none
		out    string
	}{
		{"all is well", plan + a + b + end, 0, nil, "ok    b (much)\n2 of 2 checks passed"},
		{"a check failed", plan + a + `echo '{"Check":{"Name":"b","Failed":"lost"}}' >&3` + "\n" + end, 0, []string{"b: failed"}, "FAIL  b: lost\n1 of 2 checks passed"},
		{"the machine stops", plan + a, 0, []string{"b: was not told", "stopped before its end"}, "1 of 2 checks passed"},
		{"the machine does not start", "echo no such kernel >&2; exit 1", 0, []string{"exit status 1", "no check was planned"}, "no such kernel"},
		{"the machine fails after its end", plan + a + b + end + "exit 3", 0, []string{"exit status 3"}, "2 of 2"},
		{"the machine hangs", plan + "exec sleep 60", 200 * time.Millisecond, []string{"was ended after 200ms", "a: was not told"}, "0 of 2"},
		{"what it tells is no report", plan + "echo oops >&3\nexec sleep 60", 0, []string{`read "oops"`, "a: was not told"}, "0 of 2"},
		{"it types", plan + `printf '%s\n' '{"Type":"3\n"}' >&3
			echo '{"QMP":{}}'
			read -r line; case $line in *qmp_capabilities*) ;; *) exit 4;; esac
			read -r line; case $line in *send-key*'"3"'*) ;; *) exit 5;; esac
			read -r line; case $line in *send-key*'"ret"'*) ;; *) exit 6;; esac
			echo '{"return":{}}'; echo '{"event":"RESET"}'; echo '{"return":{}}'; echo '{"return":{}}'
			` + a + b + end, 0, nil, "2 of 2"},
		{"a key that there is none of", plan + `echo '{"Type":"ä"}' >&3
			echo '{"QMP":{}}'; read -r line; read -r line
			echo '{"return":{}}'; echo '{"error":{"class":"GenericError","desc":"invalid key"}}'
			exec sleep 60`, 0, []string{`type "ä": send-key: invalid key`}, "0 of 2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := pretend(t, row.script)
			if row.limit > 0 {
				m.limit = row.limit
			}
			var out bytes.Buffer
			err := m.run(t.Context(), &out)
			if (err == nil) != (row.want == nil) || !strings.Contains(out.String(), row.out) {
				t.Errorf("error %v, told was:\n%s", err, out.String())
			}
			for _, want := range row.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, not %q", err, want)
				}
			}
		})
	}
}

func TestTheMachineEndsWithItsCaller(t *testing.T) {
	m := pretend(t, "exec sleep 60")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.run(ctx, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestArguments(t *testing.T) {
	args := strings.Join(machine{kernel: "/k", initrd: "/i", console: "/c"}.arguments(), " ")
	for _, want := range []string{"-kernel /k", "-initrd /i", "-serial file:/c", "-accel tcg"} {
		if !strings.Contains(args, want) {
			t.Errorf("no %q in %s", want, args)
		}
	}
}

func TestKeep(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	console := filepath.Join(t.TempDir(), "console")
	if err := os.WriteFile(console, []byte("panic"), 0o600); err != nil {
		t.Fatal(err)
	}
	where, ok := strings.CutPrefix(keep(console), "the machine's console: ")
	if b, err := os.ReadFile(where); !ok || err != nil || string(b) != "panic" {
		t.Errorf("kept in %q: %q, %v", where, b, err)
	}
	if said := keep(filepath.Join(t.TempDir(), "none")); !strings.Contains(said, "has written nothing") {
		t.Errorf("said %q", said)
	}
}

func TestCommandsAreOfTheProtocol(t *testing.T) {
	var sent bytes.Buffer
	k := &keyboard{in: &sent, out: json.NewDecoder(strings.NewReader(strings.Repeat(`{"return":{}}`, 3)))}
	if err := k.types("a\n"); err != nil {
		t.Fatal(err)
	}
	want := `{"execute":"qmp_capabilities"}
{"execute":"send-key","arguments":{"hold-time":40,"keys":[{"data":"a","type":"qcode"}]}}
{"execute":"send-key","arguments":{"hold-time":40,"keys":[{"data":"ret","type":"qcode"}]}}
`
	if sent.String() != want {
		t.Errorf("sent:\n%s", sent.String())
	}
	if err := k.types("b"); !errors.Is(err, io.EOF) {
		t.Errorf("QEMU is gone: %v", err)
	}
}
