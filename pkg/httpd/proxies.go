package httpd

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/live"
)

// proxies are the networks whose word on the client's address and scheme is taken.
type proxies []netip.Prefix

func parseProxies(list []string) (out proxies, err error) {
	for _, v := range list {
		p, err := netip.ParsePrefix(v)
		if err != nil {
			return nil, fmt.Errorf("proxy network %q: write it as 10.0.0.0/8: %w", v, err)
		}
		out = append(out, p)
	}
	return out, nil
}

func (p proxies) trusts(ip netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// address is whom a request counts for: the client's address, the last one in X-Forwarded-For that isn't a trusted
// proxy's, or its network if one party holds many.
func (p proxies) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trusts(ip); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = next
	}
	return live.Network(ip.String())
}

// secure reports whether the client came over TLS.
func (p proxies) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && p.trusts(from.Addr()) && r.Header.Get("X-Forwarded-Proto") == "https"
}
