package agent

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/totem/agent/diary"
)

// anewAt is the size at which the journal is written anew, in bytes.
const anewAt = 2 << 20

// memory is the state, and the journal that it comes from.
type memory struct {
	log *slog.Logger
	now func() time.Time

	mu     sync.Mutex
	diary  *diary.Diary
	state  *state
	full   error // why the journal takes nothing; nil: it does
	anewAt int64
}

// recall opens a folder. What was being printed when the agent ended is unknown from now on.
func recall(folder string, log *slog.Logger) (*memory, error) {
	d, found, err := diary.Open(folder)
	if err != nil {
		return nil, err
	}
	m := &memory{log: log, diary: d, state: &state{}, now: func() time.Time { return time.Time{} }, anewAt: anewAt}
	for _, b := range found.Records {
		var r record
		if err := json.Unmarshal(b, &r); err != nil {
			log.Error("a record of the journal isn't understood", "err", err)
			continue
		}
		m.state.apply(&r)
	}
	if found.Damaged > 0 {
		log.Error("the journal is damaged: the disk may be failing. The file is kept as journal.damaged-…", "records", found.Damaged)
	}
	if err := m.begin(found.Damaged > 0); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if found.Damaged > 0 {
		m.disk(m.anew()) // so that the next start finds no damage
	}
	return m, nil
}

// begin notes what a start changes. Of a damaged journal it isn't known which numbers were given:
// they are the totem's no longer.
func (m *memory) begin(damaged bool) error {
	var first []record
	if damaged {
		first = append(first, record{Kind: recLeases})
	}
	if len(m.state.Key) == 0 {
		first = append(first, record{Kind: recKey, Text: rand.Text()})
	}
	first = append(first, record{Kind: recRun})
	for _, t := range m.state.Tickets {
		for _, j := range t.Jobs {
			if j.Result == "" {
				first = append(first, record{Kind: recResult, Ticket: t.ID, Copy: j.Copy, Result: resultUnknown, Reason: reasonRestarted})
			}
		}
	}
	if err := m.note(true, first...); err == nil {
		return nil
	} else if len(m.state.Key) == 0 {
		return err // without a key there is no ticket
	}
	m.remember(first...)
	return nil
}

// newest are the newest of the tickets that are of a kind, n at most, the newest first.
func (s *state) newest(n int, of func(*ticket) bool) (list []*ticket) {
	newer := func(a, b *ticket) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) }
	for _, t := range s.Tickets {
		if !of(t) {
			continue
		}
		if at, _ := slices.BinarySearchFunc(list, t, newer); at < n {
			list = slices.Insert(list, at, t)
			list = list[:min(n, len(list))]
		}
	}
	return list
}

// note writes records, and has them count. If it returns an error nothing has changed. If durable
// is set they outlive a loss of power.
func (m *memory) note(durable bool, records ...record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.noteLocked(durable, records...)
}

// noteWith notes the records that f makes of the state, before anything else changes it.
func (m *memory) noteWith(f func(*state) ([]record, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	records, err := f(m.state)
	if err != nil {
		return err
	}
	return m.noteLocked(true, records...)
}

func (m *memory) noteLocked(durable bool, records ...record) error {
	lines := make([][]byte, len(records))
	for i := range records {
		if records[i].At.IsZero() {
			records[i].At = m.now()
		}
		line, err := json.Marshal(&records[i])
		if err != nil {
			return fmt.Errorf("note %s: %w", records[i].Kind, err)
		}
		lines[i] = line
	}
	err := m.diary.Append(durable, lines...)
	if err != nil { // the file's end may be torn, or there may be room for less
		if err = m.anew(); err == nil {
			err = m.diary.Append(durable, lines...)
		}
	}
	m.disk(err)
	if err != nil {
		return err
	}
	for i := range records {
		m.state.apply(&records[i])
	}
	if m.diary.Size() > m.anewAt {
		m.disk(m.anew())
	}
	return nil
}

// disk takes note of whether the journal can be written, and tells the log of a change.
func (m *memory) disk(err error) {
	switch {
	case err != nil && m.full == nil:
		m.log.Error("the journal can't be written: no tickets without the server until it can", "err", err)
	case err == nil && m.full != nil:
		m.log.Info("the journal can be written again")
	}
	m.full = err
}

// anew writes the journal anew.
func (m *memory) anew() error {
	m.state.forget()
	b, err := json.Marshal(&record{Kind: recState, State: m.state})
	if err == nil {
		err = m.diary.Rewrite(b)
	}
	if err == nil {
		m.anewAt = 2*m.diary.Size() + anewAt
	}
	return err
}

// remember has records count that couldn't be written. They are once the journal is written anew.
func (m *memory) remember(records ...record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range records {
		if records[i].At.IsZero() {
			records[i].At = m.now()
		}
		m.state.apply(&records[i])
	}
}

// keep notes records, or at least remembers them.
func (m *memory) keep(durable bool, records ...record) {
	if m.note(durable, records...) != nil {
		m.remember(records...)
	}
}

// look calls f with the state, which it may read.
func (m *memory) look(f func(*state)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(m.state)
}

// ticket returns a copy of what is known of a ticket, as it is now; nil: nothing.
func (m *memory) ticket(id string) (t *ticket) {
	m.look(func(s *state) {
		if found := s.Tickets[id]; found != nil {
			t = found.clone()
		}
	})
	return t
}

// idOf is the id of the ticket that a key stands for. Without this folder nobody can guess it.
func (m *memory) idOf(key string) string {
	h := hmac.New(sha256.New, m.state.Key) // it never changes
	h.Write([]byte(key))
	return base32.StdEncoding.EncodeToString(h.Sum(nil))[:idLength]
}

// idLength is that of all tickets' ids, as of crypto/rand.Text.
const idLength = 26

func (m *memory) close() error { return m.diary.Close() }
