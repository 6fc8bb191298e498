package httpd

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

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

// address is whom a request counts for: the client's address, the last one in X-Forwarded-For that
// isn't a trusted proxy's, or its network if one party holds many. What a proxy says that is no
// address counts for itself, not for the proxy.
func (p proxies) address(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return live.Network(r.RemoteAddr)
	}
	ip := from.Addr()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && p.trusts(ip); i-- {
		hop := strings.TrimSpace(hops[i])
		if hop == "" {
			continue
		}
		next, ok := parseHop(hop)
		if !ok {
			return "unknown " + hop[:min(len(hop), 64)]
		}
		ip = next
	}
	return live.Network(ip.String())
}

// parseHop reads an address as proxies write it: 192.0.2.7, 192.0.2.7:5050, 2001:db8::7,
// [2001:db8::7] or [2001:db8::7]:5050, perhaps in quotation marks.
func parseHop(hop string) (netip.Addr, bool) {
	hop = strings.Trim(hop, `"`)
	if with, err := netip.ParseAddrPort(hop); err == nil {
		return with.Addr(), true
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(hop, "["), "]"))
	return ip, err == nil
}

// secure reports whether the client came over TLS.
func (p proxies) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && p.trusts(from.Addr()) && r.Header.Get("X-Forwarded-Proto") == "https"
}

// noticeProxy says once that a proxy nobody named passes requests on: all its clients count as one,
// and soon refuse each other.
func (s *Server) noticeProxy(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Header.Get("X-Forwarded-For") != "" {
			from, err := netip.ParseAddrPort(r.RemoteAddr)
			if ip := from.Addr().Unmap(); err == nil && (ip.IsLoopback() || ip.IsPrivate()) && !s.proxies.trusts(ip) {
				s.unnamedProxy.Do(func() {
					s.opt.Log.Warn("a proxy that isn't named (proxies) passes requests on: all its clients count as one", "from", ip.String())
				})
			}
		}
		return next(c)
	}
}
