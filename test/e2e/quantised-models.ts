/**
 * Runs in the browser: saves quantised models where browsers keep files, and reads them back with
 * stock tfjs.
 */
import { io, ready, setBackend } from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  layers,
  loadLayersModel,
  sequential,
} from '@tensorflow/tfjs-layers'
import { computeMask } from 'tfjs-prune'
import { type QuantisedType, saveQuantised } from 'tfjs-prune/files'

/** What came back: plain JSON. */
export interface StoredOutcome {
  /** Bits of all weights, one list a weight. */
  readonly bits: readonly (readonly number[])[]
  /** Number of kernel elements that are +0. */
  readonly zeros: number
}

/** What was handed to a handler, as a file would hold it. */
export interface SavedBytes {
  readonly weights: readonly number[]
  readonly weightSpecs: string
}

async function start(backend: string): Promise<void> {
  if (!(await setBackend(backend))) throw new Error(`Cannot start the ${backend} backend`)
  await ready()
}

const seeded = (seed: number) => ({ kernelInitializer: initializers.glorotUniform({ seed }) })

/**
 * 54 kernel elements in the convolution, 48 in the dense layer, and biases and batch normalisation.
 */
function smallCnn(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({
        name: 'conv',
        filters: 3,
        kernelSize: 3,
        inputShape: [4, 4, 2],
        ...seeded(1),
      }),
      layers.batchNormalization({ name: 'norm' }),
      layers.flatten({ name: 'flat' }),
      layers.dense({ name: 'out', units: 4, ...seeded(2) }),
    ],
  })
}

async function withModel<T>(use: (model: LayersModel) => Promise<T>): Promise<T> {
  const model = smallCnn()
  try {
    return await use(model)
  } finally {
    model.dispose()
  }
}

/** Prunes half of the model and saves it. */
function save(url: string, type: QuantisedType): Promise<void> {
  return withModel(async (model) => {
    await saveQuantised(model, url, { type, mask: await computeMask(model, { density: 0.5 }) })
  })
}

const load = async (url: string): Promise<StoredOutcome> => outcomeOf(await loadLayersModel(url))

/** Loads the files that a test put into the page's input. */
async function loadFiles(): Promise<StoredOutcome> {
  const { files } = document.querySelector('input')!
  return outcomeOf(await loadLayersModel(io.browserFiles([...files!])))
}

/** What {@link save} hands to its handler. */
function bytes(type: QuantisedType): Promise<SavedBytes> {
  return withModel(async (model) => {
    let saved: io.ModelArtifacts = {}
    const handler = io.withSaveHandler(async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
    })
    await saveQuantised(model, handler, { type, mask: await computeMask(model, { density: 0.5 }) })
    const weights = [...new Uint8Array(io.CompositeArrayBuffer.join(saved.weightData))]
    return { weights, weightSpecs: JSON.stringify(saved.weightSpecs) }
  })
}

function outcomeOf(loaded: LayersModel): StoredOutcome {
  const values = loaded.getWeights().map((weight) => weight.dataSync() as Float32Array)
  const kernels = loaded
    .getWeights()
    .flatMap((weight, i) => (weight.rank > 1 ? [...values[i]!] : []))
  loaded.dispose()
  return {
    bits: values.map((list) => [...new Uint32Array(list.slice().buffer)]),
    zeros: kernels.filter((value) => Object.is(value, 0)).length,
  }
}

/** What tests call in the page. */
export const quantised = { start, save, load, loadFiles, bytes }
