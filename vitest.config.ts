import { defineConfig } from "vitest/config";

/**
 * Unit tests need Node alone; end-to-end tests start the sandbox, the real Helm and the built command;
 * those of the testbed start a real cluster, which is built from Go where it is not there yet.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/e2e/**", "test/testbed/**"] } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "testbed",
          include: ["test/testbed/**/*.test.ts"],
          globalSetup: "test/testbed/contract/shared-testbed.ts",
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
