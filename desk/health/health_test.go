package health_test

import (
	"errors"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/health"
)

var now = time.Date(2026, 3, 2, 14, 5, 0, 0, time.UTC)

// ready is a desk that would survive an outage.
func ready() health.Facts {
	return health.Facts{
		Now: now, Desk: "d1", Whole: true, Copy: now.Add(-10 * time.Second), MostAge: 24 * time.Hour, Up: true, Behind: health.No,
		Disk: health.Space{Free: 10 << 30, Known: true}, Sealed: true, Standing: central.Enrolled, Ends: now.AddDate(0, 0, 90),
		Rules: health.Pair{Here: "7", There: "7"}, Operators: 2, Clock: health.Offset{By: time.Second, Known: true},
		Spares: []central.DeskState{{Desk: "d1", Standing: central.Enrolled}, {Desk: "d2", Standing: central.Enrolled, Ends: now.AddDate(0, 0, 60)}, {Desk: "d3", Standing: central.Revoked, Ends: now}},
	}
}

func TestADeskThatIsReady(t *testing.T) {
	if all := health.Look(ready()); len(health.Missing(all)) > 0 || len(all) != len(health.Checks()) {
		t.Errorf("%+v", all)
	}
}

func TestEachAnswerTurnsToNo(t *testing.T) {
	seen := map[health.Name]bool{}
	for _, row := range []struct {
		name  string
		turn  func(*health.Facts)
		check health.Name
		code  health.Code
	}{
		{"the copy was never filled", func(f *health.Facts) { f.Whole, f.Behind = false, health.NotKnown; f.Copy = time.Time{}; f.MostAge = 0 }, health.OfCopy, health.CopyNone},
		{"it is being filled", func(f *health.Facts) { f.Filling = true }, health.OfCopy, health.CopyFilling},
		{"it is not whole", func(f *health.Facts) { f.Whole = false }, health.OfCopy, health.CopyPart},
		{"the facts are of the day before yesterday", func(f *health.Facts) { f.Copy = now.Add(-25 * time.Hour) }, health.OfAge, health.AgeOld},
		{"the central system has something newer", func(f *health.Facts) { f.Behind = health.Yes }, health.OfFeed, health.FeedBehind},
		{"the journal cannot be written", func(f *health.Facts) { f.Journal = errors.New("read-only file system") }, health.OfJournal, health.JournalFails},
		{"the disk is nearly full", func(f *health.Facts) { f.Disk.Free = 499 << 20 }, health.OfDisk, health.DiskFull},
		{"the keyring does not answer", func(f *health.Facts) { f.Keys = errors.New("locked") }, health.OfKeys, health.KeysGone},
		{"the desk was revoked", func(f *health.Facts) { f.Standing = central.Revoked }, health.OfEnrolment, health.EnrolmentRevoked},
		{"its enrolment has lapsed", func(f *health.Facts) { f.Standing = central.Lapsed }, health.OfEnrolment, health.EnrolmentLapsed},
		{"it is not enrolled", func(f *health.Facts) { f.Standing = central.Unknown }, health.OfEnrolment, health.EnrolmentUnknown},
		{"its enrolment ends in six days", func(f *health.Facts) { f.Ends = now.AddDate(0, 0, 6) }, health.OfEnrolment, health.EnrolmentShort},
		{"other rules are in force here", func(f *health.Facts) { f.Rules.There = "8" }, health.OfRules, health.RulesOther},
		{"nobody may sign in", func(f *health.Facts) { f.Operators = 0 }, health.OfSignIn, health.SignInNobody},
		{"the operators cannot be read", func(f *health.Facts) { f.SignIn = errors.New("line 3") }, health.OfSignIn, health.SignInFails},
		{"the clock is three minutes behind", func(f *health.Facts) { f.Clock.By = 3 * time.Minute }, health.OfClock, health.ClockBehind},
		{"the clock is an hour ahead", func(f *health.Facts) { f.Clock.By = -time.Hour }, health.OfClock, health.ClockAhead},
		{"entries wait for an hour with a line", func(f *health.Facts) { f.Waiting, f.Oldest = 3, now.Add(-time.Hour) }, health.OfWaiting, health.WaitingLong},
		{"entries wait for four days without one", func(f *health.Facts) { f.Up, f.Waiting, f.Oldest = false, 3, now.AddDate(0, 0, -4) }, health.OfWaiting, health.WaitingLong},
		{"a spare desk lapses in five days", func(f *health.Facts) { f.Spares[1].Ends = now.AddDate(0, 0, 5) }, health.OfSpares, health.SparesLapse},
		{"a spare desk has lapsed", func(f *health.Facts) { f.Spares[1].Standing = central.Lapsed }, health.OfSpares, health.SparesLapse},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := ready()
			row.turn(&f)
			missing := health.Missing(health.Look(f))
			if len(missing) == 0 || missing[0].Check != row.check || missing[0].Code != row.code {
				t.Errorf("missing: %+v", missing)
			}
			if len(missing) > 1 && !f.Copy.IsZero() {
				t.Errorf("more than one answer turns: %+v", missing)
			}
			seen[row.check] = true
		})
	}
	for _, a := range health.Look(ready()) {
		if !seen[a.Check] {
			t.Errorf("nothing turns the answer of %s to no", a.Check)
		}
	}
}

func TestWhatNobodyKnowsIsNoReason(t *testing.T) {
	for _, row := range []struct {
		name string
		turn func(*health.Facts)
	}{
		{"an outage is under way", func(f *health.Facts) {
			f.Up, f.Behind, f.Rules.There, f.Clock.Known, f.Standing, f.Ends, f.Spares = false, health.NotKnown, "", false, "", time.Time{}, nil
			f.Waiting, f.Oldest = 200, now.Add(-8*time.Hour)
		}},
		{"a desk with its own server", func(f *health.Facts) {
			f.Alone, f.Standing, f.Ends, f.Sealed, f.Rules.There = true, "", time.Time{}, false, ""
		}},
		{"entries are on their way", func(f *health.Facts) { f.Waiting, f.Oldest = 1, now.Add(-time.Second) }},
		{"the age does not matter to the library", func(f *health.Facts) { f.MostAge, f.Copy = 0, now.AddDate(0, 0, -10) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := ready()
			if row.turn(&f); len(health.Missing(health.Look(f))) > 0 {
				t.Errorf("missing: %+v", health.Missing(health.Look(f)))
			}
		})
	}
}
