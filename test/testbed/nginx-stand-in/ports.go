// The two ports on loopback that nginx keeps for its controller: one for the state of the Lua, one for TCP and UDP.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync"
)

var (
	// The server with /is-dynamic-lb-initialized, in upstream's template.
	statusSetting = regexp.MustCompile(`listen 127\.0\.0\.1:(\d+);\s+set \$proxy_upstream_name "internal";`)
	// The server of tcp_udp_configuration, in upstream's template.
	streamSetting = regexp.MustCompile(`listen 127\.0\.0\.1:(\d+);\s+access_log off;\s+content_by_lua_block`)
)

type ports struct {
	open map[string]bool
	lock sync.Mutex
	// Bodies by the path that they were posted to.
	posted map[string][]byte
}

func newPorts() *ports {
	return &ports{open: map[string]bool{}, posted: map[string][]byte{}}
}

// listen opens what the configuration names; both ports are flags of the controller, so they never change.
func (p *ports) listen(configuration string) error {
	for setting, serve := range map[*regexp.Regexp]func(net.Listener){
		statusSetting: func(listener net.Listener) { _ = http.Serve(listener, p) },
		streamSetting: discard,
	} {
		found := setting.FindStringSubmatch(configuration)
		if found == nil || p.open[found[1]] {
			continue
		}
		listener, err := net.Listen("tcp", "127.0.0.1:"+found[1])
		if err != nil {
			return err
		}
		p.open[found[1]] = true
		go serve(listener)
	}
	return nil
}

func discard(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			_, _ = io.Copy(io.Discard, connection)
			_ = connection.Close()
		}()
	}
}

// ServeHTTP answers as configuration.lua and nginx.tmpl do.
func (p *ports) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	p.lock.Lock()
	defer p.lock.Unlock()
	path := request.URL.Path
	switch {
	case path == "/healthz":
	case path == "/nginx_status":
		_, _ = fmt.Fprint(answer, "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n")
	case path == "/is-dynamic-lb-initialized":
		if p.posted["/configuration/backends"] == nil {
			answer.WriteHeader(http.StatusInternalServerError)
		}
	case path != "/configuration/backends" && path != "/configuration/servers" && path != "/configuration/general":
		answer.WriteHeader(http.StatusNotFound)
	case request.Method == http.MethodPost:
		body, err := io.ReadAll(request.Body)
		if err != nil {
			answer.WriteHeader(http.StatusBadRequest)
			return
		}
		p.posted[path] = body
		answer.WriteHeader(http.StatusCreated)
	default:
		_, _ = answer.Write(p.posted[path])
	}
}
