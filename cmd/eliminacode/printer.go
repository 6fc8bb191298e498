package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/web"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
	"github.com/eliminacode/eliminacode/totem/printer"
)

// printerIdle is after what time a silent client of the printer is cut off, as Epson's do.
const printerIdle = 90 * time.Second

// printer runs a printer to develop with: on one port it takes ESC/POS, on another it shows the
// paper.
func (p *program) printer(ctx context.Context, args []string) error {
	s, err := config.LoadPrinter("printer", args, p.stdout)
	if errors.Is(err, config.ErrHelp) {
		return err
	}
	if err != nil {
		return wrong("%w", err)
	}
	model, err := printerModel(s)
	if err != nil {
		return err
	}
	assets, err := web.NewAssets(map[string]fs.FS{"displays": displays.FS, "totem/printer": printer.FS}, p.log())
	if err != nil {
		return err
	}
	page, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Page)
	if err != nil {
		return cantListen("page", s.Page, err)
	}
	defer page.Close() // again, if the server has
	machine, err := virtual.Start(ctx, s.Listen, virtual.Options{Model: model, Speed: s.Speed, Idle: printerIdle})
	if err != nil {
		return cantListen("listen", s.Listen, err)
	}
	defer machine.Close()

	fmt.Fprintf(p.stdout, "Stampante di prova (%s): tcp://%s\n", model.Title, machine.Addr())
	fmt.Fprintf(p.stdout, "La sua carta, e i suoi guasti: %s\n", localAddress(page.Addr()))
	fmt.Fprintf(p.stdout, "Per stamparci: ELIMINACODE_PRINTER=tcp://%s %s totem\n", machine.Addr(), os.Args[0])
	return servePage(ctx, page, printer.New(machine, model, assets))
}

// servePage serves until ctx ends, which also ends the streams.
func servePage(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: requestsWithin, BaseContext: func(net.Listener) context.Context { return ctx }}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve the page: %w", err)
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	return server.Shutdown(end)
}

// printerModel is the printer of a profile, with paper of the width that is wanted.
func printerModel(s *config.Printer) (virtual.Model, error) {
	name := s.Profile
	if s.Width == 58 && !strings.HasSuffix(name, "-58") {
		name += "-58"
	}
	if m, ok := virtual.ModelByName(name); ok {
		return m, nil
	}
	var names []string
	for _, m := range virtual.Models() {
		names = append(names, m.Name)
	}
	return virtual.Model{}, wrong("--profile = %q: no printer %s is known, but %s", s.Profile, name, strings.Join(names, ", "))
}

// cantListen names the setting whose address can't be had.
func cantListen(setting, address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return wrong("--%s = %q: address already in use, perhaps by another printer: choose another port, such as 0 for any", setting, address)
	}
	return wrong("--%s = %q: %w", setting, address, err)
}
