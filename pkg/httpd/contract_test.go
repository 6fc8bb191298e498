package httpd_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"

	"github.com/eliminacode/eliminacode/pkg/httpd"
)

// contract is the served document, made ready once for all tests. It is read more strictly than
// clients should read it: an answer has no property that isn't described.
var contract = sync.OnceValues(func() (validator.Validator, error) {
	source, err := httpd.Describe()
	if err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := json.Unmarshal(source, &doc); err != nil {
		return nil, err
	}
	shut(doc["components"].(map[string]any)["schemas"])
	if source, err = json.Marshal(doc); err != nil {
		return nil, err
	}
	return ready(source)
})

// shut lets objects have no properties but their own.
func shut(schema any) {
	switch s := schema.(type) {
	case []any:
		for _, v := range s {
			shut(v)
		}
	case map[string]any:
		for _, v := range s {
			shut(v)
		}
		if _, open := s["additionalProperties"]; !open && s["properties"] != nil && s["type"] != nil {
			s["additionalProperties"] = false
		}
	}
}

func ready(source []byte) (validator.Validator, error) {
	doc, err := libopenapi.NewDocument(source)
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(doc, config.WithFormatAssertions())
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return v, nil
}

// documented says which paths the document is about.
func documented(path string) bool {
	return strings.HasPrefix(path, "/api/") || slices.Contains([]string{"/healthz", "/readyz", "/metrics"}, path)
}

// hold fails the test if the document doesn't describe the answer, or doesn't allow a request that
// was carried out.
func hold(t testing.TB, req *http.Request, body string, resp *http.Response, answer []byte) {
	t.Helper()
	if !documented(req.URL.Path) {
		return
	}
	v, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	again := func() *http.Request {
		r := req.Clone(t.Context())
		r.URL = &url.URL{Path: req.URL.Path, RawQuery: req.URL.RawQuery}
		r.Body = io.NopCloser(strings.NewReader(body))
		return r
	}
	if resp.StatusCode < http.StatusMultipleChoices {
		if ok, errs := v.ValidateHttpRequestSync(again()); !ok {
			report(t, "request "+body, req, errs)
		}
	}
	if resp.StatusCode == http.StatusNotModified || resp.StatusCode == http.StatusNoContent {
		answer = nil
	}
	parts := [][]byte{answer}
	if resp.Header.Get("Content-Type") == "application/x-ndjson" { // each line is what is described
		parts = slices.Collect(bytes.Lines(answer))
	}
	for _, part := range parts {
		copied := *resp
		copied.Body = io.NopCloser(bytes.NewReader(part))
		if ok, errs := v.ValidateHttpResponse(again(), &copied); !ok {
			report(t, resp.Status+" "+string(part), req, errs)
		}
	}
}

func report(t testing.TB, what string, req *http.Request, errs []*errors.ValidationError) {
	t.Helper()
	for _, e := range errs {
		t.Errorf("%s %s: not as described: %s: %s", req.Method, req.URL.Path, e.Message, e.Reason)
		for _, s := range e.SchemaValidationErrors {
			t.Errorf("  %s: %s", s.FieldPath, s.Reason)
		}
	}
	t.Logf("%.2000s", what)
}

func TestDocumentIsValid(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	a := s.public().get("/api/v1/openapi.json").want(http.StatusOK).headers("Content-Type", "application/json")
	source, err := httpd.Describe()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(source, a.body) {
		t.Error("the served document is another one")
	}
	v, err := ready(source)
	if err != nil {
		t.Fatal(err)
	}
	if ok, errs := v.ValidateDocument(); !ok {
		for _, e := range errs {
			t.Error(e)
		}
	}
}

// description is what the tests read in the document.
type description struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		OperationID string                     `json:"operationId"`
		Tags        []string                   `json:"tags"`
		Security    *[]map[string]any          `json:"security"`
		Parameters  []map[string]any           `json:"parameters"`
		RequestBody json.RawMessage            `json:"requestBody"`
		Responses   map[string]json.RawMessage `json:"responses"`
	} `json:"paths"`
	Tags []struct {
		Name string `json:"name"`
	} `json:"tags"`
}

func described(t *testing.T) description {
	t.Helper()
	source, err := httpd.Describe()
	if err != nil {
		t.Fatal(err)
	}
	// A path item holds calls by method, and perhaps parameters.
	var loose map[string]any
	if err := json.Unmarshal(source, &loose); err != nil {
		t.Fatal(err)
	}
	for _, item := range loose["paths"].(map[string]any) {
		delete(item.(map[string]any), "parameters")
	}
	source, err = json.Marshal(loose)
	if err != nil {
		t.Fatal(err)
	}
	var d description
	if err := json.Unmarshal(source, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDocumentHasEveryRoute(t *testing.T) {
	t.Parallel()
	var real, written []string
	for _, r := range httpd.Routes(newServer(t).httpd) {
		if _, path, _ := strings.Cut(r, " "); documented(path) {
			real = append(real, r)
		}
	}
	d := described(t)
	for path, calls := range d.Paths {
		for method := range calls {
			written = append(written, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(real)
	slices.Sort(written)
	if diff := cmp.Diff(real, written); diff != "" {
		t.Errorf("(-routes +document):\n%s", diff)
	}
}

func TestDocumentIsWhole(t *testing.T) {
	t.Parallel()
	d := described(t)
	if !strings.HasPrefix(d.OpenAPI, "3.1.") {
		t.Errorf("openapi %q", d.OpenAPI)
	}
	var tags []string
	for _, tag := range d.Tags {
		tags = append(tags, tag.Name)
	}
	ids := map[string]string{}
	for path, calls := range d.Paths {
		for method, call := range calls {
			name := method + " " + path
			if other := ids[call.OperationID]; other != "" || call.OperationID == "" {
				t.Errorf("%s: id %q, also of %q", name, call.OperationID, other)
			}
			ids[call.OperationID] = name
			if len(call.Tags) != 1 || !slices.Contains(tags, call.Tags[0]) {
				t.Errorf("%s: tags %v", name, call.Tags)
			}
			if call.Security == nil {
				t.Errorf("%s: not said who may", name)
			}
			needs := []string{"503", "default"} // a journal that is away
			if call.Security != nil && len(*call.Security) > 0 {
				needs = append(needs, "401", "403")
			}
			for _, parameter := range call.Parameters {
				if parameter["$ref"] == "#/components/parameters/IdempotencyKey" {
					needs = append(needs, "422") // the key of another request
				}
			}
			for _, status := range needs {
				if call.Responses[status] == nil {
					t.Errorf("%s: no %s", name, status)
				}
			}
			if call.RequestBody != nil && (call.Responses["400"] == nil || call.Responses["413"] == nil) {
				t.Errorf("%s: takes a body but has no 400 or 413", name)
			}
		}
	}
}
