import { defineConfig } from 'tsup'
import { entryPoints } from './scripts/entry-points.js'

// The types of the entry points; scripts/build.ts writes the JavaScript before.
export default defineConfig({
  entry: entryPoints,
  dts: { only: true },
  format: 'esm',
  silent: true,
})
