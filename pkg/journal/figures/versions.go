package figures

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Version is one version of an office's configuration.
type Version struct {
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`      // as in [queue.Command]
	Changed []string  `json:"changed"` // the parts of the document that differ from the version before; none in the first

	Config *queue.Config `json:"-"`
}

const versionsQuery = `
SELECT seq, body
FROM events
WHERE office = $1 AND kind = 'config_changed'
ORDER BY seq`

// Versions returns the versions of an office's configuration, the oldest first.
// They are kept for good: see [Figures.Prune].
func (f *Figures) Versions(ctx context.Context, office string) (_ []Version, err error) {
	defer f.wrap(&err, "versions of %q", office)

	rows, err := f.db.QueryContext(ctx, versionsQuery, office)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var versions []Version
	var before map[string]json.RawMessage
	for rows.Next() {
		var seq int64
		var body []byte
		if err := rows.Scan(&seq, &body); err != nil {
			return nil, err
		}
		var e queue.Event
		if err := json.Unmarshal(body, &e); err != nil {
			return nil, fmt.Errorf("event %d: %w", seq, err)
		}
		v := Version{Version: e.Config.Version, At: e.At, By: e.By, Changed: []string{}, Config: e.Config}
		parts, err := partsOf(e.Config)
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", seq, err)
		}
		if before != nil {
			v.Changed = differences(before, parts)
		}
		before = parts
		versions = append(versions, v)
	}
	return versions, rows.Err()
}

// partsOf takes the document apart, without its version.
func partsOf(c *queue.Config) (parts map[string]json.RawMessage, err error) {
	body, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &parts); err != nil {
		return nil, err
	}
	delete(parts, "version")
	return parts, nil
}

// differences names the parts that differ, in order; one that is missing does.
func differences(a, b map[string]json.RawMessage) []string {
	names := map[string]bool{}
	for _, parts := range []map[string]json.RawMessage{a, b} {
		for name := range parts {
			if !bytes.Equal(a[name], b[name]) {
				names[name] = true
			}
		}
	}
	list := slices.AppendSeq([]string{}, maps.Keys(names))
	slices.Sort(list)
	return list
}
