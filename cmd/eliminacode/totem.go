package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/disk"
	"github.com/eliminacode/eliminacode/pkg/voice"
	"github.com/eliminacode/eliminacode/totem/agent"
	"github.com/eliminacode/eliminacode/totem/escpos"
)

// totem runs the agent on a kiosk.
func (p *program) totem(ctx context.Context, args []string) error {
	s, err := config.LoadTotem(args, p.getenv, p.stdout)
	if errors.Is(err, config.ErrHelp) {
		return err
	}
	if err != nil {
		return wrong("%w", err)
	}
	return p.runTotem(ctx, s)
}

// runTotem runs an agent until ctx ends.
func (p *program) runTotem(ctx context.Context, s *config.Totem) error {
	printer, err := openPrinter(s)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, s.Listen)
	if err != nil {
		return err
	}
	defer listener.Close() // again, if the agent has
	spoken, err := voice.New(voice.Options{Folder: filepath.Join(s.Data, "voice"), Command: s.VoiceCommand, Log: p.log()})
	if err != nil {
		return wrong("voice-command: %w", err)
	}
	defer spoken.Close()
	a, err := agent.New(agent.Options{
		Server: s.Server, Token: s.Token, Folder: s.Data, Printer: printer, Voice: spoken, Log: p.log(), Version: version,
	})
	switch _, folder := errors.AsType[*fs.PathError](err); {
	case errors.Is(err, disk.ErrLocked):
		return wrong("data = %q: another agent uses this folder: stop it, or choose another folder", s.Data)
	case folder:
		return wrong("data = %q: %w", s.Data, err)
	case err != nil:
		return err
	}
	local := localAddress(listener.Addr())
	fmt.Fprintf(p.stdout, "Eliminacode %s, totem\n\n  Schermo      %s/\n  Server       %s\n  Stampante    %s (%s)\n\n",
		version, local, s.Server, s.Printer, printer.Profile().Title)
	return a.Run(ctx, listener)
}

// openPrinter readies the printer, which may be away.
func openPrinter(s *config.Totem) (*escpos.Printer, error) {
	profile, ok := escpos.ProfileByName(s.Profile)
	if !ok {
		var names []string
		for _, known := range escpos.Profiles() {
			names = append(names, known.Name)
		}
		return nil, wrong("printer-profile = %q: choose one of %s", s.Profile, strings.Join(names, ", "))
	}
	printer, err := escpos.Open(s.Printer, profile)
	if err != nil {
		return nil, wrong("printer = %q: %w", s.Printer, err)
	}
	return printer, nil
}
