package sipwire

// PatronStatus is the 14 marks of a patron. A mark that is set denies
// something, or says why.
type PatronStatus uint16

// The marks, in the order in which they stand.
const (
	ChargeDenied PatronStatus = 1 << iota
	RenewalDenied
	RecallDenied
	HoldDenied
	CardLost
	TooManyCharged
	TooManyOverdue
	TooManyRenewals
	TooManyClaimsReturned
	TooManyLost
	ExcessiveFines
	ExcessiveFees
	RecallOverdue
	TooManyBilled
)

const statusMarks = 14

// NoLoan are the marks that stand against a loan. The others are about
// renewals, recalls and holds only, or about what may be renewed.
const NoLoan = ChargeDenied | CardLost | TooManyCharged | TooManyOverdue |
	TooManyLost | ExcessiveFines | ExcessiveFees | RecallOverdue | TooManyBilled

// ReadPatronStatus reads 14 marks: Y is set; a blank, or N, is not. ok is false
// for anything else.
func ReadPatronStatus(b []byte) (s PatronStatus, ok bool) {
	if len(b) != statusMarks {
		return 0, false
	}
	for i := range b {
		yes, ok := ReadMark(b[i : i+1])
		if !ok {
			return 0, false
		}
		if yes {
			s |= 1 << i
		}
	}
	return s, true
}

// Append writes 14 marks, Y or blank.
func (s PatronStatus) Append(dst []byte) []byte {
	for i := range statusMarks {
		c := byte(' ')
		if s&(1<<i) != 0 {
			c = 'Y'
		}
		dst = append(dst, c)
	}
	return dst
}

// PatronStatus returns the marks of a message that has them.
func (m *Message) PatronStatus() (s PatronStatus, ok bool) {
	b, ok := m.Part(PatronStatusPart)
	if !ok {
		return 0, false
	}
	return ReadPatronStatus(b)
}

// List says which list of items a patron information is to bring.
type List int

// The lists, in the order of their marks. A request has one at most.
const (
	NoList List = iota - 1
	HoldList
	OverdueList
	ChargedList
	FineList
	RecallList
	UnavailableHoldList
)

const summaryMarks = 10

// Tag returns the field in which the items of the list come, "" for none.
func (l List) Tag() Tag {
	tags := [...]Tag{HoldItem, OverdueItem, ChargedItem, FineItem, RecallItem, UnavailableHold}
	if l < 0 || int(l) >= len(tags) {
		return ""
	}
	return tags[l]
}

// ReadList reads the 10 marks of a summary: the first Y counts, as systems in
// use have it. ok is false where bytes are no summary; a Y that asks for a list
// that the protocol does not have is [NoList].
func ReadList(b []byte) (l List, ok bool) {
	if len(b) != summaryMarks {
		return NoList, false
	}
	l = NoList
	for i := range b {
		yes, ok := ReadMark(b[i : i+1])
		if !ok {
			return NoList, false
		}
		if yes && l == NoList && i <= int(UnavailableHoldList) {
			l = List(i)
		}
	}
	return l, true
}

// Append writes the 10 marks.
func (l List) Append(dst []byte) []byte {
	for i := range summaryMarks {
		c := byte(' ')
		if i == int(l) && l.Tag() != "" {
			c = 'Y'
		}
		dst = append(dst, c)
	}
	return dst
}

// Services is what a system says that it takes, in BX.
type Services uint32

// The services, in the order in which they stand.
const (
	TakesPatronStatus Services = 1 << iota
	TakesCheckout
	TakesCheckin
	TakesBlockPatron
	TakesStatus
	TakesResend
	TakesLogin
	TakesPatronInformation
	TakesEndSession
	TakesFeePaid
	TakesItemInformation
	TakesItemStatusUpdate
	TakesPatronEnable
	TakesHold
	TakesRenew
	TakesRenewAll
)

const services = 16

// Supported reads BX: Y or N for each service. What stands behind the 16th is
// passed over, what is missing is not supported, and what is neither Y nor N is
// not.
func Supported(b []byte) Services {
	var s Services
	for i := range min(len(b), services) {
		if yes, _ := ReadYesNo(b[i : i+1]); yes {
			s |= 1 << i
		}
	}
	return s
}

// Append writes BX.
func (s Services) Append(dst []byte) []byte {
	for i := range services {
		dst = append(dst, yesNoByte(s&(1<<i) != 0))
	}
	return dst
}
