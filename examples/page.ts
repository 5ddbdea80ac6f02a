// A page that finds eights with a pruned network, without tfjs: makes the model, bundles the page
// and serves it.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundlePage, loadedAtOnce } from './page/bundle.js'
import { makeModel } from './page/make-model.js'
import { serveFolder } from './page/serve.js'
import { isShort, startWasm } from './support/backend.js'
import { rareDigit } from './support/mnist.js'

await startWasm()
const digit = 8
const folder = fileURLToPath(new URL('./out/page/', import.meta.url))
await makeModel(
  folder,
  {
    train: rareDigit('train', { digit, positives: isShort ? 20 : 600 }),
    validation: rareDigit('train', { digit, positives: isShort ? 20 : 300, skip: 600 }),
    shown: rareDigit('t10k', { digit, positives: 4 }),
  },
  { epochs: isShort ? 1 : 2, rounds: isShort ? 2 : 4 },
)
const outputs = await bundlePage(folder)

const sizeOf = (name: string) => `${(statSync(join(folder, name)).size / 1000).toFixed(1)} kB`
console.log(`model.tfpr: ${sizeOf('model.tfpr')}; page.js, minified: ${sizeOf('page.js')}.`)
const ofTfjs = loadedAtOnce(outputs, 'page.js').filter((path) => path.includes('@tensorflow'))
if (ofTfjs.length > 0) throw new Error(`the page loads tfjs at once: ${ofTfjs}`)
console.log('The page loads nothing of tfjs until its button is pressed.')

if (!isShort) console.log(`The page: ${(await serveFolder(folder, { port: 8080 })).url}`)
