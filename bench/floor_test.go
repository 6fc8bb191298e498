//go:build unix

package bench_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/jackc/pgx/v5/pgxpool"
)

// row is what the floor makes durable: about what an event is.
const row = `{"seq":1,"at":"2026-03-02T09:00:00+01:00","kind":"ticket_called","ticket":"abcdef","counter":"1"}`

// commit makes one row durable and returns its id.
type commit func(ctx context.Context) (id int64, err error)

func sqliteFloor(b *testing.B) commit {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "floor.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(b.Context(), `CREATE TABLE floor (id INTEGER PRIMARY KEY, body TEXT)`); err != nil {
		b.Fatal(err)
	}
	insert, err := db.PrepareContext(b.Context(), `INSERT INTO floor (body) VALUES (?)`)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = insert.Close()
		_ = db.Close()
	})
	return func(ctx context.Context) (int64, error) {
		result, err := insert.ExecContext(ctx, row)
		if err != nil {
			return 0, err
		}
		return result.LastInsertId()
	}
}

func postgresFloor(b *testing.B, address string) commit {
	b.Helper()
	pool, err := pgxpool.New(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	if _, err := pool.Exec(b.Context(), `CREATE TABLE floor (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT)`); err != nil {
		b.Fatal(err)
	}
	return func(ctx context.Context) (id int64, err error) {
		err = pool.QueryRow(ctx, `INSERT INTO floor (body) VALUES ($1) RETURNING id`, row).Scan(&id)
		return id, err
	}
}

// startFloor is the smallest program that does what a call does: a POST commits one row, sends one
// message to every socket, and is answered. It knows no clerk, no queue and no view.
func startFloor(b *testing.B, durable commit) (base string) {
	b.Helper()
	upgrader := websocket.Upgrader{}
	var mu sync.Mutex
	var sockets []*websocket.Conn
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ws", func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			b.Error(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		sockets = append(sockets, conn)
	})
	mux.HandleFunc("POST /next", func(w http.ResponseWriter, r *http.Request) {
		id, err := durable(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		message, err := websocket.NewPreparedMessage(websocket.TextMessage, fmt.Appendf(nil, `{"view":{"calls":[{"id":%d}]}}`, id))
		for _, conn := range sockets {
			if err == nil {
				err = conn.WritePreparedMessage(message)
			}
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, `{"call":{"id":%d}}`, id)
	})
	base, stop := listen(b, mux)
	b.Cleanup(func() {
		for _, conn := range sockets {
			_ = conn.Close()
		}
		stop()
	})
	return base
}
