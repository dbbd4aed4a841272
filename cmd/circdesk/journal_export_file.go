package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"circdesk/desk/format/pending"
	"circdesk/desk/journal"
	"circdesk/desk/text"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

// place is where an entry stands in the journal of its desk.
type place struct {
	Epoch uint64 `json:"epoch"`
	Seq   uint64 `json:"seq"`
}

func placeOf(e journal.Entry) place { return place{e.Epoch, e.Seq} }

func (a place) before(b place) bool { return a.Epoch < b.Epoch || a.Epoch == b.Epoch && a.Seq < b.Seq }

func (a place) String() string {
	return strconv.FormatUint(a.Epoch, 10) + "." + strconv.FormatUint(a.Seq, 10)
}

// export is a file that was written. Its names stand in the journal's notes: never
// renamed.
type export struct {
	Format    string    `json:"format"`
	File      string    `json:"file"`
	From      place     `json:"from"`
	To        place     `json:"to"`
	Entries   int       `json:"entries"`
	Kept      int       `json:"kept"` // transactions that the file says
	TakenBack int       `json:"taken_back,omitempty"`
	SHA256    string    `json:"sha256"`
	At        time.Time `json:"at"`
	Done      bool      `json:"done"` // false: it was cut short while it was written
}

// exported is a file in JSON, and leftOut what is not in it. Their names are for
// scripts: never renamed.
type exported struct {
	Kind string `json:"kind"` // "file"
	export
}

type leftOut struct {
	Kind    string      `json:"kind"` // "left", or "partly" for what the file says in part
	Entry   string      `json:"entry"`
	At      string      `json:"at"`
	What    string      `json:"what"`
	Command string      `json:"command,omitempty"`
	Card    string      `json:"card,omitempty"`
	Barcode string      `json:"barcode,omitempty"`
	Date    string      `json:"date,omitempty"` // that the file has no place for, RFC 3339
	Why     pending.Why `json:"why"`
}

// noteExports is the note of the journal that has the files, the oldest first.
const noteExports = "exports"

func readExports(ctx context.Context, j *bolt.Journal) (all []export, err error) {
	err = j.View(ctx, func(tx journal.JournalTx) error {
		v, err := tx.Note(ctx, noteExports)
		if err != nil || v == nil {
			return err
		}
		all = nil
		return json.Unmarshal(v, &all)
	})
	if err != nil {
		return nil, fmt.Errorf("read which files were written: %w", err)
	}
	return all, nil
}

// keepExport writes down that a file is being written, or has been: the last of its
// entries says so once.
func keepExport(ctx context.Context, j *bolt.Journal, e export) error {
	all, err := readExports(ctx, j)
	if err != nil {
		return err
	}
	if n := len(all); n > 0 && !all[n-1].Done {
		all = all[:n-1]
	}
	text, err := json.Marshal(append(all, e))
	if err != nil {
		return err
	}
	return j.Update(ctx, func(tx journal.JournalTx) error { return tx.SetNote(ctx, noteExports, text) })
}

// exportRange gives what the next file says: what comes after the last; once more what
// the last says, where that is asked or it was cut short.
func exportRange(done []export, again bool) (after, upTo place) {
	n := len(done)
	if n == 0 {
		return place{}, place{}
	}
	last := done[n-1]
	if again || !last.Done {
		return place{last.From.Epoch, last.From.Seq - 1}, last.To
	}
	return last.To, place{}
}

// exportPath gives the path of a file: what was named, or a name of its own in a folder.
func exportPath(out string, f pending.Format, desk string, e export, again bool) string {
	if info, err := os.Stat(out); err != nil || !info.IsDir() {
		return out
	}
	name := f.Prefix + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, desk) + "_" + e.From.String() + "-" + e.To.String()
	if again {
		name += "_again_" + e.At.Format("20060102-150405")
	}
	return filepath.Join(out, name+f.Ext)
}

// writeExport writes a file that is not there yet. It is written down before, so that
// what a crash leaves is no second file of the same work.
func writeExport(ctx context.Context, j *bolt.Journal, e *export, file []byte) error {
	sum := sha256.Sum256(file)
	e.SHA256 = hex.EncodeToString(sum[:])
	if err := keepExport(ctx, j, *e); err != nil {
		return err
	}
	have, err := os.ReadFile(e.File)
	switch {
	case err == nil && !bytes.Equal(have, file):
		return fmt.Errorf("write %s: it is there already, and says something else", e.File)
	case errors.Is(err, os.ErrNotExist):
		err = writeWhole(e.File, file)
	}
	if err != nil {
		return err
	}
	e.Done = true
	return keepExport(ctx, j, *e)
}

// writeWhole writes a file for its owner alone, durably, or leaves none.
func writeWhole(path string, data []byte) error {
	part := path + ".part"
	w, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	if err = errors.Join(err, w.Sync(), w.Close()); err == nil {
		var have []byte
		if have, err = os.ReadFile(part); err == nil && !bytes.Equal(have, data) {
			err = fmt.Errorf("write %s: it does not say what was written", path)
		}
	}
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}

// listExports lists the files that were written.
func (p *program) listExports(ctx context.Context, j *bolt.Journal, asJSON bool) error {
	all, err := readExports(ctx, j)
	if err != nil {
		return err
	}
	if len(all) == 0 && !asJSON {
		p.note(p.words.Text(words.ExportNoneYet))
	}
	for _, e := range all {
		if asJSON {
			err = writeJSON(p.out, exported{"file", e})
		} else {
			cutShort := ""
			if !e.Done {
				cutShort = p.words.Text(words.ExportCutShort)
			}
			_, err = fmt.Fprintln(p.out, p.words.N(words.ExportLine, e.Kept, "at", p.words.DateTime(e.At, time.Local), "file", text.Clean(e.File, 300),
				"format", e.Format, "from", e.From.String(), "to", e.To.String(), "cut_short", cutShort))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
