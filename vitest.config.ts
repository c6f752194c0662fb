// SPDX-License-Identifier: Apache-2.0
/** Which tests exist, and where: unit tests beside the code; those that need an API server or a cluster in test/. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/temporary-folder.ts'],
    projects: [
      { test: { name: 'unit', include: ['operator/**/*.test.ts', 'harnesses/**/*.test.ts', 'simulator/**/*.test.ts', 'hack/**/*.test.ts', 'charts/**/*.test.ts', 'images/**/*.test.ts', 'test/house/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 300_000, fileParallelism: false } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 900_000, hookTimeout: 900_000, fileParallelism: false } },
    ],
  },
})
