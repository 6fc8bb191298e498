package pdf

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestWrap(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"  ", nil},
		{"uno due", []string{"uno due"}},
		{"uno due tre", []string{"uno due", "tre"}},
		{"già  perché", []string{"già", "perché"}},
		{"precipitevole sì", []string{"precipit", "evole sì"}},
		{"a precipitevole", []string{"a", "precipit", "evole"}},
	} {
		if got := wrap(test.text, 8, func(s string) float64 { return float64(utf8.RuneCountInString(s)) }); !slices.Equal(got, test.want) {
			t.Errorf("wrap(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}
