// The simulated nodes: upstream's kwok, and `kwok stages`, which prints upstream's own stages of the same version
// (nodes and pods become ready, jobs complete, what is deleted goes), since kwok ends without any.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	node "sigs.k8s.io/kwok/kustomize/stage/node/fast"
	heartbeat "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	pod "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
	"sigs.k8s.io/kwok/pkg/config"
	"sigs.k8s.io/kwok/pkg/kwok/cmd"
	"sigs.k8s.io/kwok/pkg/log"
	"sigs.k8s.io/kwok/pkg/utils/signals"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "stages" {
		stages := []string{
			node.DefaultNodeInit,
			heartbeat.DefaultNodeHeartbeatWithLease,
			pod.DefaultPodReady,
			pod.DefaultPodComplete,
			pod.DefaultPodDelete,
		}
		fmt.Print(strings.Join(stages, "\n---\n"))
		return
	}
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	ctx, logger := log.InitFlags(signals.SetupSignalContext(), flags)
	ctx, err := config.InitFlags(ctx, flags)
	if err != nil {
		logger.Error("Reading the configuration", "err", err)
		os.Exit(1)
	}
	command := cmd.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(flags)
	if err := command.ExecuteContext(ctx); err != nil {
		logger.Error("Ending", "err", err)
		os.Exit(1)
	}
}
