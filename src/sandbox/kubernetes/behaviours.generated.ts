/** Written by `behavioursModule`: one line for each file in behaviours/. */
import type { Behaviour } from "./behaviour.ts";
import { behaviour as workloads } from "./behaviours/workloads.ts";

export const behaviours: readonly Behaviour[] = [workloads];
