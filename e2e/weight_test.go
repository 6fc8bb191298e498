package e2e_test

import (
	"encoding/json"
	"testing"
)

// TestPagesAreLight counts what comes over the wire until a page can be read on a screen that has
// never been here: requests, and bytes with their headers. The socket and what it brings aren't
// counted.
func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, tt := range []struct {
		name, path, ready string
		width, height     int
		requests, bytes   int
	}{
		{"sala", "/display/sala", `!!document.querySelector('#waiting > *, .line')`, 1920, 1080, 12, 60_000},
		{"entrance", "/display/ingresso", `document.body.dataset.mode !== 'starting'`, 1920, 1080, 12, 60_000},
		{"public", "/affluenza", `document.documentElement.dataset.connection === 'live'`, 390, 844, 10, 100_000},
	} {
		p := openBrowser(t).open(tt.name, s.URL(tt.path), tt.width, tt.height)
		p.holds(tt.ready)
		p.holds(`document.fonts.status === 'loaded'`)
		var all []struct {
			Name string
			Size int
		}
		raw := eval[string](p, `JSON.stringify(performance.getEntries().filter((e) => 'transferSize' in e).map((e) => ({name: e.name, size: e.transferSize})))`)
		if err := json.Unmarshal([]byte(raw), &all); err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, e := range all {
			total += e.Size
		}
		t.Logf("%s: %d requests, %d bytes: %+v", tt.name, len(all)+1, total, all)
		if len(all)+1 > tt.requests || total > tt.bytes { // and the icon, which isn't told
			t.Errorf("%s: %d requests and %d bytes, at most %d and %d: %+v", tt.name, len(all)+1, total, tt.requests, tt.bytes, all)
		}
	}
}
