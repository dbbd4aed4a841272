package secret_test

import (
	"os"
	"syscall"
	"testing"

	"circdesk/store/secret"
)

func TestAPassphraseWaitsInADescriptorOnce(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	other, err := syscall.Dup(int(r.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.WriteString("open sesame\nand more\n"); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	ask := secret.FromDescriptor(uintptr(other))
	if got, err := ask(); got != "open sesame" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if got, err := ask(); err == nil {
		t.Errorf("a second time: %q", got)
	}
}
