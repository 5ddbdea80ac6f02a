import { defineConfig } from 'tsup'
import { entryPoints } from './scripts/entry-points.js'

// One output module per source module: bundlers then drop what is not imported, and nothing of tfjs
// is inlined. No source maps: the output is the source without its types, neither bundled nor
// minified.
export default defineConfig({
  entry: ['src/**/*.ts', '!src/types.ts'],
  format: 'esm',
  target: 'es2022',
  bundle: false,
  clean: true,
  silent: true,
  dts: {
    entry: entryPoints,
  },
})
