package money

// exponents holds the currencies whose number of decimals is not two: ISO 4217,
// list one (SIX, 2024). Codes without a minor unit (metals, units of account,
// testing) count whole units.
var exponents = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,

	"XAG": 0, "XAU": 0, "XPD": 0, "XPT": 0, "XBA": 0, "XBB": 0, "XBC": 0, "XBD": 0,
	"XDR": 0, "XSU": 0, "XUA": 0, "XTS": 0, "XXX": 0,

	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,

	"CLF": 4, "UYW": 4,
}

// Exponent returns the number of decimals of a currency: 2 for EUR, 0 for JPY,
// 3 for KWD. A code that it does not know has 2, as most have.
func Exponent(currency string) int {
	if n, ok := exponents[currency]; ok {
		return n
	}
	return 2
}

// IsCode reports whether the text has the form of an ISO 4217 code: three
// capital letters. It does not say that any country uses it.
func IsCode(currency string) bool {
	if len(currency) != 3 {
		return false
	}
	for i := range 3 {
		if currency[i] < 'A' || currency[i] > 'Z' {
			return false
		}
	}
	return true
}
