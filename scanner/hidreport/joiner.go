package hidreport

// Joiner puts together reports that are longer than one transfer, where the
// system hands on every transfer by itself.
type Joiner struct {
	Descriptor *Descriptor // says how long a report is; nil: every transfer is a report
	Packet     int         // most bytes of a transfer; 0: every transfer is a report

	held []byte
	want int
}

// Join takes a transfer and returns the report that is complete with it, nil: none
// yet. A transfer that is not full ends a report, as USB has it. The report is
// valid until the next call.
func (j *Joiner) Join(transfer []byte) (report []byte) {
	if len(j.held) == 0 {
		j.want = j.length(transfer)
		if j.want <= j.Packet || j.Packet <= 0 || len(transfer) != j.Packet {
			return transfer
		}
	}
	j.held = append(j.held, transfer...)
	if len(j.held) < j.want && len(transfer) == j.Packet {
		return nil
	}
	report = j.held
	j.held = j.held[:0]
	return report
}

// length is how long the report is that a transfer begins.
func (j *Joiner) length(transfer []byte) int {
	if j.Descriptor == nil || len(transfer) == 0 {
		return 0
	}
	if j.Descriptor.Numbered {
		return j.Descriptor.Length(Input, transfer[0])
	}
	return j.Descriptor.Length(Input, 0)
}

// Drop forgets a report that is not complete, and reports whether there was one.
func (j *Joiner) Drop() bool {
	held := len(j.held) > 0
	j.held = j.held[:0]
	return held
}
