import { defineConfig } from 'tsup'

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
    entry: {
      index: 'src/index.ts',
      'backends/wasm/index': 'src/backends/wasm/index.ts',
      'testing/index': 'src/testing/index.ts',
    },
  },
})
