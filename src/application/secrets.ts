/** Reads a pipeline's secrets where it says they are: the environment, a file, Azure Key Vault. */
import { resolve } from "node:path";
import { readKeyVaultSecret } from "../clients/azure/key-vault.ts";
import type { Pipeline, SecretDeclaration } from "../language/pipeline.ts";
import { Hole, type Value } from "../language/value.ts";
import type { Use } from "../step/context.ts";
import { Failure } from "../step/failure.ts";
import { Secret } from "../step/secret.ts";
import { reasonOf } from "./file-errors.ts";
import type { Machine } from "./machine.ts";

/** A value of known type that nobody has yet: what every secret is offline. */
export const secretHole = (name: string): Hole => new Hole([{ kind: "secret", name }], true);

/**
 * `lenient`: a secret that can't be had stays a hole (`destroy` needs no input's content). Otherwise every secret
 * of the pipeline must be there. `use` is asked for the Azure client only where a Key Vault is named.
 */
export const readSecrets = async (
  machine: Machine,
  directory: string,
  pipeline: Pipeline,
  use: Use,
  lenient: boolean,
): Promise<ReadonlyMap<string, Value>> => {
  const secrets = new Map<string, Value>();
  for (const declaration of pipeline.secrets.values()) {
    try {
      secrets.set(declaration.name, await readSecret(machine, directory, declaration, use));
    } catch (error) {
      if (!lenient) throw error;
      secrets.set(declaration.name, secretHole(declaration.name));
    }
  }
  return secrets;
};

const readSecret = async (
  machine: Machine,
  directory: string,
  { name, source }: SecretDeclaration,
  use: Use,
): Promise<Secret> => {
  switch (source.kind) {
    case "env": {
      const text = machine.variables[source.variable];
      if (text) return new Secret(text.trim(), source.variable);
      throw missing(
        name,
        `the environment variable ${source.variable} is not set`,
        `set it, as in \`export ${source.variable}=…\`; \`plan --offline\` needs no secret`,
      );
    }
    case "file":
      try {
        return new Secret((await machine.readText(resolve(directory, source.path))).trim(), source.path);
      } catch (error) {
        throw missing(
          name,
          `${source.path}: ${reasonOf(error)}`,
          "the path starts from the pipeline's folder",
        );
      }
    case "key-vault":
      return new Secret(
        await readKeyVaultSecret(use, source.vault, source.name),
        `${source.vault}/${source.name}`,
      );
  }
};

const missing = (name: string, why: string, hint: string): Failure =>
  new Failure({ kind: "rejected", code: "P0420", message: `secret \`${name}\`: ${why}`, hint });
