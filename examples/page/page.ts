/** Runs in the browser: loads a file of `saveCompressed` and runs it without tfjs. */
import { compileSparse, openCompressed } from 'tfjs-prune/sparse'
import { CODE, fetchedBytes, MODEL, millisecondsOf } from './measure.js'
import { drawing, fetchPictures, firstOf, type Pictures } from './pictures.js'
import { addRow } from './rows.js'

const problem = document.querySelector('#problem')!
const compare = document.querySelector<HTMLButtonElement>('#compare')!

/** Shows the error of some work to the reader. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error)
  }
}

async function runCompiled(): Promise<void> {
  // #region compile
  const network = await compileSparse(await openCompressed('model.tfpr'))
  const pictures = await fetchPictures('pictures.bin', network.inputs[0]!)
  const outputs = network.predict(pictures.values) as Float32Array
  // #endregion
  const [code] = performance.getEntriesByName(import.meta.url)
  const firstAnswer = performance.now() - code!.startTime
  show(pictures, outputs)
  const one = firstOf(pictures)
  addRow({
    name: 'compiled',
    codeBytes: fetchedBytes(CODE),
    modelBytes: fetchedBytes(MODEL),
    firstAnswer,
    single: await millisecondsOf(() => network.predict(one)),
    batch: (await millisecondsOf(() => network.predict(pictures.values))) / pictures.count,
  })
  compare.onclick = () => attempt(() => runTfjs(pictures, outputs))
  compare.disabled = false
}

async function runTfjs(pictures: Pictures, outputs: Float32Array): Promise<void> {
  compare.disabled = true
  const [codeBytes, started] = [fetchedBytes(CODE), performance.now()]
  const { measureTfjs } = await import('./with-tfjs.js')
  await measureTfjs(pictures, outputs, { codeBytes, loading: performance.now() - started })
}

function show(pictures: Pictures, outputs: Float32Array): void {
  for (let i = 0; i < pictures.count; i++) {
    const [other, eight] = outputs.subarray(2 * i, 2 * i + 2) as unknown as [number, number]
    const probability = 1 / (1 + Math.exp(other - eight))
    const figure = document.createElement('figure')
    const caption = document.createElement('figcaption')
    caption.textContent = `${(100 * probability).toFixed(0)} %`
    figure.dataset.outputs = JSON.stringify([other, eight])
    figure.append(drawing(pictures, i), caption)
    document.querySelector('#pictures')!.append(figure)
  }
}

await attempt(runCompiled)
