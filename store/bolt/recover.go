package bolt

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"circdesk/store/secret"
)

// RecoverableBy wraps the journal's keys also for the recovery key of a server, by
// its public half: whoever has the other half can open the journal when the desk's
// key is lost. When it takes the place of another one, what is written from then
// on is sealed with a new key, which the other one does not open. Nothing is
// written when it is the one already, or the journal is not sealed. It reports
// whether it took the place of another one.
func (j *Journal) RecoverableBy(ctx context.Context, public string) (other bool, err error) {
	f := j.f
	if f.sealer == nil || public == "" {
		return false, nil
	}
	f.sealer.rekey.Lock()
	defer f.sealer.rekey.Unlock()
	if f.sealer.opens == public {
		return false, nil
	}
	var keys []dataKey
	err = f.writer.update(ctx, func(t *tx) error {
		keys, other = nil, false
		v, err := t.get(bucketMeta, metaSeal)
		if err != nil {
			return err
		}
		form, err := readSealForm(v)
		if err != nil {
			return t.damaged("its keys: %v", err)
		}
		if keys, other, err = f.sealer.wrapAll(&form, f, public); err != nil || keys == nil {
			return err
		}
		if v, err = writeSealForm(form); err != nil {
			return err
		}
		return t.put(bucketMeta, metaSeal, v)
	})
	if err == nil && keys != nil {
		err = f.sealer.use(keys)
	}
	if err != nil {
		return false, fmt.Errorf("seal %s for a recovery key, too: %w", f.path, err)
	}
	f.sealer.opens = public
	return other, nil
}

// wrapAll wraps all keys for a recovery key, and adds a new one where another
// recovery key opens the last; nil: there is nothing to do.
func (s *sealer) wrapAll(form *sealForm, f *file, public string) (keys []dataKey, other bool, err error) {
	keys = *s.keys.Load()
	if len(keys) == 0 || len(keys) != len(form.Keys) {
		return nil, false, errors.New("its keys are not those it was opened with")
	}
	last := form.Keys[len(keys)-1].To
	if last[public] != nil {
		return nil, false, nil
	}
	for i, k := range keys {
		if form.Keys[i].To[public] != nil {
			continue
		}
		wrapped, err := secret.WrapFor(public, k.key)
		if err != nil {
			return nil, false, err
		}
		to := maps.Clone(form.Keys[i].To)
		if to == nil {
			to = map[string][]byte{}
		}
		to[public] = wrapped
		form.Keys[i].To = to
	}
	if other = len(last) > 0; !other {
		return keys, false, nil
	}
	if len(keys) == mostKeys {
		return nil, false, errors.New("it has had too many recovery keys")
	}
	made, wrapped, err := s.makeKey(f.kind, f.id[:], len(keys)+1, public)
	if err != nil {
		return nil, false, err
	}
	form.Keys = append(form.Keys, wrapped)
	return append(keys[:len(keys):len(keys)], made), true, nil
}
