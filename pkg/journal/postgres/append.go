package postgres

import (
	"context"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/internal/rows"
	"github.com/jackc/pgx/v5"
)

// When the event before the batch is missing, or the first one comes late (its like was deleted),
// there is no office, and the table refuses a row without one: so a gap ends the transaction as a
// taken seq does, without a round trip of its own.
const insertEvents = `
INSERT INTO events (office, seq, at, kind, ticket, counter, body)
SELECT
    CASE WHEN $2::BIGINT = 1 AND NOT EXISTS (SELECT FROM events WHERE office = $1)
        OR EXISTS (SELECT FROM events WHERE office = $1 AND seq = $2::BIGINT - 1) THEN $1::TEXT END,
    e.*
FROM UNNEST($3::BIGINT[], $4::BIGINT[], $5::TEXT[], $6::TEXT[], $7::TEXT[], $8::TEXT[]) AS e`

const insertTickets = `
INSERT INTO tickets (office, day, id, hour, number, channel, class, state, counter, issued, entered,
    waited_s, way_s, service_s, held_s, absent_s, calls, transferred, inexact, touched, gave_up, expected)
SELECT $1::TEXT, t.*
FROM UNNEST($2::TEXT[], $3::TEXT[], $4::BIGINT[], $5::TEXT[], $6::TEXT[], $7::TEXT[], $8::TEXT[], $9::TEXT[], $10::BIGINT[], $11::BIGINT[],
    $12::FLOAT8[], $13::FLOAT8[], $14::FLOAT8[], $15::FLOAT8[], $16::FLOAT8[], $17::BIGINT[], $18::BIGINT[], $19::BOOLEAN[], $20::BIGINT[], $21::BOOLEAN[], $22::BIGINT[]) AS t
ON CONFLICT (office, day, id) DO UPDATE SET
    number = excluded.number,
    channel = excluded.channel,
    class = excluded.class,
    state = excluded.state,
    counter = excluded.counter,
    entered = excluded.entered,
    waited_s = excluded.waited_s,
    way_s = excluded.way_s,
    service_s = excluded.service_s,
    held_s = excluded.held_s,
    absent_s = excluded.absent_s,
    calls = excluded.calls,
    transferred = excluded.transferred,
    inexact = excluded.inexact,
    touched = excluded.touched,
    gave_up = excluded.gave_up,
    expected = excluded.expected`

const insertCalls = `
INSERT INTO calls (office, seq, at, day, ticket, counter, recall, out_of_turn)
SELECT $1::TEXT, c.*
FROM UNNEST($2::BIGINT[], $3::BIGINT[], $4::TEXT[], $5::TEXT[], $6::TEXT[], $7::BOOLEAN[], $8::BOOLEAN[]) AS c`

const insertOutcomes = `
INSERT INTO outcomes (office, seq, service, quantity, at, day, ticket, counter)
SELECT $1::TEXT, o.*
FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::BIGINT[], $5::BIGINT[], $6::TEXT[], $7::TEXT[], $8::TEXT[]) AS o`

// Append implements [journal.Journal].
func (j *Journal) Append(ctx context.Context, b journal.Batch) (err error) {
	defer wrap(&err, "postgres.Append(%q)", b.Office)

	r, err := rows.Of(b)
	if err != nil {
		return err
	}
	// The statements of a batch are one transaction, which its end commits.
	var batch pgx.Batch
	queueEvents(&batch, r)
	for _, u := range r.Undone {
		if u.Never {
			batch.Queue(`DELETE FROM tickets WHERE office = $1 AND day >= $2 AND id = $3`, r.Office, u.Day, u.Ticket)
			continue
		}
		batch.Queue(`DELETE FROM calls WHERE office = $1 AND seq > $2 AND ticket = $3 AND NOT recall`, r.Office, u.After, u.Ticket)
		batch.Queue(`DELETE FROM outcomes WHERE office = $1 AND seq > $2 AND ticket = $3`, r.Office, u.After, u.Ticket)
	}
	queueTickets(&batch, r)
	queueCalls(&batch, r)
	queueOutcomes(&batch, r)
	return j.failure(j.pool.SendBatch(ctx, &batch).Close())
}

// column gives one column of rows, which is how PostgreSQL takes many at once.
func column[R, V any](list []R, value func(*R) V) []V {
	values := make([]V, len(list))
	for i := range list {
		values[i] = value(&list[i])
	}
	return values
}

