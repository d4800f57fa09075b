// Loaded into a measured process (`node --import`): at its end it writes the most memory that it held, in kilobytes.
import { writeFileSync } from "node:fs";

const file = process.env.PEAK_MEMORY_FILE;
delete process.env.PEAK_MEMORY_FILE;
if (file) process.on("exit", () => writeFileSync(file, String(process.resourceUsage().maxRSS)));
