package label

import "strings"

// bookland says what the 13 digits of an EAN number by their beginning: books, printed
// music, serials, or other products. EANs that begin with 0 are UPCs.
func bookland(s string) Kind {
	switch {
	case strings.HasPrefix(s, "9790"):
		return ISMN
	case strings.HasPrefix(s, "978"), strings.HasPrefix(s, "979"):
		return ISBN
	case strings.HasPrefix(s, "977"):
		return ISSN
	case strings.HasPrefix(s, "0"):
		return UPC
	}
	return EAN
}

// ean13 reads the 13 digits of an EAN. The canonical form of an ISSN within is the
// ISSN, that of a UPC has 12 digits. Other bars may hold an ISBN: then a wrong check
// digit says nothing, as where the reader says that 13 digits may be a short UPC and the
// small barcode beside it.
func ean13(code string, told aim) (reading, bool) {
	if len(code) != 13 || !digits(code) {
		return reading{}, false
	}
	r := reading{kind: bookland(code), symbology: EAN13, scheme: GTIN, check: checked(gtinFits(code)), canonical: code}
	r.sole = told.retail() && !told.addOns()
	if !told.retail() {
		r.symbology = ""
		if r.kind != ISBN || told.letter == 'F' {
			return reading{}, false
		}
	}
	switch {
	case r.check == Wrong:
	case r.kind == ISSN:
		number := code[3:10]
		check := mod11(number, len(number)+1)
		r.canonical = number[:4] + "-" + number[4:] + string("0123456789X"[check])
	case r.kind == UPC:
		r.canonical = code[1:]
	}
	if r.kind == UPC {
		r.symbology = UPCA
	}
	return r, true
}

// upcA reads the 12 digits of a UPC.
func upcA(code string, told aim) (reading, bool) {
	if len(code) != 12 || !digits(code) || !told.retail() {
		return reading{}, false
	}
	return reading{kind: UPC, symbology: UPCA, scheme: GTIN, check: checked(gtinFits(code)), canonical: code, sole: true}, true
}

// ean8 reads the 8 digits of a short EAN. Eight digits may be much else: a wrong check
// digit says something only when the reader says EAN-8.
func ean8(code string, told aim) (reading, bool) {
	is8 := told == aim{'E', '4'}
	if len(code) != 8 || !digits(code) || !told.silent() && !told.isRetail() {
		return reading{}, false
	}
	return reading{kind: EAN, symbology: EAN8, scheme: GTIN, check: checked(gtinFits(code)), canonical: code, sole: is8}, true
}

// upcE reads a short UPC: eight digits, the first 0. When the reader says that it is
// one the first may be 1, and the first and the last may be missing. The canonical form
// are the 12 digits that it stands for.
func upcE(code string, told aim) (reading, bool) {
	is := told.isRetail() && told.modifier != '4'
	if !digits(code) || !told.silent() && !is {
		return reading{}, false
	}
	r := reading{kind: UPC, symbology: UPCE, scheme: GTIN, sole: is, canonical: code}
	full := ""
	switch {
	case len(code) == 8 && (code[0] == '0' || is && code[0] == '1'):
		full = expand(code[:7])
		r.check = checked(full[11] == code[7])
	case len(code) == 7 && is && expand("0" + code[:6])[11] == code[6]:
		full, r.check = expand("0"+code[:6]), Right
	case len(code) == 7 && is && code[0] <= '1':
		full, r.scheme, r.check = expand(code), "", NoCheck
	case len(code) == 6 && is:
		full, r.scheme, r.check = expand("0"+code), "", NoCheck
	default:
		return reading{}, false
	}
	if r.check != Wrong {
		r.canonical = full
	}
	return r, true
}

// expand gives the 12 digits for the first 7 of a short UPC: the zeros that it leaves
// out stand where its last digit says.
func expand(s string) string {
	system, body, last := s[:1], s[1:6], s[6:]
	switch last[0] {
	case '0', '1', '2':
		s = system + body[:2] + last + "0000" + body[2:]
	case '3':
		s = system + body[:3] + "00000" + body[3:]
	case '4':
		s = system + body[:4] + "00000" + body[4:]
	default:
		s = system + body + "0000" + last
	}
	return s + string(gtin(s))
}

// withAddOn reads an EAN or UPC and the small barcode beside it, of two digits (the
// issue of a magazine) or five (the price of a book), behind it or after a space. The
// canonical form is that of the big one.
func withAddOn(code string, told aim) (reading, bool) {
	if !told.retail() {
		return reading{}, false
	}
	main, addOn, space := strings.Cut(code, " ")
	for _, n := range []int{2, 5} {
		if !space {
			if len(code) <= n {
				break
			}
			main, addOn = code[:len(code)-n], code[len(code)-n:]
		}
		if len(addOn) != n || !digits(addOn) {
			continue
		}
		for _, big := range []form{ean13, upcA, upcE} {
			r, ok := big(main, told)
			if !ok || r.check != Right && !space || r.symbology == UPCE && !told.isRetail() {
				continue
			}
			if len(main)+n == 14 && !space && !told.isRetail() { // that is a library number
				continue
			}
			r.addOn = addOn
			return r, true
		}
	}
	return reading{}, false
}

// addOnAlone reads the small barcode when the reader says that it is one.
func addOnAlone(code string, told aim) (reading, bool) {
	if !digits(code) || !(told == aim{'E', '1'} && len(code) == 2) && !(told == aim{'E', '2'} && len(code) == 5) {
		return reading{}, false
	}
	return reading{kind: AddOn, check: NoCheck, canonical: code, addOn: code}, true
}
