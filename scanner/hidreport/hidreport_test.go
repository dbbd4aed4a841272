package hidreport

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"circdesk/scanner"
	"circdesk/scanner/internal/descriptors"
)

func TestKind(t *testing.T) {
	for _, row := range []struct {
		name       string
		descriptor []byte
		want       scanner.Kind
		length     int // of input report 0, 2
	}{
		{"a keyboard scanner", descriptors.Gryphon(), scanner.Keyboard, 8},
		{"a keyboard whose greatest value is -1", descriptors.QEMU(), scanner.Keyboard, 8},
		{"a keyboard with numbered reports", descriptors.NumberedKeyboard(), scanner.Keyboard, 8},
		{"a scanner with 62 bytes a report", descriptors.PlainPOS(), scanner.POS, 62},
		{"a scanner with beeps and commands", descriptors.HandHeldPOS(), scanner.POS, 64},
		{"a mouse", descriptors.Mouse(), scanner.Unknown, 3},
		{"nothing", nil, scanner.Unknown, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, err := Parse(row.descriptor)
			if err != nil {
				t.Fatal(err)
			}
			if d.Kind() != row.want || Kind(row.descriptor) != row.want {
				t.Errorf("kind %q", d.Kind())
			}
			number := uint8(0)
			if d.Numbered {
				number = 2
			}
			if n := d.Length(Input, number); n != row.length {
				t.Errorf("%d bytes", n)
			}
		})
	}
}

