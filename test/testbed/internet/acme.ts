/** Let's Encrypt's two directories, played by pebble, and the nameserver that it and cert-manager ask. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Launch } from "../control-plane.ts";
import { freePorts } from "../ports.ts";
import type { ProgramName } from "../programs.ts";

/** Both lead to the one pebble: its answers name the host that was asked. */
export const acmeNames = ["acme-v02.api.letsencrypt.org", "acme-staging-v02.api.letsencrypt.org"] as const;

/** Let's Encrypt's directory is at /directory, pebble's at /dir; every other path comes from its answers. */
export const acmePath = (asked: string): string => (asked === "/directory" ? "/dir" : asked);

/** Starts a nameserver that answers every A query with 127.0.0.1; `127.0.0.1:PORT`. */
export const startResolver = async (
  launch: Launch,
  binary: (name: ProgramName) => string,
): Promise<string> => {
  const [dns, management] = await freePorts(2);
  const address = `127.0.0.1:${dns}`;
  const off = ["-http01", "-https01", "-tlsalpn01", "-doh", "-defaultIPv6"].flatMap((flag) => [flag, ""]);
  await launch({
    name: "nameserver",
    program: binary("pebble-challtestsrv"),
    arguments: [
      "-dnsserver",
      address,
      "-defaultIPv4",
      "127.0.0.1",
      "-management",
      `127.0.0.1:${management}`,
      ...off,
    ],
  });
  return address;
};

export interface AcmeOptions {
  readonly directory: string;
  readonly launch: Launch;
  readonly binary: (name: ProgramName) => string;
  readonly resolver: string;
  /** Where HTTP01 is asked, on 127.0.0.1: port 80 of the world. */
  readonly httpPort: number;
  /** Files of its serving certificate. */
  readonly certificate: string;
  readonly key: string;
}

/** Starts pebble; `https://127.0.0.1:PORT`. It asks every challenge for real, without its usual pauses. */
export const startAcme = async (options: AcmeOptions): Promise<string> => {
  const [listening, management] = await freePorts(2);
  const file = join(options.directory, "pebble.json");
  const pebble = {
    listenAddress: `127.0.0.1:${listening}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: options.certificate,
    privateKey: options.key,
    httpPort: options.httpPort,
    tlsPort: options.httpPort,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
  };
  await writeFile(file, JSON.stringify({ pebble }));
  await options.launch({
    name: "pebble",
    program: options.binary("pebble"),
    arguments: ["-config", file, "-dnsserver", options.resolver],
    variables: { PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
  });
  return `https://127.0.0.1:${listening}`;
};
