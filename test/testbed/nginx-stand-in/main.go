// What the image of ingress-nginx has around its controller, without the image: a root of its own for the paths that
// are compiled in (`contain ROOT PROGRAM ARGUMENTS`), and, as /usr/bin/nginx in there, a stand-in for nginx that takes
// the controller's configuration and serves no traffic.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}

func main() {
	switch {
	case filepath.Base(os.Args[0]) == "nginx":
		nginx(os.Args[1:])
	case len(os.Args) > 3 && os.Args[1] == "contain":
		contain(os.Args[2], os.Args[3], os.Args[4:])
	default:
		fail("usage: nginx-stand-in contain ROOT PROGRAM ARGUMENTS, or by the name of nginx")
	}
}