func TestParse(t *testing.T) {
	d, err := Parse(descriptors.HandHeldPOS())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		way    Way
		usage  Usage
		report uint8
		bit    int
		size   int
	}{
		{"the count", Input, ByteCount, 2, 8, 8},
		{"the first character of the symbology", Input, Symbology1, 2, 16, 8},
		{"the last character of the symbology", Input, Symbology3, 2, 32, 8},
		{"the data", Input, DecodedData, 2, 40, 8},
		{"the maker's symbology", Input, 0xFF660004, 2, 488, 8},
		{"more follows", Input, DecodedDataGoesOn, 2, 504, 1},
		{"the beep of a wrong scan", Output, ErrorBeep, 4, 13, 1},
		{"the beep of a good scan", Output, GoodReadBeep, 4, 14, 1},
		{"the length of a command", Output, StreamLength, 0xFD, 8, 8},
		{"a command", Output, StreamData, 0xFD, 16, 8},
		{"redirection", Feature, OutputRedirection, 0xFE, 8, 8},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, f := range d.Fields {
				i, ok := f.Find(row.usage)
				if !ok || f.Way != row.way {
					continue
				}
				if got := f.Bit + i*f.Size; f.Report != row.report || got != row.bit || f.Size != row.size {
					t.Errorf("report %d, bit %d, size %d", f.Report, got, f.Size)
				}
				if f.Application != PageScanner<<16|2 || f.Usage(i) != row.usage {
					t.Errorf("application %s, usage %s", f.Application, f.Usage(i))
				}
				return
			}
			t.Error("not found")
		})
	}
	for _, row := range []struct {
		way    Way
		report uint8
		want   int
	}{{Input, 2, 64}, {Output, 4, 2}, {Feature, 0xFE, 2}, {Output, 0xFD, 64}, {Input, 4, 0}} {
		if got := d.Length(row.way, row.report); got != row.want {
			t.Errorf("way %d, report %d: %d bytes", row.way, row.report, got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	deep := strings.Repeat("a1 00 ", maxDepth)
	ends := strings.Repeat("c0 ", maxDepth)
	for _, row := range []struct {
		name       string
		descriptor []byte
		want       error
	}{
		{"an item that is cut", descriptors.Bytes("05"), errShort},
		{"an item of four bytes that is cut", descriptors.Bytes("07 01 02 03"), errShort},
		{"a long item that is cut", descriptors.Bytes("fe 05 01 02"), errShort},
		{"a long item without its length", descriptors.Bytes("fe 05"), errShort},
		{"a collection that does not end", descriptors.Bytes("a1 01"), errOpen},
		{"an end too many", descriptors.Bytes("a1 01 c0 c0"), errClosed},
		{"collections at the bound", descriptors.Bytes(deep + ends), nil},
		{"a collection too deep", descriptors.Bytes(deep + "a1 00 c0" + ends), errDepth},
		{"too much put aside", descriptors.Bytes(strings.Repeat("a4 ", maxDepth+1)), errDepth},
		{"taken back and not put aside", descriptors.Bytes("b4"), errStack},
		{"a report with the number 0", descriptors.Bytes("85 00"), errNumber},
		{"a report with a number of two bytes", descriptors.Bytes("86 00 01"), errNumber},
		{"values of 33 bits", descriptors.Bytes("75 21 95 01 81 02"), errSize},
		{"room of 33 bits", descriptors.Bytes("75 21 95 01 81 03"), nil},
		{"the longest report", descriptors.Bytes("75 08 96 ff 03 81 02"), nil},
		{"a report too long", descriptors.Bytes("75 08 96 00 04 81 02"), errReport},
		{"a report too long by many fields", descriptors.Bytes("75 08 96 ff 02 81 02 96 ff 02 81 02"), errReport},
		{"a count and a size whose product has no room", descriptors.Bytes("77 ff ff ff ff 97 ff ff ff ff 81 02"), errReport},
		{"too many usages", descriptors.Bytes(strings.Repeat("09 01 ", 2*maxSpans+1)), errUsages},
		{"too many usages of a field", descriptors.Bytes(strings.Repeat("09 01 ", maxSpans+1) + "75 01 95 01 81 02"), errUsages},
		{"too many fields", descriptors.Bytes("75 01 95 01" + strings.Repeat("81 02 ", maxFields+1)), errFields},
		{"a descriptor too long", make([]byte, MaxDescriptor+1), errDescriptor},
		{"a range of usages that ends before it begins", descriptors.Bytes("19 09 29 03 75 01 95 01 81 02"), nil},
		{"a range of usages without an end", descriptors.Bytes("19 09 75 01 95 01 81 02"), nil},
		{"long items", descriptors.Bytes("fe 02 01 aa bb fe 00 01"), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Parse(row.descriptor)
			if row.want == nil && err != nil || row.want != nil && !strings.Contains(errorText(err), row.want.Error()) {
				t.Errorf("got %v, want %v", err, row.want)
			}
			if row.want != nil && Kind(row.descriptor) != scanner.Unknown {
				t.Error("it has a kind")
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestUsages(t *testing.T) {
	for _, row := range []struct {
		name  string
		items string
		want  []Usage // of the values 0, 1, 2 …
	}{
		{"a usage for each value", "05 07 09 04 09 05 75 01 95 02 81 02", []Usage{0x070004, 0x070005}},
		{"the last usage is that of the rest", "05 07 09 04 09 05 75 01 95 04 81 02", []Usage{0x070004, 0x070005, 0x070005, 0x070005}},
		{"a range", "05 07 19 e0 29 e2 75 01 95 03 81 02", []Usage{0x0700E0, 0x0700E1, 0x0700E2}},
		{"the page that holds at the field", "05 01 09 04 05 07 75 01 95 01 81 02", []Usage{0x070004}},
		{"a usage that carries its page", "05 01 0b 04 00 07 00 75 01 95 01 81 02", []Usage{0x070004}},
		{"a list: the value says which", "05 07 19 04 29 06 75 08 95 01 81 00", []Usage{0x070004, 0x070005, 0x070006, 0}},
		{"no usage", "75 08 95 01 81 02", []Usage{0}},
		{"values put aside", "05 07 a4 05 08 75 01 95 01 81 02 b4 09 04 75 01 95 01 81 02", []Usage{0x070004}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, err := Parse(descriptors.Bytes(row.items))
			if err != nil {
				t.Fatal(err)
			}
			f := d.Fields[len(d.Fields)-1]
			for i, want := range row.want {
				if got := f.Usage(i); got != want {
					t.Errorf("value %d: %s, want %s", i, got, want)
				}
			}
			if f.Usage(-1) != 0 {
				t.Error("a value before the first has a usage")
			}
		})
	}
}

func TestBits(t *testing.T) {
	report := []byte{0x81, 0x7e, 0xff}
	for _, row := range []struct {
		bit, size int
		want      uint32
		ok        bool
	}{
		{0, 8, 0x81, true},
		{4, 8, 0xe8, true},
		{7, 2, 1, true},
		{0, 24, 0xff7e81, true},
		{23, 1, 1, true},
		{24, 1, 0, false},
		{17, 8, 0, false},
		{-1, 1, 0, false},
		{0, 0, 0, false},
		{0, 33, 0, false},
	} {
		if got, ok := Bits(report, row.bit, row.size); got != row.want || ok != row.ok {
			t.Errorf("bits %d to %d: %x, %v", row.bit, row.bit+row.size, got, ok)
		}
	}
	set := make([]byte, 2)
	SetBit(set, 9)
	SetBit(set, 16)
	SetBit(set, -1)
	if !bytes.Equal(set, []byte{0, 2}) {
		t.Errorf("set %x", set)
	}
}

func TestJoin(t *testing.T) {
	pos, err := Parse(descriptors.HandHeldPOS())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := Parse(descriptors.Gryphon())
	if err != nil {
		t.Fatal(err)
	}
	whole := append([]byte{2}, bytes.Repeat([]byte{7}, 63)...)
	for _, row := range []struct {
		name   string
		joiner Joiner
		chunks []int // lengths, of the bytes of whole
		want   []int // lengths of reports
	}{
		{"reports that come whole", Joiner{Descriptor: &pos, Packet: 64}, []int{64}, []int{64}},
		{"a packet whose length nobody knows", Joiner{Descriptor: &pos}, []int{8, 8}, []int{8, 8}},
		{"a device that does not say how long", Joiner{Packet: 8}, []int{8, 8}, []int{8, 8}},
		{"a report in eight transfers", Joiner{Descriptor: &pos, Packet: 8}, []int{8, 8, 8, 8, 8, 8, 8, 8}, []int{64}},
		{"a report in two unequal transfers", Joiner{Descriptor: &pos, Packet: 60}, []int{60, 4}, []int{64}},
		{"a short report ends with a short transfer", Joiner{Descriptor: &pos, Packet: 8}, []int{8, 8, 3}, []int{19}},
		{"a short report of one transfer", Joiner{Descriptor: &pos, Packet: 32}, []int{20}, []int{20}},
		{"a report joined already", Joiner{Descriptor: &pos, Packet: 8}, []int{64}, []int{64}},
		{"keys need no joining", Joiner{Descriptor: &keys, Packet: 8}, []int{8, 8}, []int{8, 8}},
		{"a keyboard with a packet of 64", Joiner{Descriptor: &keys, Packet: 64}, []int{8, 8}, []int{8, 8}},
		{"nothing", Joiner{Descriptor: &pos, Packet: 8}, []int{0}, []int{0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []int
			rest := whole
			for _, n := range row.chunks {
				report := row.joiner.Join(rest[:n])
				rest = rest[n:]
				if len(rest) == 0 {
					rest = whole
				}
				if report != nil {
					got = append(got, len(report))
				}
			}
			if !bytes.Equal(lengths(got), lengths(row.want)) || row.joiner.Drop() {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func lengths(n []int) (b []byte) {
	for _, n := range n {
		b = append(b, byte(n))
	}
	return b
}

func TestDrop(t *testing.T) {
	pos, err := Parse(descriptors.HandHeldPOS())
	if err != nil {
		t.Fatal(err)
	}
	j := Joiner{Descriptor: &pos, Packet: 8}
	if j.Join([]byte{2, 3, 4, 5, 6, 7, 8, 9}) != nil || !j.Drop() || j.Drop() {
		t.Error("the beginning of a report was not dropped once")
	}
	for i := range 8 {
		if report := j.Join([]byte{2, 3, 4, 5, 6, 7, 8, byte(i)}); (report != nil) != (i == 7) || report != nil && len(report) != 64 {
			t.Errorf("transfer %d: %d bytes", i, len(report))
		}
	}
}

// Reports in transfers of any length are the reports.
func TestAnyTransferGivesTheSameReports(t *testing.T) {
	pos, err := Parse(descriptors.HandHeldPOS())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		j := Joiner{Descriptor: &pos, Packet: rapid.IntRange(1, 70).Draw(t, "packet")}
		for range rapid.IntRange(1, 5).Draw(t, "reports") {
			want := append([]byte{2}, rapid.SliceOfN(rapid.Byte(), 63, 63).Draw(t, "report")...)
			var got []byte
			for rest := want; len(rest) > 0; {
				n := min(len(rest), j.Packet)
				if got != nil {
					t.Fatal("a report before its end")
				}
				got = bytes.Clone(j.Join(rest[:n]))
				rest = rest[n:]
			}
			if !bytes.Equal(got, want) {
				t.Fatalf("got %x, want %x", got, want)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, b := range [][]byte{descriptors.Gryphon(), descriptors.QEMU(), descriptors.PlainPOS(), descriptors.HandHeldPOS(), descriptors.Mouse(), descriptors.NumberedKeyboard()} {
		f.Add(b, []byte{2, 3, ']', 'A', '0', '1', '2', '3'})
	}
	f.Add(descriptors.Bytes("77 ff ff ff ff 97 ff ff ff ff 81 02"), []byte{0})
	f.Fuzz(func(t *testing.T, b, report []byte) {
		d, err := Parse(b)
		if err != nil {
			if d.Fields != nil || Kind(b) != scanner.Unknown {
				t.Error("an error and a descriptor")
			}
			return
		}
		for _, field := range d.Fields {
			end := field.Bit + field.Size*field.Count
			if field.Size < 1 || field.Size > 32 || field.Count < 1 || field.Bit < 0 ||
				end > 8*MaxReport || end > 8*d.Length(field.Way, field.Report) {
				t.Errorf("field %+v in a report of %d bytes", field, d.Length(field.Way, field.Report))
			}
			for i := range min(field.Count, 40) {
				v, ok := field.Value(report, i)
				if ok != (field.Bit+(i+1)*field.Size <= 8*len(report)) || field.Size < 32 && v>>field.Size != 0 {
					t.Errorf("value %d of %+v is %d, %v", i, field, v, ok)
				}
				if u := field.Usage(i); field.Variable && u != 0 {
					if at, ok := field.Find(u); !ok || at > i {
						t.Errorf("usage %s of value %d is at %d, %v", u, i, at, ok)
					}
				}
			}
		}
	})
}

func FuzzJoin(f *testing.F) {
	f.Add(descriptors.HandHeldPOS(), 8, []byte{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, []byte{8, 8})
	f.Add(descriptors.Gryphon(), 0, []byte{1}, []byte{0, 9})
	f.Fuzz(func(t *testing.T, b []byte, packet int, bytes, cuts []byte) {
		d, err := Parse(b)
		if err != nil {
			return
		}
		j := Joiner{Descriptor: &d, Packet: packet}
		in, out := 0, 0
		for _, n := range cuts {
			n := min(int(n), len(bytes))
			in += n
			out += len(j.Join(bytes[:n]))
			bytes = bytes[n:]
			if len(j.held) > MaxReport+max(packet, 0) {
				t.Fatalf("it holds %d bytes", len(j.held))
			}
		}
		if in != out+len(j.held) {
			t.Errorf("%d bytes in, %d out, %d held", in, out, len(j.held))
		}
	})
}
