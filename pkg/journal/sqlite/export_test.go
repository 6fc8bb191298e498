package sqlite

import (
	"context"
	"fmt"
)

// LimitPages makes the disk seem full once the file has n pages, or as many as it has.
func (j *Journal) LimitPages(n int) error {
	_, err := j.writer.conn.ExecContext(context.Background(), fmt.Sprintf("PRAGMA max_page_count = %d", n))
	return err
}

// ReadOnly makes the file seem one that can't be written.
func (j *Journal) ReadOnly() error {
	_, err := j.writer.conn.ExecContext(context.Background(), "PRAGMA query_only = on")
	return err
}
