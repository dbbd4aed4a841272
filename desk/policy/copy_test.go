package policy

import (
	"slices"
	"strings"
	"testing"
)

func TestWhichFactsADeskGets(t *testing.T) {
	const head = "currency = \"EUR\"\nzone = \"UTC\"\n[[library]]\nid = \"main\"\n[[library]]\nid = \"east\"\n[copy]\n"
	for _, row := range []struct {
		name, text string
		want       Copy
		main       []LibraryID // whose items a desk of main gets
		wrong      string
	}{
		{"a table that says nothing", "", Copy{}, nil, ""},
		{"everything", "items = \"all\"\nloans = \"all\"\nrequests = \"all\"\npatrons = \"all\"\n", Copy{}, nil, ""},
		{"its own items", "items = \"own\"\n", Copy{Own: true}, []LibraryID{"main"}, ""},
		{"those of a list", "items = [\"east\"]\n", Copy{Libraries: []LibraryID{"east"}}, []LibraryID{"east"}, ""},
		{"what is open", "loans = \"open\"\nrequests = \"open\"\n", Copy{Loans: true, Requests: true}, nil, ""},
		{"patrons without what nobody needs", "patrons = \"circulation\"\n", Copy{Patrons: true}, nil, ""},
		{"a library that is none", "items = [\"west\"]\n", Copy{}, nil, "line 8: copy: items: \"west\" is none of the libraries"},
		{"one that stands there twice", "items = [\"east\", \"east\"]\n", Copy{}, nil, "line 8: copy: items: \"east\" stands there twice"},
		{"an empty list", "items = []\n", Copy{}, nil, "line 8: copy: items: want"},
		{"another word", "items = \"some\"\n", Copy{}, nil, "line 8: copy: items: want"},
		{"a number", "items = [7]\n", Copy{}, nil, "line 8: copy: items: want"},
		{"loans of another word", "loans = \"none\"\n", Copy{}, nil, "line 8: copy: loans: \"none\" is none of all, open"},
		{"a key that is none", "titles = \"all\"\n", Copy{}, nil, "line 8: copy: titles: is not known here"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, err := Parse([]byte(head + row.text))
			if row.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), row.wrong) {
					t.Errorf("got %v, want %q", err, row.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			c := s.Copy()
			if c.Own != row.want.Own || !slices.Equal(c.Libraries, row.want.Libraries) || c.Loans != row.want.Loans || c.Requests != row.want.Requests || c.Patrons != row.want.Patrons {
				t.Errorf("got %+v, want %+v", c, row.want)
			}
			if !slices.Equal(c.For("main"), row.main) || c.All() != (c.Name("main") == "") {
				t.Errorf("a desk of main gets the items of %v", c.For("main"))
			}
			if c.Own && (c.Name("main") == c.Name("east") || c.For("") != nil) {
				t.Error("desks of two libraries get the same")
			}
		})
	}
}
