package patroncsv

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Field names a field of [Patron] in a [Map].
type Field string

// The fields that a column can hold.
const (
	Ignored     Field = "" // the column is not read
	Card        Field = "card"
	Family      Field = "family"
	Given       Field = "given"
	Middle      Field = "middle"
	Group       Field = "group"
	HomeLibrary Field = "home_library"
	Street      Field = "street"
	City        Field = "city"
	State       Field = "state"
	Postcode    Field = "postcode"
	Country     Field = "country"
	Phone       Field = "phone"
	Email       Field = "email"
	Language    Field = "language"
	Note        Field = "note"
	Birth       Field = "birth"
	Expires     Field = "expires"
)

// Map says what the columns of a library's own headings hold. It goes before
// the headings that are built in; nil: those alone. Headings are the same
// whatever their case, blanks and punctuation.
type Map map[string]Field

// ErrNoCardColumn: no heading is one of a card. It may be the wrong file, or
// one that needs a [Map].
var ErrNoCardColumn = errors.New("no heading is one of a card")

// headings gives the built-in headings of each field, folded.
func headings() map[Field][]string {
	return map[Field][]string{
		Card:        {"barcode", "card", "cardnumber", "cardno", "cardid", "cardbarcode", "patronbarcode", "userbarcode", "librarycard", "librarycardnumber"},
		Family:      {"familyname", "family", "surname", "lastname", "last"},
		Given:       {"givenname", "given", "firstname", "first", "forename", "firstgivenname"},
		Middle:      {"middlename", "middle", "secondgivenname", "othernames"},
		Group:       {"group", "patrongroup", "patrontype", "usergroup", "category", "categorycode", "patroncategory", "borrowercategory", "profile", "usertype", "ptype"},
		HomeLibrary: {"homelibrary", "library", "librarycode", "branch", "branchcode", "homebranch", "homeou", "homelocation"},
		Street:      {"street", "address", "address1", "addressline1", "streetaddress", "street1", "addressstreet"},
		City:        {"city", "town", "addresscity"},
		State:       {"state", "province", "region", "stateprovince"},
		Postcode:    {"postcode", "postalcode", "zip", "zipcode"},
		Country:     {"country", "countryid", "countrycode"},
		Phone:       {"phone", "telephone", "phonenumber", "dayphone", "mobile", "mobilephone", "cell"},
		Email:       {"email", "emailaddress", "mail"},
		Language:    {"language", "lang", "preferredlanguage", "locale"},
		Note:        {"note", "notes", "borrowernotes", "patronnote", "comment", "comments"},
		Birth:       {"birthdate", "birth", "dateofbirth", "dob", "birthday", "borndate"},
		Expires:     {"expires", "expiry", "expirydate", "dateexpiry", "expiration", "expirationdate", "expiredate", "cardexpires", "validuntil"},
	}
}

// fold makes headings that mean the same the same: letters and digits only, in
// lower case.
func fold(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// column is what one column of the source holds.
type column struct {
	heading string
	field   Field
	own     bool // the library's own map says so
}

// columns says what each heading holds.
func columns(line []string, own Map) ([]column, error) {
	known := map[string]Field{}
	for field, names := range headings() {
		for _, name := range names {
			known[name] = field
		}
	}
	mine := map[string]Field{}
	for heading, field := range own {
		if _, ok := headings()[field]; !ok && field != Ignored {
			return nil, fmt.Errorf("read the map of patron headings: %q for %q is no field of a patron", field, heading)
		}
		mine[fold(heading)] = field
	}
	cols := make([]column, len(line))
	card := false
	for i, heading := range line {
		cols[i].heading = heading
		cols[i].field, cols[i].own = mine[fold(heading)]
		if !cols[i].own {
			cols[i].field = known[fold(heading)]
		}
		card = card || cols[i].field == Card
	}
	if !card {
		return nil, fmt.Errorf("read the patron headings %q: %w", line, ErrNoCardColumn)
	}
	return cols, nil
}
