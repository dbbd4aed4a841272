package sipserver

import (
	_ "embed"
	"slices"
)

//go:embed sample.toml
var sample []byte

// Sample gives settings that show all that can be written.
func Sample() []byte { return slices.Clone(sample) }
