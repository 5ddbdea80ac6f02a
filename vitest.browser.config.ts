import { defineConfig } from 'vitest/config'

// The browser tests: `npm run browser`. They need Chromium, which is why `npm test` leaves them
// out.
export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
})
