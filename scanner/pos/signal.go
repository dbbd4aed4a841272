package pos

import (
	"circdesk/scanner"
	"circdesk/scanner/hidreport"
)

// usages are what a device may have for a signal, the best first.
var usages = map[scanner.Signal][]hidreport.Usage{
	scanner.GoodRead:  {hidreport.GoodReadBeep, hidreport.GoodReadLED},
	scanner.BadRead:   {hidreport.ErrorBeep},
	scanner.NotOnFile: {hidreport.NotOnFileBeep, hidreport.ErrorBeep},
}

// beep is the command of Hand Held Products' scanners that makes them beep.
const beep = "\x16\x07\r"

// Signals returns the output report for each signal that a device with this
// descriptor takes, nil: none. Only flags that stand by themselves are used, so
// nothing else of the scanner is switched.
func Signals(descriptor []byte) map[scanner.Signal][]byte {
	d, err := hidreport.Parse(descriptor)
	if err != nil {
		return nil
	}
	signals := make(map[scanner.Signal][]byte)
	for signal, usages := range usages {
		for _, u := range usages {
			if report := flag(&d, u); report != nil {
				signals[signal] = report
				break
			}
		}
	}
	if report := command(&d, beep); report != nil && signals[scanner.GoodRead] == nil {
		signals[scanner.GoodRead] = report
	}
	if len(signals) == 0 {
		return nil
	}
	return signals
}

// flag returns the output report in which one flag is set, nil: there is none.
func flag(d *hidreport.Descriptor, u hidreport.Usage) []byte {
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.Way != hidreport.Output || !f.Variable || f.Size != 1 {
			continue
		}
		if n, ok := f.Find(u); ok {
			report := blank(d, f)
			hidreport.SetBit(report, f.Bit+n)
			return framed(d, report)
		}
	}
	return nil
}

// command returns the output report that carries a command, nil: there is none
// that has room for it.
func command(d *hidreport.Descriptor, text string) []byte {
	for i := range d.Fields {
		data := &d.Fields[i]
		n, ok := data.Find(hidreport.StreamData)
		if !ok || n != 0 || data.Way != hidreport.Output || data.Size != 8 || data.Count < len(text) || data.Bit%8 != 0 {
			continue
		}
		for j := range d.Fields {
			length := &d.Fields[j]
			n, ok := length.Find(hidreport.StreamLength)
			if !ok || n != 0 || length.Way != hidreport.Output || length.Report != data.Report || length.Size != 8 || length.Bit%8 != 0 {
				continue
			}
			report := blank(d, data)
			report[length.Bit/8] = byte(len(text))
			copy(report[data.Bit/8:], text)
			return framed(d, report)
		}
	}
	return nil
}

// Redirection returns the feature report that makes a scanner which types send its
// scans as reports, or type again; nil: it has no such switch.
func Redirection(descriptor []byte, toReports bool) []byte {
	d, err := hidreport.Parse(descriptor)
	if err != nil {
		return nil
	}
	for i := range d.Fields {
		f := &d.Fields[i]
		if n, ok := f.Find(hidreport.OutputRedirection); ok && f.Way == hidreport.Feature {
			report := blank(&d, f)
			if toReports {
				hidreport.SetBit(report, f.Bit+n*f.Size)
			}
			return framed(&d, report)
		}
	}
	return nil
}

// blank returns the report of a field, all zeros but its number.
func blank(d *hidreport.Descriptor, f *hidreport.Field) []byte {
	report := make([]byte, d.Length(f.Way, f.Report))
	if d.Numbered {
		report[0] = f.Report
	}
	return report
}

// framed puts a zero in the place of the number that a report has not, as
// [scanner.ReportWriter] asks.
func framed(d *hidreport.Descriptor, report []byte) []byte {
	if d.Numbered {
		return report
	}
	return append([]byte{0}, report...)
}
