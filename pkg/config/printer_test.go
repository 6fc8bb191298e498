package config_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/config"
)

func TestLoadPrinter(t *testing.T) {
	t.Parallel()
	defaults := config.Printer{Listen: "127.0.0.1:9100", Page: "127.0.0.1:9180", Profile: "escpos", Width: 80, Speed: 150}
	small := config.Printer{Listen: ":1", Page: "localhost:2", Profile: "generic", Width: 58}
	for name, c := range map[string]struct {
		args string
		want config.Printer
		err  string
	}{
		"nothing":    {want: defaults},
		"everything": {args: "--listen :1 --page localhost:2 --profile generic --width 58 --speed 0", want: small},
		"no port":    {args: "--listen localhost", err: "write it as host:port"},
		"no page":    {args: "--page nowhere", err: "write it as host:port"},
		"width":      {args: "--width 70", err: "write 80 or 58"},
		"speed":      {args: "--speed NaN", err: "from 0 to 1000"},
		"too fast":   {args: "--speed 2000", err: "from 0 to 1000"},
		"unknown":    {args: "--lisen :1", err: "see eliminacode printer --help"},
		"argument":   {args: "now", err: `unexpected argument "now"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := config.LoadPrinter("printer", strings.Fields(c.args), io.Discard)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil || *got != c.want {
				t.Errorf("%+v, %v, want %+v", got, err, c.want)
			}
		})
	}
	var help strings.Builder
	if _, err := config.LoadPrinter("printer", []string{"--help"}, &help); !errors.Is(err, config.ErrHelp) || !strings.Contains(help.String(), "127.0.0.1:9180") {
		t.Errorf("help: %v, %q", err, help.String())
	}
}
