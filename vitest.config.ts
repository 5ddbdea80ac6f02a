import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const SOURCE = fileURLToPath(new URL('./src', import.meta.url))

// Every test runs twice: on the cpu backend and on wasm. TFJS_BACKEND tells test/setup.ts which.
const onBackend = (backend: 'cpu' | 'wasm') => ({
  extends: true as const,
  test: { name: backend, env: { TFJS_BACKEND: backend } },
})

export default defineConfig({
  resolve: {
    alias: [
      { find: /^tfjs-prune$/, replacement: `${SOURCE}/index.ts` },
      { find: /^tfjs-prune\/(.+)$/, replacement: `${SOURCE}/$1/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/e2e/**', 'test/consumers/**'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
    projects: [onBackend('cpu'), onBackend('wasm')],
  },
})
