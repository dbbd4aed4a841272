package hid

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"circdesk/scanner"
	"circdesk/scanner/hidreport"
	"circdesk/scanner/internal/descriptors"
	"circdesk/scanner/internal/sysfs"
)

// machine makes a tree with one scanner.
func machine(t *testing.T) sysfs.Tree {
	t.Helper()
	top := t.TempDir()
	device, part := filepath.Join(top, "sys/bus/usb/devices/9-9"), filepath.Join(top, "sys/bus/usb/devices/9-9:1.0")
	for path, content := range map[string]string{
		filepath.Join(device, "idVendor"):                               "0c2e\n",
		filepath.Join(device, "idProduct"):                              "0b67\n",
		filepath.Join(device, "busnum"):                                 "9\n",
		filepath.Join(device, "devnum"):                                 "3\n",
		filepath.Join(part, "bInterfaceClass"):                          "03\n",
		filepath.Join(part, "0003:0C2E:0B67.0001", "report_descriptor"): string(descriptors.HandHeldPOS()),
		filepath.Join(top, "dev/bus/usb/009/003"):                       "",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return sysfs.Tree{Sys: filepath.Join(top, "sys"), Dev: filepath.Join(top, "dev")}
}

func TestList(t *testing.T) {
	b := &Backend{Tree: machine(t)}
	list, err := b.List()
	if !Supported() {
		if !errors.Is(err, errors.ErrUnsupported) || list != nil {
			t.Errorf("without cgo: %+v, %v", list, err)
		}
		if _, err := b.Open(scanner.Info{}, scanner.Setup{}); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("without cgo Open says %v", err)
		}
		return
	}
	if err != nil || len(list) != 1 || list[0].Backend != "hid" || list[0].Path != "9-9:1.0" || list[0].Kind != scanner.POS || b.Stamp() == "" {
		t.Fatalf("got %+v, %v", list, err)
	}
	// There is no such device in this machine, but its file is: someone else must have it.
	if _, err := b.Open(list[0], scanner.Setup{}); !errors.Is(err, scanner.ErrBusy) {
		t.Errorf("opened: %v", err)
	}
}

func TestTheLibrarysList(t *testing.T) {
	b := &Backend{Tree: sysfs.Tree{Sys: t.TempDir(), Dev: t.TempDir()}}
	if b.Stamp() != "" {
		t.Error("it can tell what it cannot see")
	}
	list, err := b.List()
	if Supported() && err != nil || !Supported() && !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("error %v", err)
	}
	for _, i := range list { // whatever this machine has
		if i.Backend != "hid" || i.Path == "" || i.Part == "" {
			t.Errorf("%+v", i)
		}
	}
}

func TestWhy(t *testing.T) {
	there := filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name  string
		files []string
		want  error
	}{
		{"its file can be opened", []string{there}, scanner.ErrBusy},
		{"its file is not there", []string{there + "9"}, scanner.ErrGone},
		{"its file is not known", nil, scanner.ErrBusy},
	} {
		if err := why(scanner.Info{Files: row.files}); !errors.Is(err, row.want) || errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

func TestKind(t *testing.T) {
	for _, row := range []struct {
		usage hidreport.Usage
		want  scanner.Kind
	}{
		{hidreport.PageScanner<<16 | 2, scanner.POS},
		{hidreport.DesktopKeyboard, scanner.Keyboard},
		{hidreport.DesktopKeypad, scanner.Unknown},
		{0, scanner.Unknown},
	} {
		if got := kind(row.usage); got != row.want {
			t.Errorf("%s: %q", row.usage, got)
		}
	}
}

var (
	_ scanner.Stamper       = (*Backend)(nil)
	_ scanner.ReportWriter  = (*port)(nil)
	_ scanner.FeatureWriter = (*port)(nil)
)
