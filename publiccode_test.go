package eliminacode_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// publiccode is the part of publiccode.yml 0.7 that has rules: https://yml.publiccode.tools.
type publiccode struct {
	Version           string   `yaml:"publiccodeYmlVersion"`
	Name              string   `yaml:"name"`
	URL               string   `yaml:"url"`
	Platforms         []string `yaml:"platforms"`
	DevelopmentStatus string   `yaml:"developmentStatus"`
	SoftwareType      string   `yaml:"softwareType"`
	Categories        []string `yaml:"categories"`
	Supports          []string `yaml:"supports"`
	Description       map[string]struct {
		Short    string   `yaml:"shortDescription"`
		Long     string   `yaml:"longDescription"`
		Features []string `yaml:"features"`
	} `yaml:"description"`
	Legal struct {
		License string `yaml:"license"`
	} `yaml:"legal"`
	Maintenance struct {
		Type     string `yaml:"type"`
		Contacts []struct {
			Name string `yaml:"name"`
		} `yaml:"contacts"`
	} `yaml:"maintenance"`
	Localisation struct {
		Ready     *bool    `yaml:"localisationReady"`
		Languages []string `yaml:"availableLanguages"`
	} `yaml:"localisation"`
}

// TestPubliccode checks what the Italian catalogue of public software refuses a project for.
func TestPubliccode(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile("publiccode.yml")
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := yaml.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	var code publiccode
	if err := yaml.Unmarshal(text, &code); err != nil {
		t.Fatal(err)
	}
	check := func(ok bool, rule string, got any) {
		t.Helper()
		if !ok {
			t.Errorf("%s: got %v", rule, got)
		}
	}
	oneOf := func(key, value string, allowed ...string) {
		t.Helper()
		check(slices.Contains(allowed, value), key+" is none of "+strings.Join(allowed, ", "), value)
	}

	for _, deprecated := range []string{"it", "IT", "monochromeLogo", "inputTypes", "outputTypes", "genericName"} {
		_, found := keys[deprecated]
		check(!found, "deprecated key", deprecated)
	}
	oneOf("publiccodeYmlVersion", code.Version, "0", "0.7", "0.7.0")
	check(code.Name != "", "name is mandatory", code.Name)
	check(regexp.MustCompile(`^https://\S+$`).MatchString(code.URL), "url is an address", code.URL)
	check(len(code.Platforms) > 0, "platforms is mandatory", code.Platforms)
	oneOf("developmentStatus", code.DevelopmentStatus, "concept", "development", "beta", "stable", "obsolete")
	oneOf("softwareType", code.SoftwareType, "standalone/web", "standalone/other", "addon", "library", "configurationFiles")
	for _, category := range code.Categories {
		oneOf("categories", category, "appointment-scheduling", "visitor-management", "customer-service-and-support", "digital-citizenship")
	}
	for _, alias := range code.Supports {
		oneOf("supports", alias, "gdpr", "eidas", "nis2", "cra", "spid", "cie", "anpr", "pagopa", "io")
	}

	for _, language := range []string{"it", "en"} {
		d := code.Description[language]
		short, long := utf8.RuneCountInString(d.Short), utf8.RuneCountInString(d.Long)
		check(short >= 1 && short <= 150, language+": shortDescription has 1 to 150 characters", short)
		check(long >= 150 && long <= 10000, language+": longDescription has 150 to 10000 characters", long)
		check(len(d.Features) > 0, language+": features is mandatory", d.Features)
		check(!slices.Contains(d.Features, ""), language+": no empty feature", d.Features)
	}

	check(code.Legal.License == "AGPL-3.0-or-later", "legal.license is the SPDX name of LICENSE", code.Legal.License)
	oneOf("maintenance.type", code.Maintenance.Type, "internal", "community") // "contract" would need contractors
	check(len(code.Maintenance.Contacts) > 0, "maintenance.contacts is mandatory", code.Maintenance.Contacts)
	for _, contact := range code.Maintenance.Contacts {
		check(contact.Name != "", "a contact has a name", contact)
	}
	check(code.Localisation.Ready != nil, "localisation.localisationReady is mandatory", code.Localisation.Ready)
	check(len(code.Localisation.Languages) > 0, "localisation.availableLanguages is mandatory", code.Localisation.Languages)
	for _, language := range code.Localisation.Languages {
		check(regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`).MatchString(language), "a language is a BCP 47 tag", language)
	}
}

// TestLicence checks that LICENSE is the whole text of the licence that publiccode.yml names.
func TestLicence(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile("LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"GNU AFFERO GENERAL PUBLIC LICENSE\n                       Version 3, 19 November 2007",
		"  13. Remote Network Interaction; Use with the GNU General Public License.",
		"                     END OF TERMS AND CONDITIONS",
		"<https://www.gnu.org/licenses/>.",
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("LICENSE lacks %q", part)
		}
	}
}
