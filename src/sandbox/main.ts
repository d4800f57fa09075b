/** Entry of the sandbox's own process: `node main.ts --directory DIR [--pace demo] [--kubeconfig FILE]`. */
import { serveSandbox } from "./serve.ts";

await serveSandbox(process.argv.slice(2));
