package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"
)

// Printer are the settings of the printer to develop with. They are flags alone: the environment
// and the file have settings of the same names, for the server and the totem on the same machine.
type Printer struct {
	Listen  string  // host:port that takes ESC/POS
	Page    string  // host:port of the page that shows the paper
	Profile string  // which printer it is like
	Width   int     // of its paper, 80 or 58 mm
	Speed   float64 // mm a second; 0: at once
}

// LoadPrinter reads the settings of a command. It returns [ErrHelp] after printing the help to
// stdout, or an error of one clear line.
func LoadPrinter(command string, args []string, stdout io.Writer) (*Printer, error) {
	p := &Printer{Listen: "127.0.0.1:9100", Page: "127.0.0.1:9180", Profile: "escpos", Width: 80, Speed: 150}
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Func("listen", "`host:port` that takes ESC/POS (default 127.0.0.1:9100)", address(&p.Listen))
	flags.Func("page", "`host:port` of the page that shows the paper (default 127.0.0.1:9180)", address(&p.Page))
	flags.Func("profile", "which `printer` it is like, such as epson-tm-t88 (default escpos)", func(v string) error {
		p.Profile = v
		return nil
	})
	flags.Func("width", "`millimetres` of its paper, 80 or 58 (default 80)", func(v string) (err error) {
		if p.Width, err = strconv.Atoi(v); err != nil || p.Width != 80 && p.Width != 58 {
			return errors.New("write 80 or 58")
		}
		return nil
	})
	flags.Func("speed", "`millimetres` of paper a second, up to 1000 (default 150; 0: at once)", func(v string) (err error) {
		if p.Speed, err = strconv.ParseFloat(v, 64); err != nil || !(p.Speed >= 0 && p.Speed <= 1000) {
			return errors.New("write a number from 0 to 1000")
		}
		return nil
	})
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, "usage: eliminacode %s [settings]\n\n", command)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return nil, ErrHelp
	case err != nil:
		return nil, fmt.Errorf("%w (see eliminacode %s --help)", err, command)
	case flags.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q (see eliminacode %s --help)", flags.Arg(0), command)
	}
	return p, nil
}

// address takes a host and a port.
func address(to *string) func(string) error {
	return func(v string) error {
		if _, port, err := net.SplitHostPort(v); err != nil || port == "" {
			return errors.New(`write it as host:port, such as "127.0.0.1:9100"`)
		}
		*to = v
		return nil
	}
}
