/** One HTTP request to one cluster: who asks, what about, and the record of what was written. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError } from "../api-error.ts";
import type { Cluster } from "../cluster.ts";
import type { ClusterApi, RecordedWrite } from "../cluster-api.ts";
import type { JsonObject } from "../json.ts";
import { aggregated, aggregatedType, coreVersions, groupList, oneGroup, resourceList } from "./discovery.ts";
import { openApiDocument, openApiIndex } from "./openapi.ts";
import { parseResourcePath, readBytes } from "./request.ts";
import { handleResource, nothingAt } from "./resource.ts";
import { sendError, sendJson } from "./respond.ts";

/** Reviews are written by POST and store nothing. */
const isRead = (method: string, path: string): boolean =>
  method === "GET" || method === "HEAD" || /\/(self)?subject\w*reviews$|\/tokenreviews$/.test(path);

/** `path` is below the cluster's prefix, without query. Never throws: refusals become answers. */
export const handleRequest = async (
  cluster: Cluster,
  api: ClusterApi,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  writes: RecordedWrite[],
  signal: AbortSignal,
): Promise<void> => {
  const query = new URLSearchParams((request.url ?? "").split("?")[1] ?? "");
  const method = request.method ?? "GET";
  try {
    const user = authenticate(cluster, request);
    const bytes = await readBytes(request);
    const resource = parseResourcePath(path);
    if (resource) {
      handleResource({ cluster, api, request, response, path: resource, query, bytes, user, signal });
    } else {
      sendDocument(cluster, request, response, path);
    }
  } catch (error) {
    if (response.headersSent) response.end();
    else sendError(response, error);
  }
  if (!isRead(method, path)) {
    writes.push({
      method,
      path,
      userAgent: request.headers["user-agent"] ?? "",
      dryRun: query.getAll("dryRun").includes("All"),
      status: response.statusCode,
    });
  }
};

const authenticate = (cluster: Cluster, request: IncomingMessage): string => {
  const token = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const user = token === undefined ? undefined : cluster.state.tokens[token];
  if (user === undefined) throw new ApiError("Unauthorized", "Unauthorized");
  return user;
};

const openApiProtobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/** Swagger 2.0 without any types, in which kubectl looks for kinds that the newer form does not have. */
const emptyOpenApi = Buffer.concat([
  Buffer.from([0x0a, 3]),
  Buffer.from("2.0"),
  Buffer.from([0x12, 12, 0x0a, 10]),
  Buffer.from("Kubernetes"),
]);

/** Everything that is not an object: discovery, OpenAPI, version, health. */
const sendDocument = (
  cluster: Cluster,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void => {
  const kinds = cluster.kinds.all();
  const wantsAggregated =
    (request.headers.accept ?? "").includes("as=APIGroupDiscoveryList") &&
    (request.headers.accept ?? "").includes("v=v2;");
  const plain = path.length > 1 ? path.replace(/\/$/, "") : path;
  if (/^\/(healthz|readyz|livez)(\/.*)?$/.test(plain)) {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("ok");
    return;
  }
  if ((plain === "/api" || plain === "/apis") && wantsAggregated) {
    sendJson(response, 200, aggregated(kinds, plain === "/api"), aggregatedType);
    return;
  }
  if (plain === "/openapi/v2" && (request.headers.accept ?? "").includes("protobuf")) {
    response.writeHead(200, { "content-type": openApiProtobufType }).end(emptyOpenApi);
    return;
  }
  const document = documentAt(cluster, plain);
  if (!document) throw nothingAt(plain.split("/")[1] === "api" ? "" : (plain.split("/")[2] ?? "-"));
  sendJson(response, 200, document);
};

const documentAt = (cluster: Cluster, path: string): JsonObject | undefined => {
  const kinds = cluster.kinds.all();
  switch (path) {
    case "/version":
      return versionInfo(cluster.state.settings.version);
    case "/api":
      return coreVersions;
    case "/api/v1":
      return resourceList(kinds, "", "v1");
    case "/apis":
      return groupList(kinds);
    case "/openapi/v3":
      return openApiIndex(kinds);
    case "/openapi/v2":
      return {
        swagger: "2.0",
        info: { title: "Kubernetes", version: "unversioned" },
        paths: {},
        definitions: {},
      };
    case "/":
      return {
        paths: [
          "/api",
          "/api/v1",
          "/apis",
          "/healthz",
          "/livez",
          "/openapi/v2",
          "/openapi/v3",
          "/readyz",
          "/version",
        ],
      };
  }
  const parts = path.split("/").slice(1);
  const [root, first = "", second = "", third = "", fourth = ""] = parts;
  if (root === "apis") return second ? resourceList(kinds, first, second) : oneGroup(kinds, first);
  if (root === "openapi" && first === "v3") {
    return second === "apis" ? openApiDocument(kinds, third, fourth) : openApiDocument(kinds, "", third);
  }
  return undefined;
};

const versionInfo = (text: string): JsonObject => {
  const version = text.replace(/^v/, "");
  const [major = "1", minor = "35"] = version.split(".");
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: `v${version}`,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "",
    goVersion: "",
    compiler: "gc",
    platform: "linux/amd64",
  };
};
