package escpos

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/user"
	"strings"
	"time"
)

// The operations, tags and states of the Internet Printing Protocol (RFC 8010, 8011) that are used.
const (
	ippPrintJob          = 0x0002
	ippCancelJob         = 0x0008
	ippJobAttributes     = 0x0009
	ippPrinterAttributes = 0x000b

	tagOperation = 0x01
	tagEnd       = 0x03
	tagInteger   = 0x21
	tagEnum      = 0x23
	tagName      = 0x42
	tagKeyword   = 0x44
	tagURI       = 0x45
	tagCharset   = 0x47
	tagLanguage  = 0x48
	tagMIME      = 0x49

	printerStopped = 5
	jobProcessing  = 5
	jobCanceled    = 7
	jobAborted     = 8
	jobCompleted   = 9
)

const (
	// ippWithin is how long CUPS, which is on the same machine or near, may take for an answer.
	ippWithin = 5 * time.Second
	// ippLimit is how long an answer may be.
	ippLimit = 1 << 20
	// cupsSocket is where CUPS listens on a Debian.
	cupsSocket = "/run/cups/cups.sock"
)

// attribute is a value of an IPP message; several of one name follow one another.
type attribute struct {
	tag   byte
	name  string
	value []byte
}

func text(tag byte, name, value string) attribute { return attribute{tag, name, []byte(value)} }

// errRefused is an answer by which CUPS did nothing.
var errRefused = errors.New("refused")

// spooler speaks IPP with a CUPS server.
type spooler struct {
	client *http.Client
	host   string
	user   string
	local  bool
}

// newSpooler finds the server where CUPS' own programs do: CUPS_SERVER, else the socket of this
// machine, else its port 631.
func newSpooler() *spooler {
	network, address := "tcp", os.Getenv("CUPS_SERVER")
	if address == "" {
		address = "localhost:631"
		if _, err := os.Stat(cupsSocket); err == nil {
			address = cupsSocket
		}
	}
	s := &spooler{host: "localhost", user: "eliminacode"}
	if u, err := user.Current(); err == nil {
		s.user = u.Username
	}
	if strings.HasPrefix(address, "/") {
		network, s.local = "unix", true
	} else {
		s.host = address
		if _, _, err := net.SplitHostPort(address); err != nil {
			address = net.JoinHostPort(address, "631")
		}
	}
	s.client = &http.Client{Timeout: ippWithin, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}}
	return s
}

// call asks the server, and returns the attributes of its answer. The error is errRefused if the
// server says no, and one of net's for dialling if it wasn't reached.
func (s *spooler) call(ctx context.Context, operation uint16, path string, attributes []attribute, data []byte) (map[string][]attribute, error) {
	body := append(encodeIPP(operation, attributes), data...)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.host+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/ipp")
	if s.local {
		request.Header.Set("Authorization", "PeerCred "+s.user)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("cups: %s: %w", response.Status, errRefused)
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, ippLimit))
	if err != nil {
		return nil, err
	}
	status, found, err := decodeIPP(answer)
	if err == nil && status >= 0x0400 {
		err = fmt.Errorf("cups: status 0x%04x: %w", status, errRefused)
	}
	return found, err
}

// encodeIPP makes a request, behind which data may follow.
func encodeIPP(operation uint16, attributes []attribute) []byte {
	out := []byte{2, 0}
	out = binary.BigEndian.AppendUint16(out, operation)
	out = append(out, 0, 0, 0, 1, tagOperation)
	for _, a := range append([]attribute{
		text(tagCharset, "attributes-charset", "utf-8"),
		text(tagLanguage, "attributes-natural-language", "en"),
	}, attributes...) {
		out = append(out, a.tag)
		out = binary.BigEndian.AppendUint16(out, uint16(len(a.name)))
		out = append(out, a.name...)
		out = binary.BigEndian.AppendUint16(out, uint16(len(a.value)))
		out = append(out, a.value...)
	}
	return append(out, tagEnd)
}

// decodeIPP reads an answer: its status, and the values of each name.
func decodeIPP(b []byte) (uint16, map[string][]attribute, error) {
	short := errors.New("cups: an answer that ends too early")
	if len(b) < 8 {
		return 0, nil, short
	}
	status, found, name := binary.BigEndian.Uint16(b[2:]), map[string][]attribute{}, ""
	for b = b[8:]; len(b) > 0; {
		tag := b[0]
		b = b[1:]
		if tag == tagEnd {
			return status, found, nil
		}
		if tag < 0x10 { // begins a group
			continue
		}
		var label, value []byte
		var ok bool
		if label, b, ok = field(b); !ok {
			return 0, nil, short
		}
		if value, b, ok = field(b); !ok {
			return 0, nil, short
		}
		if len(label) > 0 { // without, it is a further value of the one before
			name = string(label)
		}
		found[name] = append(found[name], attribute{tag, name, value})
	}
	return 0, nil, short
}

// field cuts off bytes that their length stands before.
func field(b []byte) (value, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if b = b[2:]; len(b) < n {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// number is the value of an attribute that is a number, or -1.
func number(found map[string][]attribute, name string) int {
	for _, a := range found[name] {
		if (a.tag == tagInteger || a.tag == tagEnum) && len(a.value) == 4 {
			return int(binary.BigEndian.Uint32(a.value))
		}
	}
	return -1
}
