package opendata

import (
	"cmp"
	"encoding/xml"
	"fmt"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Record is the catalogue of what an office publishes, in the national profile for catalogues of
// data, DCAT-AP_IT: a catalogue with one dataset, whose distributions are its years.
type Record struct {
	Page     string // the whole address of the page about it; those of its parts begin with it
	ID       string // the office's
	Config   *queue.Config
	Years    []int         // that there is a file of, at least one
	Modified calendar.Date // the day on which the newest days came in
}

// File is the name of the file of a year.
func File(year int) string { return fmt.Sprintf("attese-%d.csv", year) }

// The vocabularies whose terms the profile prescribes.
const (
	theme     = "http://publications.europa.eu/resource/authority/data-theme"
	frequency = "http://publications.europa.eu/resource/authority/frequency/"
	fileType  = "http://publications.europa.eu/resource/authority/file-type/"
	language  = "http://publications.europa.eu/resource/authority/language/"
	licence   = "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40"
)

// Licence is where the licence of the data is to be read.
const Licence = "https://creativecommons.org/licenses/by/4.0/deed.it"

// rdf is the document, as RDF 1.1 in XML: each element of the first level is a node with its type,
// and each in it a property.
type rdf struct {
	XMLName  xml.Name `xml:"rdf:RDF"`
	RDF      string   `xml:"xmlns:rdf,attr"`
	DCAT     string   `xml:"xmlns:dcat,attr"`
	DCATAPIT string   `xml:"xmlns:dcatapit,attr"`
	DCT      string   `xml:"xmlns:dct,attr"`
	FOAF     string   `xml:"xmlns:foaf,attr"`
	OWL      string   `xml:"xmlns:owl,attr"`
	VCard    string   `xml:"xmlns:vcard,attr"`
	Nodes    []node
}

type node struct {
	XMLName    xml.Name
	About      string `xml:"rdf:about,attr"`
	Properties []property
}

// property has either a resource or a text.
type property struct {
	XMLName  xml.Name
	Resource string `xml:"rdf:resource,attr,omitempty"`
	Language string `xml:"xml:lang,attr,omitempty"`
	Type     string `xml:"rdf:datatype,attr,omitempty"`
	Text     string `xml:",chardata"`
}

func link(name, to string) property { return property{XMLName: named(name), Resource: to} }

func text(name, said string) property { return property{XMLName: named(name), Text: said} }

func italian(name, said string) property {
	return property{XMLName: named(name), Language: "it", Text: said}
}

func day(name string, d calendar.Date) property {
	return property{XMLName: named(name), Type: "http://www.w3.org/2001/XMLSchema#date", Text: string(d)}
}

func named(name string) xml.Name { return xml.Name{Local: name} }

// described is a node of a class of the profile, and of the more general one that it is a part of.
func described(class, general, about string, properties ...property) node {
	return node{named("dcatapit:" + class), about, append([]property{link("rdf:type", general)}, properties...)}
}

// The namespaces.
const (
	nsRDF      = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDCAT     = "http://www.w3.org/ns/dcat#"
	nsDCATAPIT = "http://dati.gov.it/onto/dcatapit#"
	nsDCT      = "http://purl.org/dc/terms/"
	nsFOAF     = "http://xmlns.com/foaf/0.1/"
	nsOWL      = "http://www.w3.org/2002/07/owl#"
	nsVCard    = "http://www.w3.org/2006/vcard/ns#"
)

// XML writes the record.
func (r Record) XML() ([]byte, error) {
	doc := rdf{RDF: nsRDF, DCAT: nsDCAT, DCATAPIT: nsDCATAPIT, DCT: nsDCT, FOAF: nsFOAF, OWL: nsOWL, VCard: nsVCard}
	doc.Nodes = append(doc.Nodes, r.catalogue(), r.dataset())
	for _, year := range r.Years {
		doc.Nodes = append(doc.Nodes, r.distribution(year))
	}
	doc.Nodes = append(doc.Nodes, r.publisher())
	if r.Config.Contact.Email != "" {
		doc.Nodes = append(doc.Nodes, r.contact())
	}
	doc.Nodes = append(doc.Nodes, described(
		"LicenseDocument", nsDCT+"LicenseDocument", licence,
		link("dct:type", "http://purl.org/adms/licencetype/Attribution"), text("foaf:name", "CC BY"), text("owl:versionInfo", "4.0"),
	))
	b, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the record: %w", err)
	}
	return append([]byte(xml.Header), b...), nil
}

