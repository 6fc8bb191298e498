// Package config gathers the server's settings: defaults, then an optional TOML
// file, then the environment, then flags. It is about the program; what an
// office is like is in its own document, see queue.Config.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Settings are the server's, checked. docs/installation.md describes each.
type Settings struct {
	Listen       string   // host:port
	Data         string   // folder of the SQLite journal
	Database     string   // postgres://…; empty: SQLite in Data
	Office       string   // the default office
	PublicURL    string   // without a slash at the end; empty: as requests say
	Origins      []string // further sites whose pages may show what the public sees
	Proxies      []string // networks of trusted proxies, CIDR
	MetricsToken string   // lets others than this machine read the metrics
	VoiceCommand string   // that reads sentences aloud; empty: none
	Retention    int      // days that detailed events are kept; 0: for good
	Dev          bool
	DevToken     string
	Clock        time.Time // the moment at which the clock starts; zero: the machine's
	// TrustClock says that the clock is right although the office's last event is of more than a
	// year ago.
	TrustClock bool
}

// ErrHelp says that help was asked for and has been printed.
var ErrHelp = flag.ErrHelp

// setting is one setting, of those that S gathers, by all its names.
type setting[S any] struct {
	name   string // of the flag and in the file; ELIMINACODE_NAME in the environment
	usage  string
	set    func(*S, string) error
	secret bool // not a flag: others on the machine see command lines
	flag   bool // a flag without a value
	noFile bool
}

var settings = []setting[Settings]{
	{name: "listen", usage: "`host:port` to listen on (default :8080)", set: func(s *Settings, v string) error {
		if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
			return errors.New(`write it as host:port, such as ":8080"`)
		}
		s.Listen = v
		return nil
	}},
	{name: "data", usage: "`folder` of the data (default ./data)", set: func(s *Settings, v string) error {
		if v == "" {
			return errors.New("name a folder")
		}
		s.Data = v
		return nil
	}},
	{name: "database", secret: true, usage: "postgres://… instead of SQLite", set: func(s *Settings, v string) error {
		if v != "" && !strings.HasPrefix(v, "postgres://") && !strings.HasPrefix(v, "postgresql://") {
			return errors.New("write it as postgres://user@host/database, or leave it out for SQLite")
		}
		s.Database = v
		return nil
	}},
	{name: "office", usage: "`name` of the default office (default urp)", set: func(s *Settings, v string) error {
		if !officeForm.MatchString(v) {
			return errors.New("use lower-case letters, digits and hyphens, at most 32")
		}
		s.Office = v
		return nil
	}},
	{name: "public-url", usage: "`address` under which citizens reach this server, for the tickets' QR codes", set: func(s *Settings, v string) error {
		u, err := url.Parse(v)
		if v != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "") {
			return errors.New("write it as https://coda.comune.example.it")
		}
		s.PublicURL = strings.TrimSuffix(v, "/")
		return nil
	}},
	{name: "origins", usage: "further `sites` whose pages may show what the public sees, comma-separated", set: func(s *Settings, v string) (err error) {
		s.Origins, err = list(v, func(o string) error {
			if u, err := url.Parse(o); err != nil || u.Host == "" || u.Path != "" {
				return errors.New("write sites as https://www.comune.example.it")
			}
			return nil
		})
		return err
	}},
	{name: "proxies", usage: "`networks` of trusted reverse proxies, comma-separated", set: func(s *Settings, v string) (err error) {
		s.Proxies, err = list(v, func(p string) error {
			if _, err := netip.ParsePrefix(p); err != nil {
				return errors.New("write networks as 127.0.0.0/8")
			}
			return nil
		})
		return err
	}},
	{name: "metrics-token", secret: true, usage: "the token that lets others read /metrics", set: func(s *Settings, v string) error {
		if len(v) < 16 {
			return errors.New("at least 16 characters")
		}
		s.MetricsToken = v
		return nil
	}},
	{name: "retention-days", usage: "`days` that detailed events are kept (default 30; 0: for good)", set: func(s *Settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 3660 {
			return errors.New("write a number of days from 0 to 3660")
		}
		s.Retention = n
		return nil
	}},
	{name: "voice-command", usage: "`command` that reads sentences aloud: text in, WAV out (see docs/voice.md)", set: func(s *Settings, v string) error {
		s.VoiceCommand = strings.TrimSpace(v)
		return nil
	}},
	{name: "dev", flag: true, noFile: true, usage: "accept ELIMINACODE_DEV_TOKEN from this machine; never in production", set: func(s *Settings, v string) (err error) {
		s.Dev, err = strconv.ParseBool(v)
		return err
	}},
	{name: "dev-token", secret: true, noFile: true, usage: "the token that --dev accepts", set: func(s *Settings, v string) error {
		s.DevToken = v
		return nil
	}},
	{name: "trust-clock", flag: true, noFile: true, usage: "the clock is right, though the office was last used over a year ago; for one start", set: func(s *Settings, v string) (err error) {
		s.TrustClock, err = strconv.ParseBool(v)
		return err
	}},
	{name: "clock", noFile: true, usage: "`moment` at which the clock starts, with --dev: 2026-03-02T09:00:00+01:00", set: func(s *Settings, v string) (err error) {
		if s.Clock, err = time.Parse(time.RFC3339, v); err != nil {
			return errors.New("write it as 2026-03-02T09:00:00+01:00")
		}
		return nil
	}},
}

var officeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

func list(v string, check func(string) error) (out []string, err error) {
	for item := range strings.SplitSeq(v, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		if err := check(item); err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

// Load reads the settings of a command. It returns [ErrHelp] after printing the
// help to stdout, or an error of one clear line.
func Load(command string, args []string, getenv func(string) string, stdout io.Writer) (*Settings, error) {
	s := &Settings{Listen: ":8080", Data: "./data", Office: "urp", Retention: 30}
	if err := gather(s, settings, command, args, getenv, stdout); err != nil {
		return nil, err
	}
	switch {
	case !s.Clock.IsZero() && !s.Dev:
		return nil, errors.New("--clock: only with --dev")
	case !s.Dev:
		s.DevToken = "" // it counts for nothing
	case s.DevToken != "" && len(s.DevToken) < 8:
		return nil, errors.New("ELIMINACODE_DEV_TOKEN: at least 8 characters")
	}
	return s, nil
}

// gather sets each setting of a table from the file, the environment and the flags, in that order.
func gather[S any](s *S, table []setting[S], command string, args []string, getenv func(string) string, stdout io.Writer) error {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	given := map[string]string{}
	for _, o := range table {
		keep := func(v string) error { given[o.name] = v; return nil }
		switch {
		case o.secret:
		case o.flag:
			flags.BoolFunc(o.name, o.usage, keep)
		default:
			flags.Func(o.name, o.usage, keep)
		}
	}
	file := flags.String("config", getenv("ELIMINACODE_CONFIG"), "TOML `file` with settings")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		help(command, table, flags, stdout)
		return ErrHelp
	} else if err != nil {
		return fmt.Errorf("%w (see eliminacode %s --help)", err, command)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q (see eliminacode %s --help)", flags.Arg(0), command)
	}
	fromFile, err := read(*file, table)
	if err != nil {
		return err
	}
	for _, o := range table {
		for _, source := range []struct {
			name  string
			value string
			given bool
		}{
			{*file + ": " + o.name, fromFile[o.name], has(fromFile, o.name)},
			{o.env(), getenv(o.env()), getenv(o.env()) != ""},
			{"--" + o.name, given[o.name], has(given, o.name)},
		} {
			if !source.given {
				continue
			}
			if err := o.set(s, source.value); err != nil {
				if o.secret {
					return fmt.Errorf("%s: %w", source.name, err)
				}
				return fmt.Errorf("%s = %q: %w", source.name, source.value, err)
			}
		}
	}
	return nil
}

// env is the setting's name in the environment.
func (o setting[S]) env() string {
	return "ELIMINACODE_" + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}

func has(m map[string]string, k string) bool {
	_, ok := m[k]
	return ok
}

// read returns the settings of the TOML file.
func read[S any](path string, table []setting[S]) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("settings file: %w", err)
	}
	var raw map[string]any
	if err := toml.Unmarshal(b, &raw); err != nil {
		return nil, fmt.Errorf("settings file %s: %w", path, err)
	}
	for section, v := range maps.Clone(raw) {
		if values, ok := v.(map[string]any); ok { // [voice] command is voice-command
			delete(raw, section)
			for k, v := range values {
				name := section + "-" + k
				if raw[name] != nil {
					return nil, fmt.Errorf("settings file %s: setting %q is there twice", path, name)
				}
				raw[name] = v
			}
		}
	}
	out := map[string]string{}
	for k, v := range raw {
		known := false
		for _, o := range table {
			known = known || o.name == k && !o.noFile
		}
		if !known {
			return nil, fmt.Errorf("settings file %s: unknown setting %q", path, k)
		}
		if items, ok := v.([]any); ok {
			words := make([]string, len(items))
			for i := range items {
				words[i] = fmt.Sprint(items[i])
			}
			v = strings.Join(words, ",")
		}
		out[k] = fmt.Sprint(v)
	}
	return out, nil
}

func help[S any](command string, table []setting[S], flags *flag.FlagSet, w io.Writer) {
	fmt.Fprintf(w, "usage: eliminacode %s [settings]\n\n", command)
	flags.SetOutput(w)
	flags.PrintDefaults()
	var secrets []string
	for _, o := range table {
		if o.secret {
			secrets = append(secrets, o.env())
		}
	}
	fmt.Fprintf(w, "\nEvery setting is also read from the environment (ELIMINACODE_LISTEN, ...) and from the\n"+
		"TOML file (listen = \":8080\"); a flag wins over the environment, that over the file.\n"+
		"Secrets are read from the environment alone: %s.\n", strings.Join(secrets, ", "))
}
