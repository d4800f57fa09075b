/** GitHub's service of identity tokens. */
import type { IdentityHost } from "../identity-service.ts";

const token = "the-job's-request-token";

export const githubTokens: IdentityHost = {
  refuse: ({ headers }) => (headers.authorization === `Bearer ${token}` ? undefined : [401]),
  claims: ({ searchParams }) => ({
    subject: "repo:octo/shop:ref:refs/heads/main",
    audience: searchParams.get("audience") ?? "https://github.com/octo",
  }),
  answer: (value) => ({ count: 1, value }),
  // What the runner puts into the environment of a job with `id-token: write`.
  variables: (origin) => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
  }),
};
