/** Kubeconfigs of the testbed: one user each, with a token, in a file that only we read. */
import { writeFile } from "node:fs/promises";

export interface Login {
  /** Base URL of the API server. */
  readonly server: string;
  /** PEM of what its certificate is signed by. */
  readonly authority: string;
  readonly token: string;
}

/** JSON is YAML, so every client reads it. */
export const writeKubeconfig = (path: string, { server, authority, token }: Login): Promise<void> =>
  writeFile(
    path,
    `${JSON.stringify(
      {
        apiVersion: "v1",
        kind: "Config",
        clusters: [
          {
            name: "testbed",
            cluster: { server, "certificate-authority-data": Buffer.from(authority).toString("base64") },
          },
        ],
        users: [{ name: "testbed", user: { token } }],
        contexts: [{ name: "testbed", context: { cluster: "testbed", user: "testbed" } }],
        "current-context": "testbed",
      },
      undefined,
      2,
    )}\n`,
    { mode: 0o600 },
  );
