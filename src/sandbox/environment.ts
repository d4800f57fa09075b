/** The variables that make the real SDKs talk to a sandbox. */
import type { Settings } from "./settings.ts";

/**
 * For this process or a child. `NODE_EXTRA_CA_CERTS` is read when Node starts: a process that already runs passes
 * the authority's text to its TLS options instead.
 */
export const environmentOf = (
  url: string,
  authorityFile: string,
  nameServers: string,
  settings: Settings,
): Record<string, string> => ({
  AZURE_AUTHORITY_HOST: url,
  AZURE_TENANT_ID: settings.tenant,
  AZURE_CLIENT_ID: settings.client,
  AZURE_CLIENT_SECRET: settings.clientSecret,
  AZURE_SUBSCRIPTION_ID: settings.subscription,
  PROVISION_AZURE_ENDPOINT: url,
  CLOUDFLARE_BASE_URL: `${url}/client/v4`,
  CLOUDFLARE_API_TOKEN: settings.cloudflareToken,
  PROVISION_GITHUB_ENDPOINT: `${url}/github`,
  GITHUB_TOKEN: settings.githubToken,
  PROVISION_NAME_SERVERS: nameServers,
  NODE_EXTRA_CA_CERTS: authorityFile,
});
