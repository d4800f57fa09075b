// A git host on loopback: the repositories of a folder over SSH, for registered deploy keys alone, and over smart
// HTTP, for everybody to read. It answers as GitHub does what it refuses, and leaves the rest to git itself.
package main

import (
	"flag"
	"log"
	"net"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"

	"golang.org/x/crypto/ssh"
)

func main() {
	repositories := flag.String("repositories", "", "folder of bare repositories, each NAME.git")
	hostKey := flag.String("host-key", "", "file of the host's private key")
	keys := flag.String("deploy-keys", "", "file of deploy keys, read at each login: `read|write ALGORITHM KEY`, one a line")
	sshAddress := flag.String("ssh", "", "HOST:PORT for SSH")
	httpAddress := flag.String("http", "", "HOST:PORT for smart HTTP")
	flag.Parse()

	config := &ssh.ServerConfig{PublicKeyCallback: allowedBy(*keys)}
	config.AddHostKey(must(ssh.ParsePrivateKey(must(os.ReadFile(*hostKey)))))
	host := host{repositories: must(os.OpenRoot(*repositories))}
	sshListener := must(net.Listen("tcp", *sshAddress))
	httpListener := must(net.Listen("tcp", *httpAddress))
	go func() { log.Fatal(http.Serve(httpListener, smartHTTP(*repositories))) }()
	for {
		host.serve(must(sshListener.Accept()), config)
	}
}

// smartHTTP hands requests to git's own CGI program, which lets nobody push who has not logged in.
func smartHTTP(repositories string) http.Handler {
	return &cgi.Handler{
		Path: must(exec.LookPath("git")),
		Args: []string{"http-backend"},
		Env:  []string{"GIT_PROJECT_ROOT=" + repositories, "GIT_HTTP_EXPORT_ALL=1"},
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
