package circ

// LoadNote is the one entry of a load: records were put from a file. Loads are
// no entries themselves; a restored server gets them back from its backup only.
type LoadNote struct {
	File    string `json:"file"` // its name, without folders
	Hash    string `json:"hash"` // hex of the SHA-256 of its bytes
	Kind    Kind   `json:"kind"` // what was loaded: patrons, titles or blocks
	Read    int    `json:"read"`
	Put     int    `json:"put"`
	Skipped int    `json:"skipped"`
}

func (LoadNote) Name() string { return "load" }

func (LoadNote) lacks(*lacking) {}
func (LoadNote) decide(*trial)  {}
