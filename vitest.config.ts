import { defineConfig } from 'vitest/config'
import { toolPath } from './harness/platform/setup/search-path.mjs'

// The entries do the same: tests find the tools that the harness finds.
process.env.PATH = toolPath()

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{harness,suites/static,tools}/**/*.test.ts'],
          exclude: ['tools/reference-tests/**'],
          testTimeout: 30_000,
        },
      },
      // Opens the reference images, and builds them where the cache has none.
      {
        test: {
          name: 'static',
          include: ['tools/reference-tests/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
