// The cainjector: writes the CA of the webhook's serving certificate into the webhook configurations.
package main

import (
	"context"

	cmscheme "github.com/cert-manager/cert-manager/pkg/client/clientset/versioned/scheme"
	"github.com/cert-manager/cert-manager/pkg/controller/cainjector"
	"github.com/cert-manager/cert-manager/pkg/util"
	"github.com/spf13/pflag"
	corev1 "k8s.io/api/core/v1"
	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	kubernetes "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/clientcmd"
	registration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

func injectorProgram(flags *pflag.FlagSet) func(ctx context.Context) error {
	kubeconfig := flags.String("kubeconfig", "", "the cluster")
	// Only one runs: nothing is to be elected.
	flags.String("leader-election-namespace", "kube-system", "namespace of the lease")
	metricsAddress := flags.String("metrics-listen-address", "127.0.0.1:9403", "HOST:PORT of the metrics")
	return func(ctx context.Context) error {
		access, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
		if err != nil {
			return err
		}
		scheme := runtime.NewScheme()
		for _, add := range []func(*runtime.Scheme) error{
			kubernetes.AddToScheme, cmscheme.AddToScheme, extensions.AddToScheme, registration.AddToScheme,
		} {
			if err := add(scheme); err != nil {
				return err
			}
		}
		manager, err := ctrl.NewManager(util.RestConfigWithUserAgent(access, "cainjector"), ctrl.Options{
			Scheme: scheme,
			Cache:  cache.Options{ReaderFailOnMissingInformer: true},
			Client: client.Options{
				Cache: &client.CacheOptions{DisableFor: []client.Object{&corev1.Secret{}}},
			},
			Metrics: metricsserver.Options{BindAddress: *metricsAddress},
		})
		if err != nil {
			return err
		}
		// Upstream waits for cert-manager's own definitions here; the testbed starts it when the chart is installed.
		err = cainjector.RegisterAllInjectors(ctx, manager, cainjector.SetupOptions{
			EnableCertificatesDataSource: true,
			EnabledReconcilersFor: map[string]bool{
				cainjector.MutatingWebhookConfigurationName:   true,
				cainjector.ValidatingWebhookConfigurationName: true,
				cainjector.APIServiceName:                     true,
				cainjector.CustomResourceDefinitionName:       true,
			},
		})
		if err != nil {
			return err
		}
		return manager.Start(ctx)
	}
}
