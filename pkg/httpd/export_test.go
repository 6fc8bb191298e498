package httpd

import (
	"net/http"
	"strings"
)

// Routes lists what the server answers, as "GET /api/v1/tickets/{ticket}".
func Routes(s *Server) []string {
	var list []string
	for _, r := range s.echo.Routes() {
		parts := strings.Split(r.Path, "/")
		for i, p := range parts {
			if name, ok := strings.CutPrefix(p, ":"); ok {
				parts[i] = "{" + name + "}"
			}
		}
		list = append(list, r.Method+" "+strings.Join(parts, "/"))
	}
	return list
}

// Describe returns the OpenAPI document as it is served.
func Describe() ([]byte, error) { return describe() }

// AddressOf is whom a request counts for, where the networks are trusted proxies.
func AddressOf(networks []string, r *http.Request) (string, error) {
	p, err := parseProxies(networks)
	return p.address(r), err
}

// LimitsOf are those of a process that may have so many open files.
func LimitsOf(files int) Limits { return Limits{}.orDefault(files) }

// Kept is what the server keeps, each by its name: another thing where one was made again.
func Kept(s *Server) map[string]any {
	s.answers.mu.Lock()
	defer s.answers.mu.Unlock()
	list := map[string]any{}
	for name, m := range s.answers.of {
		list[name] = m
	}
	return list
}

// AnswersMax is how many things are kept.
const AnswersMax = answersMax

// NewOnce makes texts once, and keeps them.
func NewOnce() func(name string, version int, makeOne func() (string, error)) (string, error) {
	a := newAnswers()
	return func(name string, version int, makeOne func() (string, error)) (string, error) {
		return once(a, name, version, makeOne)
	}
}
