package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/demo"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// demoTotem and demoPrinter are where the demonstration's own totem and printer are.
const demoTotem, demoPrinter = "127.0.0.1:8090", "tcp://127.0.0.1:9100"

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
		var kiosk sync.WaitGroup
		defer kiosk.Wait()
		kiosk.Go(func() { p.demoKiosk(ctx, &kiosk, address, s.DevToken, filepath.Join(folder, "totem")) })
		m := demo.Morning{Address: address, Token: s.DevToken, Seed: 1, Log: p.log()}
		m.Play(ctx)
	})
}

// demoKiosk runs a totem and a printer for it, unless their ports are somebody else's.
func (p *program) demoKiosk(ctx context.Context, beside *sync.WaitGroup, server, token, folder string) {
	beside.Go(func() {
		if err := p.printer(ctx, nil); err != nil {
			fmt.Fprintln(p.stdout, "La dimostrazione è senza stampante sua:", err)
		}
	})
	err := p.runTotem(ctx, &config.Totem{Server: server, Token: token, Listen: demoTotem, Data: folder, Printer: demoPrinter})
	if err != nil {
		fmt.Fprintln(p.stdout, "La dimostrazione è senza totem suo:", err)
	}
}
