package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// worthPacking is from how many bytes on a body is compressed: a smaller one fits in a packet as it
// is.
const worthPacking = 512

// Packed is a body that is answered many times, compressed once, when somebody first wants it so.
type Packed struct {
	plain  []byte
	zipped func() []byte // nil if it isn't worth it
}

// Pack takes the body, which must not change any more.
func Pack(body []byte) *Packed {
	p := &Packed{plain: body}
	if len(body) > worthPacking {
		p.zipped = sync.OnceValue(func() []byte { return zip(body) })
	}
	return p
}

// Plain is the body as it is. It must not be changed.
func (p *Packed) Plain() []byte { return p.plain }

// For returns the form of the body that a request takes, and sets the answer's headers that say so.
func (p *Packed) For(h http.Header, r *http.Request) []byte {
	if p.zipped == nil {
		return p.plain
	}
	h.Add("Vary", "Accept-Encoding")
	if !takesGzip(r) {
		return p.plain
	}
	h.Set("Content-Encoding", "gzip")
	return p.zipped()
}

// writers are kept, since a new one takes most of a megabyte.
var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func zip(body []byte) []byte {
	var b bytes.Buffer
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(&b)
	_, _ = z.Write(body) // a buffer takes all
	_ = z.Close()
	return b.Bytes()
}

func takesGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.TrimSpace(weight) != "q=0"
		}
	}
	return false
}
