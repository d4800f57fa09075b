// The webhook: upstream's admission and serving certificate behind a server of ours, since upstream's listens on every
// address of the machine.
package main

import (
	"context"
	"crypto/tls"
	"net"
	"strconv"

	"github.com/cert-manager/cert-manager/internal/apis/config/webhook/validation"
	upstream "github.com/cert-manager/cert-manager/internal/webhook"
	logf "github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/cert-manager/cert-manager/pkg/webhook/admission"
	"github.com/cert-manager/cert-manager/pkg/webhook/options"
	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
)

const loopback = "127.0.0.1"

func webhookProgram(flags *pflag.FlagSet) func(ctx context.Context) error {
	configuration, err := options.NewWebhookConfiguration()
	if err != nil {
		fail(err)
	}
	own := pflag.NewFlagSet("webhook", pflag.ContinueOnError)
	options.AddConfigFlags(own, configuration)
	// Those of logging are there already, and are left out.
	flags.AddFlagSet(own)
	return func(ctx context.Context) error {
		if wrong := validation.ValidateWebhookConfiguration(configuration, nil); len(wrong) > 0 {
			return wrong.ToAggregate()
		}
		server, err := upstream.NewCertManagerWebhookServer(logf.FromContext(ctx), *configuration)
		if err != nil {
			return err
		}
		health := net.JoinHostPort(loopback, strconv.Itoa(int(configuration.HealthzPort)))
		manager, err := ctrl.NewManager(&rest.Config{}, ctrl.Options{
			Scheme:                 server.ResourceScheme,
			Metrics:                metricsserver.Options{BindAddress: "0"},
			HealthProbeBindAddress: health,
			WebhookServer: webhook.NewServer(webhook.Options{
				Host: loopback,
				Port: server.ListenAddr,
				TLSOpts: []func(*tls.Config){func(settings *tls.Config) {
					settings.GetCertificate = server.CertificateSource.GetCertificate
				}},
			}),
		})
		if err != nil {
			return err
		}
		if err := manager.Add(server.CertificateSource); err != nil {
			return err
		}
		serving := manager.GetWebhookServer()
		serving.Register("/mutate", admission.NewCustomMutationWebhook(server.MutationWebhook))
		serving.Register("/validate",
			admission.NewCustomValidationWebhook(server.ResourceScheme, server.ValidationWebhook))
		if err := manager.AddReadyzCheck("webhook", serving.StartedChecker()); err != nil {
			return err
		}
		return manager.Start(ctx)
	}
}
