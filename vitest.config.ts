import { defineConfig } from 'vitest/config'
import { toolPath } from './harness/setup/search-path.mjs'

// The entries do the same: tests find the tools that the harness finds.
process.env.PATH = toolPath()

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['harness/**/*.test.ts'], testTimeout: 30_000 } },
      // Opens the reference images, and builds them where the cache has none.
      { test: { name: 'static', include: ['suites/static/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 600_000 } },
    ],
  },
})
