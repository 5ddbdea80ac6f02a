/** Runs in the browser: reads containers from where browsers have them, and writes them there. */
import { type io, ready, setBackend } from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  layers,
  loadLayersModel,
  sequential,
} from '@tensorflow/tfjs-layers'
import { computeMask } from 'tfjs-prune'
import {
  type CompressedSource,
  type CompressedType,
  compressedHandler,
  saveCompressed,
} from 'tfjs-prune/files'

/** What came out: plain JSON. */
export interface ReadOutcome {
  /** Bytes of each weight. */
  readonly weights: readonly (readonly number[])[]
  readonly weightSpecs: io.ModelArtifacts['weightSpecs']
  /** What `onProgress` was told. */
  readonly progress: readonly number[]
}

/** Reads a container without building its model. */
async function read(url: CompressedSource): Promise<ReadOutcome> {
  const progress: number[] = []
  const onProgress = (fraction: number) => progress.push(fraction)
  const { weightData, weightSpecs } = await compressedHandler(url, { onProgress }).load!()
  return {
    weights: (weightData as ArrayBuffer[]).map((one) => [...new Uint8Array(one)]),
    weightSpecs,
    progress,
  }
}

/**
 * Reads a container from all that a page may have of it; says which of them give other bytes than
 * the URL itself.
 */
async function readFromAll(url: string): Promise<string[]> {
  const answer = await fetch(url)
  const file = new File([await answer.arrayBuffer()], 'dropped.tfpr')
  const sources = {
    file,
    blob: file.slice(),
    'blob: URL': URL.createObjectURL(file),
    'data: URL': await dataUrlOf(file),
    'URL object': new URL(url, location.href),
    query: `${url}?version=1&name=a%20b`,
    gzip: `${url}?gzip`,
    body: (await fetch(url)).body!,
  }
  const wanted = JSON.stringify((await read(url)).weights)
  const others: string[] = []
  for (const [name, source] of Object.entries(sources)) {
    if (JSON.stringify((await read(source)).weights) !== wanted) others.push(name)
  }
  URL.revokeObjectURL(sources['blob: URL'])
  return others
}

function dataUrlOf(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}

/** Name and message of the error with which reading ends, from a URL or the bytes themselves. */
async function refusal(source: string | readonly number[]): Promise<string> {
  const loading =
    typeof source === 'string' ? read(source) : compressedHandler(Uint8Array.from(source)).load!()
  return loading.then(
    () => 'no error',
    ({ name, message }: Error) => `${name}: ${message}`,
  )
}

/**
 * Flips a bit of every byte of a file in turn; says which of them are not refused as they should
 * be.
 */
async function unnoticed(url: string): Promise<number[]> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
  const missed: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    bytes[at]! ^= 1 << (at % 8)
    const message = await refusal([...bytes])
    if (!message.startsWith('RangeError: Cannot load the model: expected ')) missed.push(at)
    bytes[at]! ^= 1 << (at % 8)
  }
  return missed
}

/** Saves a model of which half is pruned, loads it again, and gives the bits of both. */
async function roundTrip(
  backend: string,
  url: string,
  type: CompressedType,
): Promise<[saved: number[], loaded: number[]]> {
  if (!(await setBackend(backend))) throw new Error(`Cannot start the ${backend} backend`)
  await ready()
  const model = sequential({
    layers: [
      layers.conv2d({
        filters: 3,
        kernelSize: 3,
        inputShape: [4, 4, 2],
        kernelInitializer: seeded(1),
      }),
      layers.flatten(),
      layers.dense({ units: 4, kernelInitializer: seeded(2) }),
    ],
  })
  const mask = await computeMask(model, { density: 0.5 })
  await saveCompressed(model, url, { type, mask })
  const loaded = await loadLayersModel(compressedHandler(url))
  const masks = new Map(mask.weights.map(({ shape, values: kept }) => [shape.join(), kept]))
  const wanted = bitsOf(model, (shape, i) => masks.get(shape.join())?.[i] !== 0)
  const outcome: [number[], number[]] = [wanted, bitsOf(loaded, () => true)]
  for (const one of [model, loaded]) one.dispose()
  return outcome
}

const seeded = (seed: number) => initializers.glorotUniform({ seed })

/** Bits of all weights; 0 where a place is not kept. */
function bitsOf(
  model: LayersModel,
  keeps: (shape: readonly number[], flat: number) => boolean,
): number[] {
  return model.getWeights().flatMap((weight) => {
    const values = weight.dataSync().map((value, i) => (keeps(weight.shape, i) ? value : 0))
    return [...new Uint32Array((values as Float32Array).buffer)]
  })
}

/** What tests call in the page. */
export const compressed = { read, readFromAll, refusal, roundTrip, unnoticed }
