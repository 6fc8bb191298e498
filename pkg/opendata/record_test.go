package opendata_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/opendata"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

const (
	rdfNS    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	dcat     = "http://www.w3.org/ns/dcat#"
	dcatapit = "http://dati.gov.it/onto/dcatapit#"
	dct      = "http://purl.org/dc/terms/"
	foaf     = "http://xmlns.com/foaf/0.1/"
	vcard    = "http://www.w3.org/2006/vcard/ns#"
	eu       = "http://publications.europa.eu/resource/authority/"
)

// value is the object of a triple.
type value struct {
	text     string
	resource bool
	language string
	datatype string
}

// graph is what a document says, by subject and property.
type graph map[string]map[string][]value

// parseRDF reads RDF in XML, of the form that has nodes of a type on the first level, with
// properties that have a resource or a text. It fails at what isn't of this form.
func parseRDF(t *testing.T, body []byte) graph {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(body)))
	g := graph{}
	attr := func(e xml.StartElement, space, name string) string {
		for _, a := range e.Attr {
			if a.Name == (xml.Name{Space: space, Local: name}) {
				return a.Value
			}
		}
		return ""
	}
	var subject, property string
	var object value
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return g
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			name := token.Name.Space + token.Name.Local
			switch depth {
			case 1:
				if name != rdfNS+"RDF" {
					t.Fatalf("the document is %s", name)
				}
			case 2:
				subject = attr(token, rdfNS, "about")
				if g[subject] != nil {
					t.Errorf("%s is described twice", subject)
				}
				g[subject] = map[string][]value{rdfNS + "type": {{text: name, resource: true}}}
			case 3:
				property = name
				object = value{text: attr(token, rdfNS, "resource"), datatype: attr(token, rdfNS, "datatype"), language: attr(token, "http://www.w3.org/XML/1998/namespace", "lang")}
				object.resource = object.text != ""
			default:
				t.Fatalf("%s within %s", name, property)
			}
		case xml.CharData:
			if depth == 3 && !object.resource {
				object.text += string(token)
			}
		case xml.EndElement:
			if depth == 3 {
				g[subject][property] = append(g[subject][property], object)
			}
			depth--
		}
	}
}

// rule is what the profile asks of a class: a property of each, how many, of what.
type rule struct {
	class, property string
	least, most     int // most 0: any number
	kind            string
}

// The obligatory properties of DCAT-AP_IT, and those of the nodes that this record has besides. Of
// kind: a text, a day, a node of a class, or a term of a vocabulary by what it begins with.
var profile = []rule{
	{"Catalog", dct + "title", 1, 0, "text"},
	{"Catalog", dct + "description", 1, 0, "text"},
	{"Catalog", dct + "publisher", 1, 1, "Agent"},
	{"Catalog", dct + "modified", 1, 1, "day"},
	{"Catalog", dcat + "dataset", 1, 0, "Dataset"},
	{"Dataset", dct + "identifier", 1, 1, "text"},
	{"Dataset", dct + "title", 1, 0, "text"},
	{"Dataset", dct + "description", 1, 0, "text"},
	{"Dataset", dct + "modified", 1, 1, "day"},
	{"Dataset", dcat + "theme", 1, 0, eu + "data-theme/GOVE"},
	{"Dataset", dct + "rightsHolder", 1, 1, "Agent"},
	{"Dataset", dct + "accrualPeriodicity", 1, 1, eu + "frequency/DAILY"},
	{"Dataset", dcat + "distribution", 1, 0, "Distribution"},
	{"Dataset", dcat + "contactPoint", 1, 0, "Organization"},
	{"Distribution", dct + "format", 1, 1, eu + "file-type/CSV"},
	{"Distribution", dcat + "accessURL", 1, 1, "https://coda.example.it/opendata"},
	{"Distribution", dcat + "downloadURL", 1, 1, "https://coda.example.it/opendata/attese-"},
	{"Distribution", dct + "license", 1, 1, "LicenseDocument"},
	{"Agent", dct + "identifier", 1, 1, "text"},
	{"Agent", foaf + "name", 1, 0, "text"},
	{"Organization", vcard + "fn", 1, 1, "text"},
	{"Organization", vcard + "hasEmail", 1, 1, "mailto:urp@comune.example.it"},
	{"LicenseDocument", dct + "type", 1, 1, "http://purl.org/adms/licencetype/Attribution"},
	{"LicenseDocument", foaf + "name", 1, 0, "text"},
}

