/**
 * Which cloud the run talks to. Public Azure is known; any other ARM endpoint (a national cloud, Azure Stack, the
 * sandbox) announces its login authority and the audience of its tokens itself, at `/metadata/endpoints`.
 */
import { request } from "node:https";
import { z } from "zod";
import { Failure } from "../../step/failure.ts";
import { failureOfThrown } from "./errors.ts";

export interface Cloud {
  /** ARM's address, without a slash at the end. */
  readonly endpoint: string;
  /** Where to log in; undefined leaves the choice to the SDK (public cloud or AZURE_AUTHORITY_HOST). */
  readonly authority?: string | undefined;
  /** Scope of the tokens that ARM takes. */
  readonly scope: string;
  /** True where Microsoft's instance discovery can't vouch for the authority. */
  readonly ownAuthority: boolean;
}

export const publicCloud: Cloud = {
  endpoint: "https://management.azure.com",
  scope: "https://management.azure.com/.default",
  ownAuthority: false,
};

const announcement = z.object({
  authentication: z.object({ loginEndpoint: z.string(), audiences: z.array(z.string()).min(1) }),
});
/** One object on Azure Stack, a list of clouds elsewhere. */
const announcements = z.union([z.array(announcement).min(1), announcement]);

const microsoftLogin =
  /^https:\/\/login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn|chinacloudapi\.cn)(\/|$)/;

/**
 * The cloud behind an endpoint.
 * @param authorityHost AZURE_AUTHORITY_HOST, which wins over what the endpoint announces.
 * @param authorities PEM of the certificate authorities to trust instead of Node's own.
 */
export const cloudAt = async (
  endpoint: string | undefined,
  authorityHost: string | undefined,
  authorities: string | undefined,
): Promise<Cloud> => {
  if (endpoint === undefined) {
    if (authorityHost === undefined) return publicCloud;
    return { ...publicCloud, authority: authorityHost, ownAuthority: !microsoftLogin.test(authorityHost) };
  }
  const address = endpoint.replace(/\/+$/, "");
  const announced = await announcedBy(address, authorities);
  const authority = authorityHost ?? announced.authentication.loginEndpoint;
  const [audience = address] = announced.authentication.audiences;
  return {
    endpoint: address,
    authority,
    scope: `${audience.replace(/\/+$/, "")}/.default`,
    ownAuthority: !microsoftLogin.test(authority),
  };
};

const announcedBy = async (
  address: string,
  authorities: string | undefined,
): Promise<z.output<typeof announcement>> => {
  const url = `${address}/metadata/endpoints?api-version=2019-05-01`;
  try {
    const parsed = announcements.safeParse(JSON.parse(await textAt(url, authorities)));
    const [first] = parsed.success ? [parsed.data].flat() : [];
    if (first) return first;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw failureOfThrown(error, url);
  }
  throw new Failure({
    kind: "rejected",
    code: "P0802",
    message: `${address} does not announce where to log in, as an ARM endpoint does`,
    hint: "Check --azure-endpoint.",
    resource: url,
  });
};

const graphAnnouncement = z.object({ microsoftGraphResourceId: z.string() });
const graphAnnouncements = z.union([z.array(graphAnnouncement).min(1), graphAnnouncement]);

/**
 * Microsoft Graph of a cloud, without a slash at the end; also the audience of its tokens. Public Azure's is known, any
 * other endpoint announces it, since version 2022-09-01 of the announcement.
 * @param authorities PEM of the certificate authorities to trust instead of Node's own.
 */
export const graphOf = async (
  { endpoint }: Pick<Cloud, "endpoint">,
  authorities: string | undefined,
): Promise<string> => {
  if (endpoint === publicCloud.endpoint) return "https://graph.microsoft.com";
  const url = `${endpoint}/metadata/endpoints?api-version=2022-09-01`;
  try {
    const parsed = graphAnnouncements.safeParse(JSON.parse(await textAt(url, authorities)));
    const [first] = parsed.success ? [parsed.data].flat() : [];
    if (first) return first.microsoftGraphResourceId.replace(/\/+$/, "");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw failureOfThrown(error, url);
  }
  throw new Failure({
    kind: "rejected",
    code: "P0830",
    message: `${endpoint} does not announce where its Microsoft Graph is`,
    hint: "Steps of the kind `entra/…` need a cloud that has one.",
    resource: url,
  });
};

/** Node's own https, because the SDK's pipeline needs the credential that this is asked for. */
const textAt = (url: string, authorities: string | undefined): Promise<string> =>
  new Promise((resolve, reject) => {
    request(url, authorities === undefined ? {} : { ca: authorities }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    })
      .on("error", reject)
      .end();
  });
