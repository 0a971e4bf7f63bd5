package server

import (
	"net"
	"net/http"
	"strings"

	"rapport/internal/api"
)

// guarded keeps web pages from elsewhere out of a server that trusts whoever reaches it. A page cannot send a loopback Host header after it
// had its name point here (DNS rebinding), and cannot change anything by a form or script of its own (cross-site request forgery).
func guarded(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store") // what people said should lie in no cache
		if !loopbackHost(r.Host) {
			api.WriteProblem(w, http.StatusMisdirectedRequest, "this server answers to localhost and 127.0.0.1 alone", "a proxy in front of it sends Host: localhost")
			return
		}
		if err := crossOrigin.Check(r); err != nil {
			api.WriteProblem(w, http.StatusForbidden, "a page from elsewhere may not change anything here", "send no Origin header, or this server's own")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// loopbackHost reports whether a Host header names this machine, with whatever port.
func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}