func (r Record) office() string { return r.Config.Name.In("it") }

func (r Record) at(part string) string { return r.Page + "#" + part }

func (r Record) catalogue() node {
	return described(
		"Catalog", nsDCAT+"Catalog", r.at("catalogo"),
		italian("dct:title", "Dati aperti – "+r.office()),
		italian("dct:description", "I dati aperti che il sistema delle code della sede "+r.office()+" pubblica."),
		link("dct:publisher", r.at("ente")),
		day("dct:modified", r.Modified),
		link("dcat:dataset", r.at("attese")),
		link("dct:language", language+"ITA"),
		link("dcat:themeTaxonomy", theme),
		link("foaf:homepage", r.Page),
	)
}

func (r Record) dataset() node {
	n := described(
		"Dataset", nsDCAT+"Dataset", r.at("attese"),
		text("dct:identifier", r.identifier()),
		italian("dct:title", "Attese agli sportelli – "+r.office()),
		italian("dct:description", "Quante persone con un biglietto hanno aspettato agli sportelli della sede "+r.office()+", e per quanti minuti: per giorno, canale e fascia oraria. "+
			"Nessuna riga riguarda meno di cinque persone: le ore con poche persone sono unite a quelle vicine."),
		day("dct:modified", r.Modified),
		link("dcat:theme", theme+"/GOVE"),
		link("dct:rightsHolder", r.at("ente")),
		link("dct:publisher", r.at("ente")),
		link("dct:accrualPeriodicity", frequency+"DAILY"),
		link("dct:language", language+"ITA"),
		text("dcat:keyword", "attesa"), text("dcat:keyword", "sportelli"), text("dcat:keyword", "URP"),
	)
	for _, year := range r.Years {
		n.Properties = append(n.Properties, link("dcat:distribution", r.ofYear(year)))
	}
	if r.Config.Contact.Email != "" {
		n.Properties = append(n.Properties, link("dcat:contactPoint", r.at("contatto")))
	}
	return n
}

// identifier is the dataset's: unique among all, where the publisher's code is known.
func (r Record) identifier() string {
	id := "attese-" + r.ID
	if r.Config.Publisher.IPA != "" {
		id = r.Config.Publisher.IPA + ":" + id
	}
	return id
}

func (r Record) ofYear(year int) string { return r.at(fmt.Sprintf("attese-%d", year)) }

func (r Record) distribution(year int) node {
	return described(
		"Distribution", nsDCAT+"Distribution", r.ofYear(year),
		italian("dct:title", fmt.Sprintf("Attese agli sportelli nel %d", year)),
		italian("dct:description", "CSV in UTF-8, con la virgola tra le colonne e una riga di intestazione. Le colonne sono spiegate nella pagina dei dati aperti."),
		link("dct:format", fileType+"CSV"),
		link("dct:license", licence),
		link("dcat:accessURL", r.Page),
		link("dcat:downloadURL", r.Page+"/"+File(year)),
	)
}

func (r Record) publisher() node {
	n := described("Agent", nsFOAF+"Agent", r.at("ente"), italian("foaf:name", cmp.Or(r.Config.Publisher.Name, r.office())))
	if r.Config.Publisher.IPA != "" {
		n.Properties = append(n.Properties, text("dct:identifier", r.Config.Publisher.IPA))
	}
	return n
}

func (r Record) contact() node {
	c := &r.Config.Contact
	n := described("Organization", nsVCard+"Organization", r.at("contatto"), text("vcard:fn", r.office()), link("vcard:hasEmail", "mailto:"+c.Email))
	if c.URL != "" {
		n.Properties = append(n.Properties, link("vcard:hasURL", c.URL))
	}
	return n
}
