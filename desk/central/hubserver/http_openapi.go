package hubserver

import (
	"bytes"
	_ "embed"
	"net/http"

	"circdesk/desk/central/hub/wire"
)

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI gives the description of the protocol, in OpenAPI 3.1.
func OpenAPI() []byte { return bytes.Clone(openAPI) }

func (s *site) openAPI(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", wire.YAML)
	_, _ = w.Write(openAPI)
	return nil
}