func queueEvents(b *pgx.Batch, r *rows.Rows) {
	b.Queue(
		insertEvents, r.Office, r.Events[0].Seq,
		column(r.Events, func(e *rows.Event) int64 { return e.Seq }),
		column(r.Events, func(e *rows.Event) int64 { return e.At }),
		column(r.Events, func(e *rows.Event) string { return e.Kind }),
		column(r.Events, func(e *rows.Event) string { return e.Ticket }),
		column(r.Events, func(e *rows.Event) string { return e.Counter }),
		column(r.Events, func(e *rows.Event) string { return e.Body }),
	)
}

func queueTickets(b *pgx.Batch, r *rows.Rows) {
	if len(r.Tickets) == 0 {
		return
	}
	b.Queue(
		insertTickets, r.Office,
		column(r.Tickets, func(t *rows.Ticket) string { return t.Day }),
		column(r.Tickets, func(t *rows.Ticket) string { return string(t.ID) }),
		column(r.Tickets, func(t *rows.Ticket) int64 { return int64(t.Hour) }),
		column(r.Tickets, func(t *rows.Ticket) string { return t.Number }),
		column(r.Tickets, func(t *rows.Ticket) string { return string(t.Channel) }),
		column(r.Tickets, func(t *rows.Ticket) string { return string(t.Class) }),
		column(r.Tickets, func(t *rows.Ticket) string { return string(t.State) }),
		column(r.Tickets, func(t *rows.Ticket) string { return string(t.Counter) }),
		column(r.Tickets, func(t *rows.Ticket) int64 { return t.Issued.UnixMicro() }),
		column(r.Tickets, func(t *rows.Ticket) int64 { return t.Entered.UnixMicro() }),
		column(r.Tickets, func(t *rows.Ticket) float64 { return float64(t.Waited) }),
		column(r.Tickets, func(t *rows.Ticket) float64 { return float64(t.Way) }),
		column(r.Tickets, func(t *rows.Ticket) float64 { return float64(t.Service) }),
		column(r.Tickets, func(t *rows.Ticket) float64 { return float64(t.HeldFor) }),
		column(r.Tickets, func(t *rows.Ticket) float64 { return float64(t.AbsentFor) }),
		column(r.Tickets, func(t *rows.Ticket) int64 { return int64(t.Calls) }),
		column(r.Tickets, func(t *rows.Ticket) int64 { return int64(t.Passed) }),
		column(r.Tickets, func(t *rows.Ticket) bool { return t.Inexact }),
		column(r.Tickets, func(t *rows.Ticket) int64 { return t.Touched }),
		column(r.Tickets, func(t *rows.Ticket) bool { return t.Left }),
		column(r.Tickets, func(t *rows.Ticket) int64 { return t.AsExpected() }),
	)
}

func queueCalls(b *pgx.Batch, r *rows.Rows) {
	if len(r.Calls) == 0 {
		return
	}
	b.Queue(
		insertCalls, r.Office,
		column(r.Calls, func(c *rows.Call) int64 { return c.Seq }),
		column(r.Calls, func(c *rows.Call) int64 { return c.At }),
		column(r.Calls, func(c *rows.Call) string { return c.Day }),
		column(r.Calls, func(c *rows.Call) string { return c.Ticket }),
		column(r.Calls, func(c *rows.Call) string { return c.Counter }),
		column(r.Calls, func(c *rows.Call) bool { return c.Recall }),
		column(r.Calls, func(c *rows.Call) bool { return c.OutOfTurn }),
	)
}

func queueOutcomes(b *pgx.Batch, r *rows.Rows) {
	if len(r.Outcomes) == 0 {
		return
	}
	b.Queue(
		insertOutcomes, r.Office,
		column(r.Outcomes, func(o *rows.Outcome) int64 { return o.Seq }),
		column(r.Outcomes, func(o *rows.Outcome) string { return o.Service }),
		column(r.Outcomes, func(o *rows.Outcome) int64 { return int64(o.Quantity) }),
		column(r.Outcomes, func(o *rows.Outcome) int64 { return o.At }),
		column(r.Outcomes, func(o *rows.Outcome) string { return o.Day }),
		column(r.Outcomes, func(o *rows.Outcome) string { return o.Ticket }),
		column(r.Outcomes, func(o *rows.Outcome) string { return o.Counter }),
	)
}
