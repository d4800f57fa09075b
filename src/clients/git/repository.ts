/** Addresses of git repositories, in the forms that people paste. Pure. */

export interface Repository {
  readonly host: string;
  /** `owner/name` on GitHub; anything elsewhere. Without `.git`. */
  readonly path: string;
  /** Over SSH, as Flux takes it: `ssh://git@github.com/owner/name`. */
  readonly ssh: string;
  /** Set for repositories on github.com. */
  readonly github?: { readonly owner: string; readonly name: string } | undefined;
}

/**
 * Understands `git@host:path`, `ssh://[user@]host[:port]/path` and `https://host/path`, with or without `.git`, and
 * `owner/name` for github.com. Undefined for anything else.
 */
export const parseRepository = (text: string): Repository | undefined => {
  const plain = text
    .trim()
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
  const short = /^([\w.-]+)\/([\w.-]+)$/.exec(plain);
  if (short) return repository("git", "github.com", "", plain);
  const scp = /^(?:([\w.-]+)@)?([\w.-]+):(?!\/\/)\/?(.+)$/.exec(plain);
  if (scp && !plain.includes("://")) return repository(scp[1] ?? "git", scp[2] ?? "", "", scp[3] ?? "");
  const url = URL.canParse(plain) ? new URL(plain) : undefined;
  if (!url || url.pathname.length < 2) return undefined;
  const path = url.pathname.slice(1);
  switch (url.protocol) {
    case "ssh:":
    case "git+ssh:":
      return repository(url.username || "git", url.hostname, url.port, path);
    case "https:":
    case "http:":
      // The port of https is not the port of SSH.
      return repository("git", url.hostname, "", path);
    default:
      return undefined;
  }
};

const repository = (user: string, host: string, port: string, path: string): Repository => {
  const lower = host.toLowerCase();
  const [owner, name, ...rest] = path.split("/");
  const github = lower === "github.com" && owner && name && rest.length === 0 ? { owner, name } : undefined;
  return { host: lower, path, ssh: `ssh://${user}@${lower}${port ? `:${port}` : ""}/${path}`, github };
};
