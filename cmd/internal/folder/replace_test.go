package folder_test

import (
	"os"
	"runtime"
	"testing"

	"circdesk/cmd/internal/folder"
)

func TestAFileThatIsReplacedKeepsItsRightsAndItsPlace(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("rights and links are others there")
	}
	where, elsewhere := folder.Folder(t.TempDir()), folder.Folder(t.TempDir())
	if err := os.WriteFile(elsewhere.File("kept.toml"), []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere.File("kept.toml"), where.File(folder.Rules)); err != nil {
		t.Fatal(err)
	}
	if err := where.Replace(folder.Rules, []byte("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(elsewhere.File("kept.toml"))
	if err != nil || info.Mode().Perm() != 0o640 || !info.Mode().IsRegular() {
		t.Errorf("%v, %v", info, err)
	}
	if text, err := os.ReadFile(where.File(folder.Rules)); err != nil || string(text) != "new" {
		t.Errorf("%q, %v", text, err)
	}
	if link, err := os.Lstat(where.File(folder.Rules)); err != nil || link.Mode()&os.ModeSymlink == 0 {
		t.Errorf("it is no link any more: %v, %v", link, err)
	}
	if err := where.Replace("fresh", []byte("new")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(where.File("fresh")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("a new file: %v, %v", info, err)
	}
}
