// The testbed's control plane in one binary: `control-plane etcd|kube-apiserver|kube-controller-manager|
// kube-scheduler|kubectl ARGUMENTS`, and `watch` (see watch_linux.go). All of it is upstream's own code; only etcd,
// which upstream starts from a package that cannot be imported with our flags, is started here, on its `embed`
// package.
package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	_ "time/tzdata"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	// kubectl is also a link to this file of that name, so that other programs can start it.
	if filepath.Base(os.Args[0]) == "kubectl" {
		os.Args = append([]string{os.Args[0], "kubectl"}, os.Args[1:]...)
	}
	if len(os.Args) < 2 {
		fail("usage: control-plane etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kubectl|watch ARGUMENTS")
	}
	program := os.Args[1]
	// Each program reads its own arguments, as if it had been started under its own name.
	os.Args = append([]string{program}, os.Args[2:]...)
	switch program {
	case "etcd":
		etcd()
	case "kube-apiserver":
		run(apiserver.NewAPIServerCommand())
	case "kube-controller-manager":
		run(controllers.NewControllerManagerCommand())
	case "kube-scheduler":
		run(scheduler.NewSchedulerCommand())
	case "kubectl":
		logs.GlogSetter(kubectl.GetLogVerbosity(os.Args)) //nolint:errcheck
		if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
			kubectlutil.CheckErr(err)
		}
	case "watch":
		watch(os.Args[1:])
	default:
		fail("no such program: " + program)
	}
}

func run(command *cobra.Command) {
	os.Exit(cli.Run(command))
}

// etcd serves plain HTTP on loopback: nothing but this machine can reach it, and it holds test data only.
func etcd() {
	data := flag.String("data-dir", "", "folder of the data")
	client := flag.String("client-url", "", "where the API server reaches it")
	peer := flag.String("peer-url", "", "where members of a cluster would reach it")
	// A test cluster need not outlive a power cut, and fsync is most of what a write costs.
	unsafe := flag.Bool("unsafe-no-fsync", false, "do not wait for the disk")
	flag.Parse()

	configuration := embed.NewConfig()
	configuration.Dir = *data
	configuration.LogLevel = "warn"
	configuration.UnsafeNoFsync = *unsafe
	configuration.ListenClientUrls = urls(*client)
	configuration.AdvertiseClientUrls = urls(*client)
	configuration.ListenPeerUrls = urls(*peer)
	configuration.AdvertisePeerUrls = urls(*peer)
	configuration.InitialCluster = configuration.InitialClusterFromName(configuration.Name)

	server, err := embed.StartEtcd(configuration)
	if err != nil {
		fail(err.Error())
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-stop:
		server.Close()
	case err := <-server.Err():
		fail(err.Error())
	}
}

func urls(text string) []url.URL {
	parsed, err := url.Parse(text)
	if err != nil {
		fail(err.Error())
	}
	return []url.URL{*parsed}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
