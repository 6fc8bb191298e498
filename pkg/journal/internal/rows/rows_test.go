package rows_test

import (
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal/internal/rows"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// TestAsExpected wants only those waits to count of which something was said that could come true.
func TestAsExpected(t *testing.T) {
	t.Parallel()
	said := &queue.Expected{Low: 60, Likely: 120, High: 300}
	for name, c := range map[string]struct {
		of   queue.Ticket
		want int64
	}{
		"as was said": {queue.Ticket{Call: 1, Waited: 60, Expected: said}, 2},
		"longer":      {queue.Ticket{Call: 1, Waited: 301, Expected: said}, 1},
		"nothing":     {queue.Ticket{Call: 1, Waited: 60}, 0},
		"postponed":   {queue.Ticket{Call: 1, Waited: 301, Expected: said, Postponed: true}, 0},
		"not called":  {queue.Ticket{Waited: 301, Expected: said}, 0},
	} {
		if got := (&rows.Ticket{Ticket: c.of}).AsExpected(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
