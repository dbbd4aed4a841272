package label

import (
	"strings"
	"testing"
)

func TestISBN13(t *testing.T) {
	for _, row := range []struct {
		name string
		text string
		want string // "": none
	}{
		{"thirteen digits", "9780306406157", "9780306406157"},
		{"with hyphens", "978-0-306-40615-7", "9780306406157"},
		{"with printed hyphens", "978‐0‐306‐40615‐7", "9780306406157"},
		{"with spaces", "978 0 306 40615 7", "9780306406157"},
		{"with its name", "ISBN 978-0-306-40615-7", "9780306406157"},
		{"with its name and a colon", "isbn: 0-306-40615-2", "9780306406157"},
		{"with the price behind it", "978030640615751299", "9780306406157"},
		{"with the price after a space", "9780306406157 51299", "9780306406157"},
		{"ten digits", "0306406152", "9780306406157"},
		{"ten digits, the last an X", "080442957X", "9780804429573"},
		{"ten digits, the last a small x", "080442957x", "9780804429573"},
		{"of the newer prefix", "9791032305690", "9791032305690"},

		{"a wrong check digit", "9780143007233", ""},
		{"a wrong check digit of ten", "0306406153", ""},
		{"an X that is not last", "0X06406152", ""},
		{"printed music", "9790260000438", ""},
		{"a magazine", "9770378595002", ""},
		{"a pen", "4006381333931", ""},
		{"twelve digits", "978030640615", ""},
		{"an add-on of letters", "9780306406157abcde", ""},
		{"its name alone", "ISBN", ""},
		{"nothing", "", ""},
		{"a book", strings.Repeat("9780306406157", 1000), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got, ok := ISBN13(row.text); got != row.want || ok != (row.want != "") {
				t.Errorf("got %q, %v, want %q", got, ok, row.want)
			}
		})
	}
}
