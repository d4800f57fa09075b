// The controller: issuers, Certificates, Orders and Challenges. The Venafi and Vault issuers, the Gateway API and the
// controllers of CertificateSigningRequests are left out; the rest runs as upstream's program runs it by default.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	cm "github.com/cert-manager/cert-manager/pkg/apis/certmanager"
	"github.com/cert-manager/cert-manager/pkg/controller"
	"github.com/cert-manager/cert-manager/pkg/controller/acmechallenges"
	"github.com/cert-manager/cert-manager/pkg/controller/acmeorders"
	ingresses "github.com/cert-manager/cert-manager/pkg/controller/certificate-shim/ingresses"
	"github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/acme"
	"github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/approver"
	"github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/ca"
	"github.com/cert-manager/cert-manager/pkg/controller/certificaterequests/selfsigned"
	"github.com/cert-manager/cert-manager/pkg/controller/certificates/issuing"
	"github.com/cert-manager/cert-manager/pkg/controller/certificates/keymanager"
	certificatemetrics "github.com/cert-manager/cert-manager/pkg/controller/certificates/metrics"
	"github.com/cert-manager/cert-manager/pkg/controller/certificates/readiness"
	"github.com/cert-manager/cert-manager/pkg/controller/certificates/requestmanager"
	"github.com/cert-manager/cert-manager/pkg/controller/certificates/revisionmanager"
	"github.com/cert-manager/cert-manager/pkg/controller/certificates/trigger"
	"github.com/cert-manager/cert-manager/pkg/controller/clusterissuers"
	"github.com/cert-manager/cert-manager/pkg/controller/issuers"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/acme"
	dnsutil "github.com/cert-manager/cert-manager/pkg/issuer/acme/dns/util"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/ca"
	_ "github.com/cert-manager/cert-manager/pkg/issuer/selfsigned"
	"github.com/cert-manager/cert-manager/pkg/util"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/api/resource"
)

var enabled = []string{
	acme.CRControllerName,
	acmechallenges.ControllerName,
	acmeorders.ControllerName,
	approver.ControllerName,
	ca.CRControllerName,
	certificatemetrics.ControllerName,
	clusterissuers.ControllerName,
	ingresses.ControllerName,
	issuers.ControllerName,
	issuing.ControllerName,
	keymanager.ControllerName,
	readiness.ControllerName,
	requestmanager.ControllerName,
	revisionmanager.ControllerName,
	selfsigned.CRControllerName,
	trigger.ControllerName,
}

// As in upstream's internal/apis/config/controller/v1alpha1/defaults.go, which cannot be imported without the Venafi
// issuer's library.
const (
	workers             = 5
	concurrentChallenge = 60
	minimumBackoff      = time.Hour
	maximumBackoff      = 32 * time.Hour
)

