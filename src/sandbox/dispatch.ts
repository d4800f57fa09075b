/** The one entry of the sandbox's server: chooses the service by path, plays planned faults, keeps the log. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Fault, type Faults, noteFault } from "./faults.ts";
import { sendReply } from "./http/call.ts";
import type { Requests } from "./requests.ts";
import type { Service } from "./world.ts";

const pathOf = (request: IncomingMessage): string => (request.url ?? "/").split("?")[0] ?? "/";

/** Makes whatever is written to the response cut the connection instead. */
const cutOnAnswer = (request: IncomingMessage, response: ServerResponse): void => {
  const cut = (): ServerResponse => {
    request.socket.destroy();
    return response;
  };
  response.writeHead = cut;
  response.end = cut;
  response.write = () => {
    request.socket.destroy();
    return false;
  };
};

const unauthorized = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: "Unauthorized",
  reason: "Unauthorized",
  code: 401,
};

/** Plays a fault. True where it has answered and the service is not to be asked. */
const play = async (
  fault: Fault,
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> => {
  switch (fault.kind) {
    case "latency":
      await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
      return false;
    case "status":
      sendReply(response, {
        status: fault.status,
        headers: fault.headers,
        body: fault.body ?? {
          error: { code: String(fault.status), message: "planned by the sandbox's control" },
        },
      });
      return true;
    case "reset-before":
      request.socket.destroy();
      return true;
    case "reset-after":
      cutOnAnswer(request, response);
      return false;
    case "expired-token":
      if (service.name === "kubernetes") {
        sendReply(response, { status: 401, body: unauthorized });
        return true;
      }
      noteFault(request, fault);
      return false;
    case "stuck-operation":
    case "failed-operation":
      noteFault(request, fault);
      return false;
  }
};

export const createDispatch = (
  services: readonly Service[],
  faults: Faults,
  requests: Requests,
  now: () => number,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const dispatch = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = pathOf(request);
    const method = request.method ?? "GET";
    const service = services.find((candidate) => candidate.matches(path));
    let logged = false;
    const log = (): void => {
      if (logged) return;
      logged = true;
      requests.add({
        service: service?.name ?? "none",
        method,
        path: request.url ?? "/",
        userAgent: request.headers["user-agent"] ?? "",
        status: response.headersSent ? response.statusCode : 0,
        at: now(),
      });
    };
    response.once("finish", log);
    response.once("close", log);
    if (!service) {
      sendReply(response, {
        status: 404,
        body: { error: { code: "NotFound", message: `Nothing of the sandbox answers at ${path}.` } },
      });
      return;
    }
    const fault = service.name === "control" ? undefined : faults.take(service.name, method, path);
    if (fault && (await play(fault, service, request, response))) return;
    await service.handle(request, response);
  };
  return (request, response) => {
    dispatch(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      sendReply(response, { status: 500, body: { error: { code: "SandboxError", message } } });
    });
  };
};
