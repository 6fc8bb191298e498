package config

import (
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// Totem are the settings of the agent on a kiosk, checked as far as they can be here.
type Totem struct {
	Server  string // "http://server:8080"
	Token   string // of a paired device; empty: as its folder has it, else it is to be paired
	Listen  string // host:port
	Data    string // its own folder
	Printer string // tcp://host:9100, usb:/dev/usb/lp0, cups:QUEUE or none
	Profile string // of the printer
	// VoiceCommand reads the sentences of the spoken guide aloud; empty: nothing does.
	VoiceCommand string
}

var totem = []setting[Totem]{
	{name: "server", usage: "`address` of the server (default http://localhost:8080)", set: func(s *Totem, v string) error {
		u, err := url.Parse(v)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return errors.New("write it as http://server:8080")
		}
		s.Server = strings.TrimRight(v, "/")
		return nil
	}},
	{name: "totem-token", secret: true, usage: "the token of a paired totem", set: func(s *Totem, v string) error {
		if len(v) < 8 || strings.ContainsFunc(v, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return errors.New("at least 8 characters, without spaces")
		}
		s.Token = v
		return nil
	}},
	{name: "listen", usage: "`host:port` for the kiosk's browser (default 127.0.0.1:8090)", set: func(s *Totem, v string) error {
		if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
			return errors.New(`write it as host:port, such as "127.0.0.1:8090"`)
		}
		s.Listen = v
		return nil
	}},
	{name: "data", usage: "`folder` of its own (default ./totem-data)", set: func(s *Totem, v string) error {
		if v == "" {
			return errors.New("name a folder")
		}
		s.Data = v
		return nil
	}},
	{name: "printer", usage: "`where` the printer is: tcp://host:9100, usb:/dev/usb/lp0, cups:QUEUE or none (default none)", set: func(s *Totem, v string) error {
		if at, network := strings.CutPrefix(v, "tcp://"); network {
			if _, port, err := net.SplitHostPort(at); err == nil {
				if _, err := strconv.ParseUint(port, 10, 16); err != nil {
					return errors.New("write it as tcp://host:9100, with the number of the port")
				}
			}
		}
		s.Printer = v
		return nil
	}},
	{name: "printer-profile", usage: "`kind` of printer (default escpos)", set: func(s *Totem, v string) error {
		s.Profile = v
		return nil
	}},
	{name: "voice-command", usage: "`command` that reads the spoken guide aloud: text in, WAV out (see docs/voice.md)", set: func(s *Totem, v string) error {
		s.VoiceCommand = strings.TrimSpace(v)
		return nil
	}},
}

// LoadTotem reads the settings of the agent on a kiosk, as [Load] does those of the server.
func LoadTotem(args []string, getenv func(string) string, stdout io.Writer) (*Totem, error) {
	s := &Totem{Server: "http://localhost:8080", Listen: "127.0.0.1:8090", Data: "./totem-data", Printer: "none"}
	if err := gather(s, totem, "totem", args, getenv, stdout); err != nil {
		return nil, err
	}
	return s, nil
}