func controllerProgram(flags *pflag.FlagSet) func(ctx context.Context) error {
	options := controller.ContextOptions{
		KubernetesAPIQPS:   20,
		KubernetesAPIBurst: 50,
		IssuerOptions:      controller.IssuerOptions{ClusterIssuerAmbientCredentials: true},
		ACMEOptions: controller.ACMEOptions{
			HTTP01SolverImage:                 "quay.io/jetstack/cert-manager-acmesolver:" + util.AppVersion,
			HTTP01SolverResourceRequestCPU:    resource.MustParse("10m"),
			HTTP01SolverResourceRequestMemory: resource.MustParse("64Mi"),
			HTTP01SolverResourceLimitsCPU:     resource.MustParse("100m"),
			HTTP01SolverResourceLimitsMemory:  resource.MustParse("64Mi"),
			ACMEHTTP01SolverRunAsNonRoot:      true,
		},
		IngressShimOptions: controller.IngressShimOptions{
			DefaultIssuerKind:                 "Issuer",
			DefaultIssuerGroup:                cm.GroupName,
			DefaultAutoCertificateAnnotations: []string{"kubernetes.io/tls-acme"},
		},
		CertificateOptions: controller.CertificateOptions{
			CopiedAnnotationPrefixes: []string{
				"*", "-kubectl.kubernetes.io/", "-fluxcd.io/", "-argocd.argoproj.io/",
			},
			CertificateRequestMinimumBackoffDuration: minimumBackoff,
			CertificateRequestMaximumBackoffDuration: maximumBackoff,
		},
		SchedulerOptions: controller.SchedulerOptions{MaxConcurrentChallenges: concurrentChallenge},
	}
	flags.StringVar(&options.Kubeconfig, "kubeconfig", "", "the cluster")
	flags.StringVar(&options.ClusterResourceNamespace, "cluster-resource-namespace", "kube-system",
		"namespace of what ClusterIssuers refer to")
	// Only one runs: nothing is to be elected.
	flags.String("leader-election-namespace", "kube-system", "namespace of the lease")
	flags.StringVar(&options.HTTP01SolverImage, "acme-http01-solver-image", options.HTTP01SolverImage,
		"image of the pods that answer HTTP01")
	flags.IntVar(&options.MaxConcurrentChallenges, "max-concurrent-challenges", concurrentChallenge,
		"challenges at the same time")
	flags.StringSliceVar(&options.HTTP01SolverNameservers, "acme-http01-solver-nameservers", nil,
		"HOST:PORT of the nameservers that the self check of HTTP01 asks")
	flags.StringSliceVar(&options.DNS01Nameservers, "dns01-recursive-nameservers", dnsutil.RecursiveNameservers,
		"HOST:PORT of the nameservers that the self check of DNS01 asks")
	recursiveOnly := flags.Bool("dns01-recursive-nameservers-only", false,
		"ask these alone, not the authoritative ones")
	flags.DurationVar(&options.DNS01CheckRetryPeriod, "dns01-check-retry-period", 10*time.Second,
		"time between two self checks, of HTTP01 too")
	metricsAddress := flags.String("metrics-listen-address", "127.0.0.1:9402", "HOST:PORT of the metrics")
	return func(ctx context.Context) error {
		options.DNS01CheckAuthoritative = !*recursiveOnly
		return runController(ctx, options, *metricsAddress)
	}
}

func runController(ctx context.Context, options controller.ContextOptions, metricsAddress string) error {
	group, ctx := errgroup.WithContext(ctx)
	factory, err := controller.NewContextFactory(ctx, options)
	if err != nil {
		return err
	}
	shared, err := factory.Build()
	if err != nil {
		return err
	}
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", metricsAddress)
	if err != nil {
		return err
	}
	certificates := shared.SharedInformerFactory.Certmanager().V1()
	shared.Metrics.SetupACMECollector(shared.SharedInformerFactory.Acme().V1().Challenges().Lister())
	shared.Metrics.SetupCertificateCollector(certificates.Certificates().Lister())
	shared.Metrics.SetupIssuerCollector(certificates.Issuers().Lister())
	shared.Metrics.SetupClusterIssuerCollector(certificates.ClusterIssuers().Lister())
	server := shared.Metrics.NewServer(listener)
	group.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	group.Go(func() error {
		if err := server.Serve(listener); err != http.ErrServerClosed {
			return err
		}
		return nil
	})
	for _, name := range enabled {
		construct := controller.Known()[name]
		if construct == nil {
			return fmt.Errorf("upstream has no controller %s", name)
		}
		one, err := construct(factory)
		if err != nil {
			return fmt.Errorf("controller %s: %w", name, err)
		}
		group.Go(func() error { return one.Run(workers, ctx) })
	}
	shared.SharedInformerFactory.Start(ctx.Done())
	shared.KubeSharedInformerFactory.Start(ctx.Done())
	shared.HTTP01ResourceMetadataInformersFactory.Start(ctx.Done())
	return group.Wait()
}
