/** Asks a server whether it is the sandbox that an announcement speaks of. */
import { request } from "node:https";

/** Milliseconds within which a running sandbox answers. */
const patience = 2_000;

/** True where `url` answers to the control token, over the authority's certificate. */
export const ask = (url: string, authority: string, controlToken: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request(
      `${url}/control/status`,
      {
        ca: authority,
        headers: { authorization: `Bearer ${controlToken}` },
        timeout: patience,
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.once("error", () => resolve(false));
    asked.end();
  });
