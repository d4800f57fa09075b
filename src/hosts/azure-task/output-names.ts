/**
 * Which names a task may give to variables. A pipeline's outputs have any name; those with which a variable would steer
 * later steps (their programs, their agent, their logins) are refused here, and by the agent itself: `task.json` names
 * them in `restrictions.settableVariables`. So text that got past our own escaping could not set them, nor `PATH` by
 * `task.prependpath`, which the agent checks alike.
 */

/** `*` stands for any text. In any case, as the agent compares. */
export const reservedNames = [
  // Variables of the agent and of Azure Pipelines have dots, which the name of an output can't have.
  "*.*",
  "path",
  "pathext",
  "comspec",
  "env",
  "ifs",
  "home",
  "shell",
  "userprofile",
  "tmp",
  "temp",
  "tmpdir",
  "*_proxy",
  "ld_*",
  "dyld_*",
  "bash_*",
  "node_*",
  "npm_*",
  "git_*",
  "ssh_*",
  "ssl_*",
  "python*",
  "perl5*",
  "ruby*",
  "java_*",
  "dotnet_*",
  "nuget_*",
  "powershell_*",
  "psmodulepath",
  "docker_*",
  "kube*",
  "helm_*",
  "azure_*",
  "azuresubscription_*",
  "arm_*",
  "cloudflare_*",
  "github_*",
  "provision_*",
  "agent_*",
  "agent*version",
  "azp_*",
  "vsts_*",
  "vso_*",
  "system_*",
  "build_*",
  "release_*",
  "pipeline_*",
  "task_*",
  "endpoint_*",
  "secret_*",
  "input_*",
  "process_*",
  "use_*",
  "decode_percents",
  "disable_*",
  "enable_*",
] as const;

const reserved = new RegExp(
  `^(?:${reservedNames.map((name) => name.replaceAll(".", "\\.").replaceAll("*", ".*")).join("|")})$`,
  "i",
);

export const isSettable = (name: string): boolean => !reserved.test(name);

/**
 * The same for `task.json`, as one pattern of minimatch, which is what the agent has. The exclamation mark stands before
 * the group and not as its kind: the agent's port of minimatch takes `!(path)` for all that begins so.
 */
export const settablePattern = `!@(${reservedNames.join("|")})`;
