package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// claimLock is the advisory lock of the server that claims: of two that claimed at once, neither
// would see the other.
const claimLock = upgradeLock + 2

// What has run out is nobody's; nor is what a clock that was set back would keep for longer than it
// was claimed for.
const dropClaims = `
DELETE FROM claims
WHERE holder = $1 AND name <> ALL($2::TEXT[])
    OR until NOT BETWEEN EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000000 AND EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000000 + $3::BIGINT`

const takeClaims = `
INSERT INTO claims (name, holder, until)
SELECT wanted.name, $1, (EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000000)::BIGINT + $3::BIGINT
FROM UNNEST($2::TEXT[]) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM claims WHERE claims.name = wanted.name AND claims.holder <> $1)
ON CONFLICT (name) DO UPDATE SET until = excluded.until`

const allClaims = `
SELECT name, holder = $1
FROM claims
ORDER BY name`

// Claim takes for this server, until lease has passed by the database's clock, those of the names
// that no other server has, and gives back what else it had. It answers which it has then, and
// which the others have, of all names that there are.
func (j *Journal) Claim(ctx context.Context, names []string, lease time.Duration) (mine, others []string, err error) {
	defer wrap(&err, "postgres.Claim()")

	if names == nil {
		names = []string{} // NULL would be another question
	}
	var batch pgx.Batch // one transaction
	batch.Queue(`SELECT pg_advisory_xact_lock($1)`, int64(claimLock))
	batch.Queue(dropClaims, j.name, names, lease.Microseconds())
	batch.Queue(takeClaims, j.name, names, lease.Microseconds())
	batch.Queue(allClaims, j.name).Query(func(list pgx.Rows) error {
		var name string
		var own bool
		_, err := pgx.ForEachRow(list, []any{&name, &own}, func() error {
			if own {
				mine = append(mine, name)
			} else {
				others = append(others, name)
			}
			return nil
		})
		return err
	})
	if err := j.pool.SendBatch(ctx, &batch).Close(); err != nil {
		return nil, nil, j.failure(err)
	}
	return mine, others, nil
}
