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
	now := clock(s.Clock)
	if s.Clock.IsZero() {
		if now, err = demo.Clock(queue.Default(), time.Now); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
	}
	begin := now()
	fmt.Fprintf(p.stdout, "Dimostrazione: una mattina inventata, dalle %s del %s. Nulla è conservato.\n\n",
		begin.Format("15:04"), begin.Format("02/01/2006"))
	return p.run(ctx, s, now, func(ctx context.Context, address string) {
		m := demo.Morning{Address: address, Token: s.DevToken, Seed: 1, Log: p.log()}
		m.Play(ctx)
	})
}
