package health

import "circdesk/desk/central"

// OfEnrolment is the question whether the central system will take what is done.
const OfEnrolment Name = "enrolment"

// What it says.
const (
	EnrolmentAlone   Code = "enrolment_alone"
	EnrolmentOpen    Code = "enrolment_open"
	EnrolmentDays    Code = "enrolment_days"
	EnrolmentShort   Code = "enrolment_short"
	EnrolmentLapsed  Code = "enrolment_lapsed"
	EnrolmentRevoked Code = "enrolment_revoked"
	EnrolmentUnknown Code = "enrolment_unknown"
)

// LeastDays is how many days an enrolment is to last.
const LeastDays = 7

// Enrolment says whether the desk may deliver, and for how many days it may be away.
func Enrolment(f Facts) Answer {
	if f.Alone {
		return yes(OfEnrolment, EnrolmentAlone)
	}
	switch f.Standing {
	case central.Lapsed:
		return no(OfEnrolment, EnrolmentLapsed)
	case central.Revoked:
		return no(OfEnrolment, EnrolmentRevoked)
	case central.Unknown:
		return no(OfEnrolment, EnrolmentUnknown)
	}
	if f.Ends.IsZero() {
		return yes(OfEnrolment, EnrolmentOpen)
	}
	days := int(f.Ends.Sub(f.Now).Hours() / 24)
	a := yes(OfEnrolment, EnrolmentDays)
	if days < LeastDays {
		a = no(OfEnrolment, EnrolmentShort)
	}
	a.N, a.At = max(days, 0), f.Ends
	return a
}
