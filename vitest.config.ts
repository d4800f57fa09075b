import { defineConfig } from "vitest/config";

/**
 * Unit tests need Node alone; end-to-end tests start the sandbox, the real Helm and the built command;
 * those of the testbed start a real cluster, which is built from Go where it is not there yet. What is said to clouds
 * is held against their own descriptions with Node and the real Helm.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/testbed/**"],
          // Only what hangs: a busy machine may take its time.
          testTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Each file has a sandbox of its own, and waits as much as it works.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "testbed",
          include: ["test/testbed/**/*.test.ts"],
          exclude: ["test/testbed/descriptions/**"],
          globalSetup: "test/testbed/contract/shared-clusters.ts",
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
          // A testbed waits more than it works, and two of them share nothing but the machine.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "descriptions",
          include: ["test/testbed/descriptions/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
