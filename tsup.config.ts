import { defineConfig } from 'tsup'

// One output module per source module: bundlers then drop what is not imported, and nothing of tfjs is inlined.
export default defineConfig({
  entry: ['src/**/*.ts'],
  format: 'esm',
  target: 'es2022',
  bundle: false,
  clean: true,
  sourcemap: true,
  dts: { entry: { index: 'src/index.ts', 'backends/wasm/index': 'src/backends/wasm/index.ts' } },
})
