package pos

import (
	"strings"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/hidreport"
)

const (
	patience = 500 * time.Millisecond // for the rest of a scan
	maxBegun = 8 << 10                // bytes of a scan that goes on
)

// Decoder makes scans of reports. It is a [scanner.Decoder].
//
// A scan that is longer than a report comes in several. It is given up as
// [scanner.Torn] when nothing more comes for half a second, when a report of
// another symbology follows, or when the device is gone, and as
// [scanner.TooLong] beyond 8 KiB: half a scan is none.
type Decoder struct {
	setup  scanner.Setup
	maker  maker
	known  *hidreport.Descriptor // nil: the forms are guessed
	forms  []form                // of known
	joiner hidreport.Joiner

	form      *form // of the scan that was begun; nil: none was
	text      []byte
	symbology string
	skip      bool          // until the end of a scan that was given up
	idle      time.Duration // since the last report
}

// New makes a decoder for a device. Where its descriptor cannot be read or holds no
// scanned data, the form of its reports is guessed.
func New(info scanner.Info, setup scanner.Setup) *Decoder {
	d := &Decoder{setup: setup, maker: makers[info.Vendor]}
	if parsed, err := hidreport.Parse(info.Descriptor); err == nil {
		if forms := formsOf(&parsed); len(forms) > 0 {
			d.known, d.forms = &parsed, forms
			d.joiner = hidreport.Joiner{Descriptor: &parsed, Packet: info.Packet}
		}
	}
	return d
}

// Decode is [scanner.Decoder.Decode].
func (d *Decoder) Decode(data []byte, at time.Time) scanner.Reading {
	d.idle = 0
	report := d.joiner.Join(data)
	if report == nil {
		return scanner.Reading{More: true}
	}
	form, known := d.formOf(report)
	if form == nil {
		if known {
			return scanner.Reading{}
		}
		return d.giveUp(scanner.Unreadable)
	}
	text, whole := form.text(report)
	r := scanner.Reading{Text: string(text), Symbology: form.symbology(report), More: form.goesOn(report)}
	if d.skip {
		d.skip = r.More
		return r
	}
	if d.form != nil && (form.number != d.form.number || r.Symbology != "" && r.Symbology != d.symbology) {
		torn := d.giveUp(scanner.Torn)
		r.Fault, r.Lost = torn.Fault, torn.Lost
	}
	if !whole {
		torn := d.giveUp(scanner.Torn)
		r.Fault, r.Lost = torn.Fault, torn.Lost+r.Text
		d.skip = r.More
		return r
	}
	if d.form == nil {
		d.form, d.symbology = form, r.Symbology
	}
	d.text = append(d.text, text...)
	switch {
	case !r.More:
		r.Scans = d.scans(at)
	case len(d.text) > maxBegun:
		long := d.giveUp(scanner.TooLong)
		r.Fault, r.Lost = long.Fault, long.Lost
		d.skip = true
	}
	return r
}

// formOf returns the form of a report; known says of one that holds no scanned
// data whether the device told of it.
func (d *Decoder) formOf(report []byte) (f *form, known bool) {
	if d.known == nil {
		if d.form != nil && len(report) == documented && (d.form.number == 0 || report[0] == d.form.number) {
			return d.form, true
		}
		return guess(report, d.maker), false
	}
	number := uint8(0)
	if d.known.Numbered {
		if len(report) == 0 {
			return nil, true
		}
		number = report[0]
	}
	for i := range d.forms {
		if d.forms[i].number == number {
			return &d.forms[i], true
		}
	}
	return nil, d.known.Length(hidreport.Input, number) > 0
}

// scans returns the scan that is complete, if there is one.
func (d *Decoder) scans(at time.Time) []scanner.Scan {
	symbology := d.symbology
	text, end := closed(string(d.text))
	d.clear()
	if text == "" || d.isReply(symbology) {
		return nil
	}
	return []scanner.Scan{d.setup.Scan(symbology, text, 0, end, at)}
}

// isReply reports whether a symbology says that a device answers a command: it has
// read nothing.
func (d *Decoder) isReply(symbology string) bool {
	return symbology == "]Z6" || symbology == "]X0" && d.maker == handHeldMaker
}

// closed leaves out the key that some scanners append to the data.
func closed(text string) (string, scanner.End) {
	for _, key := range []struct {
		text string
		end  scanner.End
	}{{"\r\n", scanner.Enter}, {"\r", scanner.Enter}, {"\n", scanner.LineFeed}, {"\t", scanner.Tab}} {
		if t, ok := strings.CutSuffix(text, key.text); ok {
			return t, key.end
		}
	}
	return text, scanner.Whole
}

// Idle is [scanner.Decoder.Idle].
func (d *Decoder) Idle(waited time.Duration, at time.Time) scanner.Reading {
	if d.idle += waited; d.idle < patience {
		return scanner.Reading{}
	}
	return d.End(at)
}

// End is [scanner.Decoder.End].
func (d *Decoder) End(time.Time) scanner.Reading {
	begun := d.joiner.Drop() || d.form != nil
	d.skip = false
	if !begun {
		return scanner.Reading{}
	}
	return d.giveUp(scanner.Torn)
}

// giveUp forgets what was begun and says why.
func (d *Decoder) giveUp(why scanner.Fault) scanner.Reading {
	lost := string(d.text)
	d.clear()
	return scanner.Reading{Fault: why, Lost: lost}
}

func (d *Decoder) clear() {
	d.form, d.text, d.symbology = nil, nil, ""
}
