package httpd

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// openAPI describes the calls once, those of an office for the default one.
//
//go:embed openapi.json
var openAPI []byte

// perOffice marks the paths, or single calls, that are also there for a named office.
const perOffice = "x-per-office"

// describe returns the document that is served: openapi.json with the paths of named offices.
func describe() ([]byte, error) {
	var doc map[string]any
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		return nil, fmt.Errorf("openapi.json: %w", err)
	}
	paths, ok := doc["paths"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("openapi.json: no paths")
	}
	for path, item := range maps.Clone(paths) {
		calls, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("openapi.json: %s: no calls", path)
		}
		if named := ofOffice(calls); len(named) > 0 {
			named["parameters"] = []any{map[string]any{"$ref": "#/components/parameters/Office"}}
			paths[strings.Replace(path, "/api/v1/", "/api/v1/offices/{office}/", 1)] = named
		}
	}
	return json.Marshal(doc)
}

// ofOffice returns the calls of a path that are also there for a named office, as they are for one,
// and takes off their marks.
func ofOffice(calls map[string]any) map[string]any {
	named, all := map[string]any{}, calls[perOffice] == true
	delete(calls, perOffice)
	for method, call := range calls {
		if call, ok := call.(map[string]any); ok && (all || call[perOffice] == true) {
			delete(call, perOffice)
			call = maps.Clone(call)
			call["operationId"] = fmt.Sprint(call["operationId"], "OfOffice")
			named[method] = call
		}
	}
	return named
}

func (s *Server) openapi(c echo.Context) error {
	return c.JSONBlob(http.StatusOK, s.described)
}
