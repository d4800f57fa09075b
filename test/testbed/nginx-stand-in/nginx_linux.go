// A stand-in for nginx with the Lua of ingress-nginx: answers what the controller asks of the program and of the port
// that the templated configuration names for itself. Every configuration passes its test, and nothing is proxied.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const version = "nginx version: nginx/1.25.5 (a stand-in that serves no traffic)"

var pidSetting = regexp.MustCompile(`(?m)^pid\s+(\S+);`)

func nginx(arguments []string) {
	configuration := "/etc/nginx/nginx.conf"
	test := false
	order := ""
	for index := 0; index < len(arguments); index++ {
		word := arguments[index]
		value := func() string {
			index++
			if index == len(arguments) {
				fail("nginx: " + word + " needs a value")
			}
			return arguments[index]
		}
		switch word {
		case "-v", "-V":
			fmt.Fprintln(os.Stderr, version)
			return
		case "-t":
			test = true
		case "-c":
			configuration = value()
		case "-s":
			order = value()
		default:
			fail("nginx: invalid option: " + word)
		}
	}
	text, err := os.ReadFile(configuration)
	if err != nil {
		fail("nginx: [emerg] " + err.Error())
	}
	switch {
	case test:
		fmt.Fprintf(os.Stderr, "nginx: configuration file %s test is successful\n", configuration)
	case order != "":
		send(order, pidFile(text))
	default:
		run(configuration, pidFile(text))
	}
}

func pidFile(configuration []byte) string {
	if found := pidSetting.FindSubmatch(configuration); found != nil {
		return string(found[1])
	}
	return "/tmp/nginx/nginx.pid"
}

func send(order string, file string) {
	signals := map[string]syscall.Signal{"reload": syscall.SIGHUP, "quit": syscall.SIGQUIT, "stop": syscall.SIGTERM}
	wanted, known := signals[order]
	if !known {
		fail("nginx: invalid option: -s " + order)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		fail("nginx: [error] " + err.Error())
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err == nil {
		err = syscall.Kill(pid, wanted)
	}
	if err != nil {
		fail("nginx: [error] " + err.Error())
	}
}

func run(configuration string, file string) {
	endWithParent()
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGINT)
	if err := os.WriteFile(file, fmt.Appendln(nil, os.Getpid()), 0o644); err != nil {
		fail("nginx: [emerg] " + err.Error())
	}
	// The controller's health check looks for it here; there is no real /proc in a root of one's own.
	entry := filepath.Join("/proc", strconv.Itoa(os.Getpid()))
	if _, err := os.Stat("/proc/self"); err != nil {
		_ = os.MkdirAll(entry, 0o755)
		defer os.Remove(entry)
	}
	ports := newPorts()
	for received := range signals {
		if received != syscall.SIGHUP {
			break
		}
		text, err := os.ReadFile(configuration)
		if err == nil {
			err = ports.listen(string(text))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "nginx: [emerg] "+err.Error())
		}
	}
	_ = os.Remove(file)
	// The controller looks once a second whether it is gone.
	time.Sleep(10 * time.Millisecond)
}
