// cert-manager's three programs in one binary, on loopback only: `cert-manager controller|webhook|cainjector FLAGS`.
// Upstream's own programs are modules of their own that the module proxy does not have, and they listen on every
// address of the machine; so the three are put together here from upstream's packages, with upstream's defaults.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	logf "github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/spf13/pflag"
	logsapi "k8s.io/component-base/logs/api/v1"
	ctrl "sigs.k8s.io/controller-runtime"
)

// A program declares its flags, and gives what to run once they are read.
type program func(flags *pflag.FlagSet) func(ctx context.Context) error

func main() {
	programs := map[string]program{"controller": controllerProgram, "webhook": webhookProgram, "cainjector": injectorProgram}
	if len(os.Args) < 2 || programs[os.Args[1]] == nil {
		fail(errors.New("usage: cert-manager controller|webhook|cainjector FLAGS"))
	}
	name := os.Args[1]
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	logging := logsapi.NewLoggingConfiguration()
	logf.AddFlags(logging, flags)
	run := programs[name](flags)
	if err := flags.Parse(os.Args[2:]); err != nil {
		fail(err)
	}
	logf.InitLogs()
	if err := logf.ValidateAndApply(logging); err != nil {
		fail(err)
	}
	ctrl.SetLogger(logf.Log)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	err := run(logf.NewContext(ctx, logf.Log, name))
	stop()
	logf.FlushLogs()
	if err != nil && !errors.Is(err, context.Canceled) {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
