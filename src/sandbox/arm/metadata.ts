/**
 * How an ARM announces its cloud, to sovereign-cloud clients. Version 2019-05-01 answers with an array, in which a
 * client looks for the entry whose `name` is its own cloud's: the same entry is given under each usual name.
 */
import type { Call, Reply } from "../http/call.ts";
import type { Settings } from "../settings.ts";

const names = ["AzureCloud", "AzurePublicCloud", "AzureStackCloud"];

export const metadata = (call: Call, url: string, settings: Settings): Reply => {
  const authentication = {
    loginEndpoint: `${url}/`,
    audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
    tenant: settings.tenant,
    identityProvider: "AAD",
  };
  const version = call.query.get("api-version") ?? "";
  const entry = {
    portal: `${url}/portal`,
    authentication,
    media: `${url}/media`,
    graphAudience: `${url}/graph/`,
    graph: `${url}/graph/`,
    resourceManager: url,
    suffixes: { storage: "core.windows.net", keyVaultDns: "vault.azure.net" },
    batch: "https://batch.core.windows.net/",
  };
  if (version < "2019-05-01") {
    return {
      status: 200,
      body: {
        galleryEndpoint: `${url}/gallery`,
        graphEndpoint: `${url}/graph/`,
        portalEndpoint: `${url}/portal`,
        authentication: { loginEndpoint: authentication.loginEndpoint, audiences: authentication.audiences },
      },
    };
  }
  if (version === "2019-05-01") return { status: 200, body: names.map((name) => ({ ...entry, name })) };
  return { status: 200, body: { ...entry, name: "AzureCloud", microsoftGraphResourceId: `${url}/graph/` } };
};
