package desk

import (
	"circdesk/desk/circ"
	"circdesk/desk/text"
)

// job is an input on its way to its outcome.
type job struct {
	n       int64
	in      Input
	place   Place         // where it was done
	scanned string        // for people
	sink    func(Outcome) // hears the final outcome; nil: Config.Out
	grant   *grant        // what was said yes to already; nil: nothing
	visit   *visit        // for which it is done; nil: for none
	again   bool          // it asked before the desk was killed: it is asked again, and nothing more
}

// maxScanned is how much of a scan is shown.
const maxScanned = 60

func (j *job) shows(scan string) { j.scanned = text.Clean(scan, maxScanned) }

// finish says the final outcome of a job.
func (s *Session) finish(j *job, o Outcome) {
	o.Final = true
	if s.last.n == j.n && o.Word == WordStop {
		s.last = scanned{}
	}
	s.say(j, o)
}

// say says an outcome of a job, final or not.
func (s *Session) say(j *job, o Outcome) {
	o.N, o.At, o.Waiting = j.n, s.now(), s.c.Desk.Unsettled()
	if o.Scanned == "" {
		o.Scanned = j.scanned
	}
	if j.visit != nil {
		j.visit.put(o)
	}
	switch {
	case j.sink == nil:
		s.c.Out(o)
	case o.Final:
		j.sink(o)
	}
}

// refuse ends a job with a reason of the session's own.
func (s *Session) refuse(j *job, r circ.Reason, text string) {
	s.stop(j, Outcome{}, circ.Remark{Reason: r, Text: text})
}

// stop ends a job that is not done, with its reasons.
func (s *Session) stop(j *job, o Outcome, why ...circ.Remark) {
	o.Word, o.Reasons = WordStop, append(o.Reasons, s.said(why)...)
	s.finish(j, s.worded(o))
}

// failed ends a job that could not be done because of a machine.
func (s *Session) failed(j *job, err error) {
	s.c.Log.Error("an input failed", "err", err)
	s.refuse(j, Failed, err.Error())
}

// take looks at an input that has just come.
func (s *Session) take(j *job) {
	if s.visit != nil && stirs(j.in) {
		s.visit.alive(s)
	}
	if (s.question != nil || s.answer != nil) && !s.meanwhile(j) {
		return
	}
	s.do(j)
}

// stirs reports whether an input shows that somebody is at work.
func stirs(in Input) bool {
	switch in.(type) {
	case Sleep, Focus:
		return false
	}
	return true
}

// do carries an input out.
func (s *Session) do(j *job) {
	before := s.last
	s.last = scanned{}
	switch in := j.in.(type) {
	case Scan:
		s.last = before
		s.scan(j, in.Text)
	case Go:
		s.goTo(j, in.To)
	case CheckIn:
		s.checkIn(j, in)
	case Bookdrop:
		s.bookdrop(j, in)
	case Use:
		if f, ok := s.itemScanned(j, in.Text); ok {
			s.use(j, f)
		}
	case InHouse:
		s.inHouse(j, in)
	case Done:
		s.done(j)
	case Sleep:
		s.sleep(j)
	case Yes:
		s.yes(j, in)
	case No:
		s.no(j, in)
	case SignIn:
		s.signIn(j, in)
	case SignOut:
		s.signOut(j)
	case Find:
		s.find(j, in.Query)
	case Seek:
		s.last = before
		s.seek(j, in.Query)
	case FindTitle:
		s.findTitle(j, in.Query)
	case OpenPatron:
		s.openPatron(j, in.ID)
	case Look:
		s.look(j, in.Text)
	case Shelf:
		s.shelf(j)
	case Overdue:
		s.overdue(j, in)
	case RenewAll:
		s.renewAll(j)
	case RenewItem:
		s.renewItem(j, in.Text)
	case Request:
		s.request(j, in)
	case Cancel:
		s.cancel(j, in)
	case Shelve:
		s.shelve(j, in.Text)
	case TakeOff:
		s.takeOff(j, in.Text)
	case Pay:
		s.pay(j, in)
	case Charge:
		s.charge(j, in)
	case Waive:
		s.waive(j, in)
	case Dispute:
		s.dispute(j, in)
	case Restore:
		s.restore(j, in)
	case FeeStory:
		s.feeStory(j, in)
	case Mark:
		s.mark(j, in)
	case Incomplete:
		s.incomplete(j, in)
	case Complete:
		s.complete(j, in)
	case GiveUp:
		s.giveUp(j, in)
	case Call:
		s.call(j, in)
	case Bill:
		s.bill(j, in)
	case SetParts:
		s.setParts(j, in)
	case AddItem:
		s.addItem(j, in)
	case Worklist:
		s.worklist(j, in)
	case SetDue:
		s.setDue(j, in)
	case CorrectReturn:
		s.correctReturn(j, in)
	case Recall:
		s.recall(j, in)
	case Refund:
		s.refund(j, in)
	case OpenDrawer:
		s.openDrawer(j, in)
	case CloseDrawer:
		s.closeDrawer(j, in)
	case ShowDrawer:
		s.showDrawer(j, in)
	case Born:
		s.born(j, in)
	case Block:
		s.block(j, in)
	case Unblock:
		s.unblock(j, in)
	case Alert:
		s.alert(j, in)
	case EndAlert:
		s.endAlert(j, in)
	case Register:
		s.register(j, in.Patron)
	case Edit:
		s.edit(j, in.Contact)
	case RenewCard:
		s.renewCard(j, in)
	case ReplaceCard:
		s.replaceCard(j, in.Number)
	case Link:
		s.link(j, in)
	case Merge:
		s.merge(j, in)
	case Undo:
		s.undo(j, in)
	case Sync:
		s.sync(j)
	case Pause:
		s.pause(j, in.On)
	case Conflicts:
		s.listConflicts(j)
	case Settle:
		s.settle(j, in)
	case Assign:
		s.assign(j, in)
	case CallBackOn:
		s.callBack(j, in)
	case Contact:
		s.contact(j, in)
	case Slip:
		s.slip(j)
	case Focus:
		s.focus = in.On
		s.finish(j, Outcome{Word: WordMode})
	default:
		s.refuse(j, NothingTyped, "")
	}
}
