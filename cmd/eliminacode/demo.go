package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"github.com/eliminacode/eliminacode/pkg/demo"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// demo runs a server on data of its own, which go at the end, and plays a busy morning on it.
func (p *program) demo(ctx context.Context, args []string) error {
	s, err := p.settings("demo", args)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "eliminacode-demo-")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	defer os.RemoveAll(folder)
	s.Data, s.Database = folder, ""
	s.Dev, s.DevToken = true, rand.Text()
	if s.Clock.IsZero() {
		if s.Clock, err = busyMorning(time.Now()); err != nil {
			return err
		}
	}
	fmt.Fprintf(p.stdout, "Dimostrazione: una mattina inventata, dalle %s del %s. Nulla è conservato.\n\n",
		s.Clock.Format("15:04"), s.Clock.Format("02/01/2006"))
	return p.run(ctx, s, func(ctx context.Context, address string) {
		m := demo.Morning{Address: address, Token: s.DevToken, Seed: 1, Log: p.log()}
		m.Play(ctx)
	})
}

// busyMorning is half past nine of the last day before now on which the office was open.
func busyMorning(now time.Time) (time.Time, error) {
	cfg := queue.Default()
	loc, err := cfg.Location()
	if err != nil {
		return time.Time{}, fmt.Errorf("demo: %w", err)
	}
	for day := now.In(loc).AddDate(0, 0, -1); ; day = day.AddDate(0, 0, -1) {
		at := queue.DateOf(day).In(loc, 9*60+30)
		if open, _ := cfg.Open(nil, at); open {
			return at, nil
		}
	}
}
