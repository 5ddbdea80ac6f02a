import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const source = (path: string) => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url))

/** Packages that a bundle of a file loads at run time. */
async function packagesOf(path: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [source(path)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: 'none',
    packages: 'external',
  })
  return Object.values(metafile.outputs).flatMap(({ imports }) => imports.map((one) => one.path))
}

test.each([
  'sparse/reading/read-network.ts',
  'sparse/sources/open-compressed.ts',
  'sparse/sources/model-source.ts',
  'sparse/sources/round-source.ts',
])('%s loads no tfjs', async (path) => {
  expect(await packagesOf(path)).toEqual([])
})

test('a file that loads tfjs is found', async () => {
  expect(await packagesOf('files/compressed-handler.ts')).toEqual(['@tensorflow/tfjs-core'])
})
