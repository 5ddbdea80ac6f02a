/**
 * Builds the site into docs/.vitepress/dist: the pages of the API unless `npm run docs` has just
 * written them, the demo if it is there, then guide, API and examples by VitePress. With `--dev` it
 * serves the pages as they change.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { apiIsFresh } from './api-is-fresh.js'
import { bytesOfSite } from './bytes-of-site.js'
import { runTool } from './run-tool.js'

const DEMO = 'examples/browser'
const DIST = 'docs/.vitepress/dist'

const isDev = process.argv.includes('--dev')
const start = performance.now()

if (!apiIsFresh()) runTool('typedoc')
if (existsSync(`${DEMO}/index.html`))
  runTool('vite', 'build', DEMO, '--outDir', resolve('docs/public/demo'), '--emptyOutDir')
runTool('vitepress', isDev ? 'dev' : 'build', 'docs')

if (!isDev) {
  const { files, pages, bytes, firstPage } = bytesOfSite(DIST)
  const kilobytes = (count: number) => `${(count / 1000).toFixed(0)} kB`
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(
    `${pages} pages in ${files} files, ${kilobytes(bytes)}; the first page takes ${kilobytes(firstPage)} gzipped; ${seconds} s`,
  )
}