func (g graph) isA(subject, class string) bool {
	return slices.ContainsFunc(g[subject][rdfNS+"type"], func(v value) bool { return v.text == dcatapit+class })
}

func (g graph) fits(v value, kind string) bool {
	switch {
	case kind == "text":
		return !v.resource && strings.TrimSpace(v.text) != ""
	case kind == "day":
		return !v.resource && v.datatype == "http://www.w3.org/2001/XMLSchema#date" && v.text == "2026-11-28"
	case strings.Contains(kind, ":"):
		return v.resource && strings.HasPrefix(v.text, kind)
	}
	return v.resource && g.isA(v.text, kind)
}

func TestRecord(t *testing.T) {
	t.Parallel()
	cfg := queue.Default()
	cfg.Name = queue.Text{"it": `URP <di> "Empoli" & altri`}
	cfg.Publisher = queue.Publisher{Name: "Comune di Empoli", IPA: "c_d403"}
	cfg.Contact = queue.Contact{Email: "urp@comune.example.it", URL: "https://www.comune.example.it/urp"}
	r := opendata.Record{Page: "https://coda.example.it/opendata", ID: "urp", Config: cfg, Years: []int{2025, 2026}, Modified: "2026-11-28"}
	body, err := r.XML()
	if err != nil {
		t.Fatal(err)
	}
	g := parseRDF(t, body)
	for _, class := range []string{"Catalog", "Dataset", "Distribution", "Agent", "Organization", "LicenseDocument"} {
		n := 0
		for subject := range g {
			if g.isA(subject, class) {
				n++
				if len(g[subject][rdfNS+"type"]) != 2 {
					t.Errorf("%s has no class that everybody knows: %v", subject, g[subject][rdfNS+"type"])
				}
			}
			if u, err := url.Parse(subject); err != nil || !u.IsAbs() {
				t.Errorf("%q is no whole address", subject)
			}
		}
		if want := map[string]int{"Distribution": 2}[class]; n != max(1, want) {
			t.Errorf("%d of %s", n, class)
		}
	}
	for _, rule := range profile {
		for subject, said := range g {
			if !g.isA(subject, rule.class) {
				continue
			}
			values := said[rule.property]
			if len(values) < rule.least || rule.most > 0 && len(values) > rule.most {
				t.Errorf("%s: %d of %s", subject, len(values), rule.property)
			}
			for _, v := range values {
				if !g.fits(v, rule.kind) {
					t.Errorf("%s: %s is %+v, want %s", subject, rule.property, v, rule.kind)
				}
			}
		}
	}
	dataset := g["https://coda.example.it/opendata#attese"]
	if id := dataset[dct+"identifier"]; len(id) != 1 || id[0].text != "c_d403:attese-urp" {
		t.Errorf("the identifier is %v", id)
	}
	if title := dataset[dct+"title"]; len(title) != 1 || title[0] != (value{text: `Attese agli sportelli – URP <di> "Empoli" & altri`, language: "it"}) {
		t.Errorf("the title is %v", title)
	}
	if name := g["https://coda.example.it/opendata#ente"][foaf+"name"]; len(name) != 1 || name[0].text != "Comune di Empoli" {
		t.Errorf("the publisher is %v", name)
	}
}

// TestRecordOfLittle has a record where nothing is configured: the office stands for its town, and
// nobody is named whom one could write to.
func TestRecordOfLittle(t *testing.T) {
	t.Parallel()
	r := opendata.Record{Page: "http://server:8080/offices/cascine/opendata", ID: "cascine", Config: queue.Default(), Years: []int{2026}, Modified: "2026-11-28"}
	body, err := r.XML()
	if err != nil {
		t.Fatal(err)
	}
	g := parseRDF(t, body)
	at := r.Page + "#"
	if name := g[at+"ente"][foaf+"name"]; len(name) != 1 || name[0].text != "URP del Comune di Empoli" {
		t.Errorf("the publisher is %v", name)
	}
	if id := g[at+"attese"][dct+"identifier"]; len(id) != 1 || id[0].text != "attese-cascine" {
		t.Errorf("the identifier is %v", id)
	}
	if g[at+"contatto"] != nil || g[at+"attese"][dcat+"contactPoint"] != nil || g[at+"ente"][dct+"identifier"] != nil {
		t.Errorf("%s", body)
	}
}
