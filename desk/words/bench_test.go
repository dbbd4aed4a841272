package words

import (
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/money"
)

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := read("en"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReason(b *testing.B) {
	r := circ.Remark{Reason: circ.OwesTooMuch, Amount: money.Amount{Minor: 1320, Currency: "EUR"}, Limit: money.Amount{Minor: 1000, Currency: "EUR"}}
	en := English()
	for b.Loop() {
		en.Reason(r, Names{})
	}
}
