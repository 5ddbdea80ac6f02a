import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

// The page imports 'tfjs-prune' as yours does. In this repository the name leads to the sources, so
// that the page runs without a build of the library: leave `resolve` and `server` out in a copy.
const alias = [
  { find: /^tfjs-prune$/, replacement: path('../../src/index.ts') },
  { find: /^tfjs-prune\/(.+)$/, replacement: `${path('../../src')}/$1/index.ts` },
]

export default defineConfig({
  root: path('.'),
  // Relative, so that the page works in any folder of a site.
  base: './',
  resolve: { alias },
  server: { fs: { allow: [path('../..')] } },
  worker: { format: 'es' },
  build: { target: 'es2022', emptyOutDir: true, chunkSizeWarningLimit: 2000 },
})
