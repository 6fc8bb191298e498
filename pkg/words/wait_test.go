package words_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/words"
)

// TestWait has pages without scripts say what displays/lib/wait.js says
// (displays/test/wait.test.js).
func TestWait(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../displays/test/wait.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Cases []struct {
			Low  int `json:"low_s"`
			High int `json:"high_s"`
			Says map[string]string
		}
	}
	if err := json.Unmarshal(b, &table); err != nil {
		t.Fatal(err)
	}
	for _, c := range table.Cases {
		for lang, want := range c.Says {
			if got := words.Wait(lang, c.Low, c.High); got != want {
				t.Errorf("%d to %d, %s: %q, want %q", c.Low, c.High, lang, got, want)
			}
		}
	}
	if len(table.Cases) < 10 {
		t.Errorf("only %d cases", len(table.Cases))
	}
}
