/** What was asked of the sandbox: the last requests, and counts of all since the log was cleared. */

export interface LoggedRequest {
  readonly service: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly userAgent: string;
  /** 0 where the connection was cut. */
  readonly status: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface RequestLog {
  readonly total: number;
  /** Requests by other methods than GET, HEAD and OPTIONS that did not fail, by service. Tokens are not counted. */
  readonly writes: Readonly<Record<string, number>>;
  /** Oldest first. */
  readonly entries: readonly LoggedRequest[];
}

export interface Requests {
  add(request: LoggedRequest): void;
  clear(): void;
  read(): RequestLog;
}

/** So many requests are kept. */
const kept = 5_000;
const reads = new Set(["GET", "HEAD", "OPTIONS"]);

/** Credentials and reviews are asked for by POST and change nothing; a dry run is not persisted. */
const persists = ({ service, method, path, status }: LoggedRequest): boolean =>
  !reads.has(method) &&
  status < 400 &&
  service !== "entra" &&
  service !== "oidc" &&
  service !== "control" &&
  !/dryRun=All/i.test(path) &&
  !/\/(listCluster\w*Credential|selfsubject\w*reviews|subjectaccessreviews|tokenreviews)(\?|$)/i.test(path);

export const createRequests = (): Requests => {
  let entries: LoggedRequest[] = [];
  let total = 0;
  let writes: Record<string, number> = {};
  return {
    add(request) {
      total++;
      entries.push(request);
      if (entries.length > kept) entries = entries.slice(-kept / 2);
      if (persists(request)) writes[request.service] = (writes[request.service] ?? 0) + 1;
    },
    clear() {
      entries = [];
      total = 0;
      writes = {};
    },
    read: () => ({ total, writes: { ...writes }, entries: [...entries] }),
  };
};
