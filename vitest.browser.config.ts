import { defineConfig } from 'vitest/config'
import tests from './vitest.config.js'

// The browser tests: `npm run browser`. They need Chromium, which is why `npm test` leaves them
// out.
export default defineConfig({
  resolve: tests.resolve!,
  test: {
    name: 'browser',
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // By default one less than there are cores.
    maxWorkers: 2,
  },
})
