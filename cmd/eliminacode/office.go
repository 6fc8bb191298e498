package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

const configUsage = `usage: eliminacode config export [--version N] [settings]
       eliminacode config versions [settings]
       eliminacode config check FILE
       eliminacode config import FILE [--move OLD:NEW]... [settings]

  export   print the office's configuration, to be kept or edited; --version
           prints an old one
  versions list the versions, the newest first: when, by whom, what they changed
  check    list every fault of a file, with its path
  import   replace the configuration by a file's, also while the server runs;
           --move says where people go who wait for a channel that the file lacks

FILE may be - for standard input.
`

const (
	// importTries is how often an import is tried while a server writes into the same office.
	importTries = 100
	// catchUpMax is how many events are read at once of what a server has written meanwhile.
	catchUpMax = 1000
)

// config works on the configuration of an office, beside the running server or without one.
func (p *program) config(ctx context.Context, args []string) error {
	verb := ""
	if len(args) > 0 {
		verb, args = args[0], args[1:]
	}
	switch {
	case verb == "export":
		return p.exportConfig(ctx, args)
	case verb == "versions":
		return p.configVersions(ctx, args)
	case verb == "check" && len(args) == 1:
		_, err := p.readConfig(args[0])
		if err == nil {
			fmt.Fprintln(p.stdout, "La configurazione va bene. The configuration is right.")
		}
		return err
	case verb == "import" && len(args) >= 1:
		return p.importConfig(ctx, args[0], args[1:])
	case asksForHelp(verb):
		fmt.Fprint(p.stdout, configUsage)
		return nil
	}
	return wrong("config wants export, versions, check FILE or import FILE (see eliminacode config --help)")
}

