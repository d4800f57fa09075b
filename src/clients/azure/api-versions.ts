/** The API version of each part of ARM that is asked, in one place: the shapes in this code are those versions'. */
export const apiVersions = {
  subscriptions: "2022-12-01",
  /** Groups, lists of resources, tags, providers. */
  resources: "2021-04-01",
  authorization: "2022-04-01",
  identities: "2023-01-31",
  workspaces: "2023-09-01",
  network: "2024-05-01",
  dns: "2018-05-01",
  compute: "2021-07-01",
  computeUsage: "2024-07-01",
  containerService: "2026-06-01",
} as const;
