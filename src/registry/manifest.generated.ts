import type { Manifest } from "../step/shape.ts";
export const manifest: Manifest = {};