func (p *program) exportConfig(ctx context.Context, args []string) error {
	wanted, args := take("version", args)
	s, err := p.settings("config export", args)
	if err != nil {
		return err
	}
	return p.beside(ctx, s, func(j journal.Store, st *queue.State) error {
		cfg := st.Config
		if len(wanted) > 0 {
			list, err := j.Versions(ctx, s.Office)
			if err != nil {
				return err
			}
			version := wanted[len(wanted)-1]
			i := slices.IndexFunc(list, func(v figures.Version) bool { return strconv.FormatInt(v.Version, 10) == version })
			if i < 0 {
				return wrong("--version %q: see eliminacode config versions", version)
			}
			cfg = list[i].Config
		}
		body, err := json.MarshalIndent(cfg, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%s\n", body)
		return err
	})
}

func (p *program) configVersions(ctx context.Context, args []string) error {
	s, err := p.settings("config versions", args)
	if err != nil {
		return err
	}
	return p.beside(ctx, s, func(j journal.Store, st *queue.State) error {
		list, err := j.Versions(ctx, s.Office)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		for _, v := range slices.Backward(list) {
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", v.Version, v.At.In(st.Location()).Format(time.DateTime), v.By, strings.Join(v.Changed, ", "))
		}
		return table.Flush()
	})
}

func (p *program) importConfig(ctx context.Context, file string, args []string) error {
	move, args, err := moves(args)
	if err != nil {
		return err
	}
	s, err := p.settings("config import", args)
	if err != nil {
		return err
	}
	cfg, err := p.readConfig(file)
	if err != nil {
		return err
	}
	// The office's own time, since a server that goes by another clock than this tool may be
	// running: neither its day nor its hour is changed by the import.
	do := queue.Command{By: "system", Do: queue.Configure{Config: cfg, Version: cfg.Version, Move: move}}
	return p.beside(ctx, s, func(j journal.Store, st *queue.State) error {
		for tries := 1; ; tries++ {
			next := st.Clone()
			events, _, err := next.Execute(do, st.At)
			if err != nil {
				return err
			}
			err = j.Append(ctx, journal.Batch{Office: s.Office, Events: events, Tickets: next.Touched(events)})
			if errors.Is(err, journal.ErrConflict) && tries < importTries {
				if err := catchUp(ctx, j, s.Office, st); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
			j.Ring(s.Office)
			fmt.Fprintf(p.stdout, "Configurazione importata: ora è la versione %d. Imported as version %d.\n", next.Config.Version, next.Config.Version)
			return nil
		}
	})
}

// catchUp brings the state to what a server has written meanwhile.
func catchUp(ctx context.Context, j journal.Store, office string, st *queue.State) error {
	events, err := j.Events(ctx, office, st.Seq, catchUpMax)
	for i := range events {
		st.Apply(&events[i])
	}
	return err
}

// moves takes the --move flags out of the arguments.
func moves(args []string) (map[queue.ChannelID]queue.ChannelID, []string, error) {
	list, rest := take("move", args)
	move := map[queue.ChannelID]queue.ChannelID{}
	for _, v := range list {
		from, to, ok := strings.Cut(v, ":")
		if !ok {
			return nil, nil, wrong("--move %q: write it as OLD:NEW", v)
		}
		move[queue.ChannelID(from)] = queue.ChannelID(to)
	}
	return move, rest, nil
}

// take takes the values of a flag that isn't a setting out of the arguments.
func take(flag string, args []string) (values, rest []string) {
	for i := 0; i < len(args); i++ {
		v, ok := strings.CutPrefix(args[i], "--"+flag+"=")
		if !ok && args[i] == "--"+flag && i+1 < len(args) {
			i++
			v, ok = args[i], true
		}
		if ok {
			values = append(values, v)
		} else {
			rest = append(rest, args[i])
		}
	}
	return values, rest
}

// readConfig reads and checks a configuration. Its error lists every fault.
func (p *program) readConfig(file string) (*queue.Config, error) {
	in := io.Reader(os.Stdin)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	dec := json.NewDecoder(in)
	dec.DisallowUnknownFields()
	cfg := new(queue.Config)
	if err := dec.Decode(cfg); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	faults := cfg.Validate()
	if len(faults) == 0 {
		return cfg, nil
	}
	var list strings.Builder
	for _, f := range faults {
		said := words.Fault(f)
		fmt.Fprintf(&list, "\n  %s: %s / %s", f.Path, said.In("it"), said.In("en"))
	}
	return nil, fmt.Errorf("%s: %d faults:%s", file, len(faults), list.String())
}

// beside has work done on the office's state, from a journal that a server may be using meanwhile.
func (p *program) beside(ctx context.Context, s *config.Settings, work func(journal.Store, *queue.State) error) (err error) {
	j, err := p.open(ctx, s, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	st, _, err := engine.Load(ctx, j, s.Office)
	if errors.Is(err, engine.ErrUnknownOffice) {
		return wrong("there is no office %q: the first start of its server makes one", s.Office)
	}
	if err != nil {
		return unusable(s, err)
	}
	return work(j, st)
}

// backup copies the journal of a running SQLite server to a new file.
func (p *program) backup(ctx context.Context, args []string) error {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		if _, err := p.settings("backup FILE", args); errors.Is(err, config.ErrHelp) {
			return err
		}
		return wrong("backup wants the file to write: eliminacode backup FILE [settings]")
	}
	s, err := p.settings("backup", args[1:])
	if err != nil {
		return err
	}
	if s.Database != "" {
		return wrong("backup copies SQLite; for PostgreSQL use pg_dump (see docs/installation.md)")
	}
	if _, err := os.Stat(databaseFile(s)); errors.Is(err, fs.ErrNotExist) {
		return wrong("the data folder (--data) %s holds no database to copy", s.Data)
	}
	err = sqlite.Backup(ctx, databaseFile(s), args[0])
	if errors.Is(err, fs.ErrExist) {
		return wrong("%s is there already: choose another name", args[0])
	}
	if known, ok := errors.AsType[*journal.Error](err); ok && known.Reason == journal.Damaged { // any other may be the copy's
		return unusable(s, err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Copia completa e verificata in %s. Complete and verified copy.\n", args[0])
	return nil
}

func databaseFile(s *config.Settings) string { return filepath.Join(s.Data, "eliminacode.db") }
