import assert from 'node:assert/strict'
import { build } from 'esbuild'
import { check, PAGES } from './checks.js'

for (const page of Object.keys(PAGES)) {
  const { outputFiles } = await build({
    entryPoints: [`pages/${page}.js`],
    outdir: 'out/esbuild',
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    external: ['@tensorflow/*'],
    write: false,
  })
  check('esbuild', page, outputFiles[0].text)
  if (page !== 'schedule') continue
  await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)
  assert.equal(globalThis.result, 0.25)
}
