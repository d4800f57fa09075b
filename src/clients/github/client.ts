/** What steps ask of GitHub: deploy keys. Every call throws a Failure; retrying is the runner's. */

export interface DeployKey {
  readonly id: number;
  readonly title: string;
  /** Without its comment: `ssh-ed25519 AAAA…`. */
  readonly key: string;
  readonly readOnly: boolean;
}

export interface GitHubRepository {
  readonly owner: string;
  readonly name: string;
}

export interface GitHubClient {
  /** Pages are followed. */
  deployKeys(repository: GitHubRepository): Promise<readonly DeployKey[]>;
  /** Fails with `conflict` where the key is in use already, in this repository or another. */
  addDeployKey(repository: GitHubRepository, key: Omit<DeployKey, "id">): Promise<DeployKey>;
  /** Absent is success. */
  removeDeployKey(repository: GitHubRepository, id: number): Promise<void>;
}
