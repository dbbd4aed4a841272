package journal

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// deep has private values in every place that the walk goes through.
type deep struct {
	Name string `json:"name,omitempty" private:"yes"`
	Open string `json:"open"`
	leaf
	In    leaf      `json:"in,omitzero"`
	To    *leaf     `json:"to,omitempty"`
	Many  []leaf    `json:"many,omitempty"`
	Twice [][]*leaf `json:"twice,omitempty"`
	Two   [2]leaf   `json:"two"`
	Plain []string
	Whole *leaf `json:"whole,omitempty" private:"yes"`
}

type leaf struct {
	Secret string `json:"secret" private:"yes"`
	Shown  int    `json:"shown"`
	N      int    `private:"yes"`
}

func deepValue() deep {
	l := func(s string) leaf { return leaf{Secret: "SECRET" + s, Shown: 1, N: 2} }
	p := func(s string) *leaf { v := l(s); return &v }
	return deep{
		Name: "SECRET", Open: "open", leaf: l("embedded"), In: l("in"), To: p("to"), Many: []leaf{l("1"), {}, l("3")},
		Twice: [][]*leaf{{p("a"), nil}, nil, {p("b")}}, Two: [2]leaf{l("x"), l("y")}, Plain: []string{"plain"}, Whole: p("whole"),
	}
}

func TestPrivateValuesAreTakenOutOfEveryDepthAndPutBack(t *testing.T) {
	v := deepValue()
	open, private, err := split(v)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(v, deepValue()) {
		t.Error("what was given is changed")
	}
	body, err := json.Marshal(open)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), "SECRET") {
		t.Errorf("it can be read: %s", body)
	}
	if !strings.Contains(string(body), "plain") || strings.Count(string(body), `"shown":1`) != 9 {
		t.Errorf("what is open is missing: %s", body)
	}
	sealed, err := json.Marshal(private)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]json.RawMessage
	if err := json.Unmarshal(sealed, &back); err != nil {
		t.Fatalf("%v: %s", err, sealed)
	}
	var got deep
	if err := join(&got, body, back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, v) {
		t.Errorf("got  %+v\nwant %+v", got, v)
	}
}

func TestAPrivateValueOfALaterVersionIsLeftAlone(t *testing.T) {
	var got leaf
	err := join(&got, json.RawMessage(`{"shown":3,"colour":"red"}`), map[string]json.RawMessage{"secret": []byte(`"x"`), "shade": []byte(`7`), "many.5.secret": []byte(`""`)})
	if err != nil || got != (leaf{Secret: "x", Shown: 3}) {
		t.Errorf("%+v %v", got, err)
	}
	if err := join(&got, json.RawMessage(`{}`), map[string]json.RawMessage{"secret": []byte(`7`)}); err == nil {
		t.Error("a number became a text")
	}
}

func TestPrivateValuesInAMapAreAnError(t *testing.T) {
	if _, _, err := split(struct{ By map[string]leaf }{}); err == nil {
		t.Error("they would have stood open")
	}
}
