package desk

import (
	"slices"
	"strconv"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// request requests a title, or one copy of it, for the open visit.
func (s *Session) request(j *job, in Request) {
	j.shows(in.Text)
	if !s.may(j, circ.RightCirculate) {
		return
	}
	v, ok := s.here(j)
	if !ok {
		return
	}
	cmd := circ.Place{Patron: v.patron, Title: in.Title, Copy: in.Copy, Note: text.Clean(in.Note, maxText)}
	if in.Pickup != "" {
		pickup, known := s.library(in.Pickup)
		if !known {
			s.refuse(j, NothingTyped, "")
			return
		}
		cmd.Pickup = pickup
	}
	var f found
	if in.Text != "" {
		code, ok := s.code(j, in.Text)
		if !ok {
			return
		}
		var err error
		if f, err = s.resolve(code); err != nil {
			s.failed(j, err)
			return
		}
		f = s.lookedUp(f, code)
		switch {
		case f.item != nil:
			cmd.Item, cmd.Barcode = f.item.ID, f.item.Barcode
		case len(f.titles) == 1 && !in.Copy:
			cmd.Title, f.title = f.titles[0].ID, f.titles[0]
		case len(f.titles) > 0:
			s.isbn(j, f)
			return
		default:
			cmd.Barcode = f.label.Code
		}
	} else if in.Title == "" {
		s.refuse(j, NothingTyped, "")
		return
	} else if err := s.read(func(f2 *facts) { f.title = f2.title(in.Title) }); err != nil {
		s.failed(j, err)
		return
	}
	j.visit = v
	p, title := s.short(v.panel.Patron), clean(f.title.Title)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: title, patron: &p, tell: warnings(f), done: func(o *Outcome, _ circ.Decision, es []circ.Event) {
		o.Text = s.c.Words.Text(words.OutcomeRequested, "title", title, "name", p.Name, "place", s.placeInLine(es))
		*o = s.warned(*o)
	}})
}

// library finds a library by its id or its name.
func (s *Session) library(name string) (policy.LibraryID, bool) {
	fold := text.Fold(name)
	all := s.c.Desk.Policy().Libraries()
	for _, l := range all {
		if string(l.ID) == name || text.Fold(l.Name) == fold {
			return l.ID, true
		}
	}
	return policy.LibraryID(text.Clean(name, maxScanned)), len(all) == 0
}

// placeInLine says which number a request that was placed has in its queue;
// empty while it is not there yet.
func (s *Session) placeInLine(es []circ.Event) (place string) {
	for _, e := range es {
		placed, ok := circ.Value(e).(circ.Placed)
		if !ok {
			continue
		}
		err := s.read(func(f *facts) {
			queue := index[circ.Request](f, circ.QueueOf, string(placed.Title), listSize)
			if i := slices.IndexFunc(queue, func(r circ.Request) bool { return r.ID == placed.Request }); i >= 0 {
				place = strconv.Itoa(i + 1)
			}
		})
		if err != nil {
			s.c.Log.Error("a queue could not be read", "err", err)
		}
	}
	return place
}

// cancel cancels a request: by its id, or by its number in the open visit.
func (s *Session) cancel(j *job, in Cancel) {
	if !s.may(j, circ.RightCirculate) {
		return
	}
	id := in.ID
	if id == "" {
		v, ok := s.here(j)
		if !ok {
			return
		}
		s.freshen(v)
		if in.N < 1 || in.N > len(v.panel.Requests) {
			s.stop(j, Outcome{}, circ.Remark{Reason: NoSuchNumber, N: in.N})
			return
		}
		j.visit = v
		id = v.panel.Requests[in.N-1].ID
	}
	var title string
	err := s.read(func(f *facts) {
		if r, ok := one[circ.Request](f, circ.KindRequest, string(id)); ok {
			title = clean(f.title(r.Title).Title)
		}
	})
	if err != nil {
		s.failed(j, err)
		return
	}
	s.perform(&order{job: j, cmd: circ.CancelRequest{Request: id}, title: title, done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Text = s.c.Words.Text(words.OutcomeCancelled, "title", title)
		*o = s.warned(*o)
	}})
}
