import { defineConfig } from 'tsup'
import { entryPoints } from './scripts/entry-points.js'

/** The declarations of a source file, which tsc writes before (tsconfig.declarations.json). */
const declarationsOf = (source: string) =>
  source.replace(/^src\//, '.cache/declarations/').replace(/\.ts$/, '.d.ts')

// Joins the types of the entry points; scripts/build.ts writes the JavaScript before.
export default defineConfig({
  entry: Object.fromEntries(
    Object.entries(entryPoints).map(([output, source]) => [output, declarationsOf(source)]),
  ),
  dts: { only: true },
  format: 'esm',
  silent: true,
})
