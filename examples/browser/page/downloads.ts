import type { Remote } from 'comlink'
import type { ChartWorker } from '../charts/worker.js'
import type { LevelPlace, LossName } from '../shared/contract.js'
import { bytes, POSITIVES } from '../shared/words.js'
import type { DemoWorker } from '../worker/worker.js'
import { chartedRun } from './charted-run.js'
import { byId, make, say } from './elements.js'
import { runOf, type State } from './state.js'

/** Hands bytes or a text to the visitor as a file. */
function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  make('a', { href: url, download: name }).click()
  // The browser reads the file a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** Downloads a level as one file of the weights that are left. */
export async function downloadCompressed(demo: Remote<DemoWorker>, place: LevelPlace) {
  const file = await demo.compressed(place)
  const name = `${nameOf(place)}.tfpr`
  download(name, file as Uint8Array<ArrayBuffer>, 'application/octet-stream')
  say(byId('downloaded'), `${name}: ${bytes(file.length)}, read by compressedHandler(...).`)
}

/** Downloads a level as the two files that stock tfjs loads. */
export async function downloadStock(demo: Remote<DemoWorker>, place: LevelPlace) {
  const weightsName = `${nameOf(place)}.weights.bin`
  const { json, weights } = await demo.stock(place, weightsName)
  download(`${nameOf(place)}.json`, json, 'application/json')
  download(weightsName, weights, 'application/octet-stream')
  const all = bytes(json.length + weights.byteLength)
  say(
    byId('downloaded'),
    `${nameOf(place)}.json and ${weightsName}: ${all} together, zeros and all.`,
  )
}

/** Downloads a level as an ONNX file, which other runtimes run. */
export async function downloadOnnx(demo: Remote<DemoWorker>, place: LevelPlace) {
  const file = await demo.onnx(place)
  const name = `${nameOf(place)}.onnx`
  download(name, file as Uint8Array<ArrayBuffer>, 'application/octet-stream')
  say(byId('downloaded'), `${name}: ${bytes(file.length)}, for ONNX Runtime and others.`)
}

/** Downloads a level as a WebAssembly module, which runs by itself. */
export async function downloadWasm(demo: Remote<DemoWorker>, place: LevelPlace) {
  const file = await demo.wasm(place)
  const name = `${nameOf(place)}.wasm`
  download(name, file as Uint8Array<ArrayBuffer>, 'application/wasm')
  say(byId('downloaded'), `${name}: ${bytes(file.length)}, which run without any library.`)
}

/** Downloads a run as one HTML file to send, the other run drawn beside it. */
export async function downloadReport(charts: Remote<ChartWorker>, state: State, loss: LossName) {
  const run = runOf(state, loss)
  if (!run) return
  const { attempt, losses, ...settings } = state.choices
  const { facts } = state
  const { side, pixels } = facts?.images ?? {}
  const others = state.runs.filter((one) => one !== run && one.reports.length > 0)
  const text = await charts.report(chartedRun(run, state), {
    title: `Pruning ${POSITIVES[settings.data].many} with the loss ${loss}`,
    date: new Date(),
    others: others.map((one) => chartedRun(one, state)),
    ...(pixels && side && { images: { pixels, height: side, width: side } }),
    settings,
  })
  download(`${loss}-report.html`, text, 'text/html')
  say(byId('downloaded'), `${loss}-report.html: ${bytes(new Blob([text]).size)}, all in one file.`)
}

const nameOf = ({ loss, level }: LevelPlace) => `${loss}-level-${level}`
