/** Everything heavy: data, training, pruning, files. The page calls it through comlink. */

import type { LayersModel } from '@tensorflow/tfjs-layers'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { expose, transfer } from 'comlink'
import { applyTrained, evaluateOn, type Round } from 'tfjs-prune'
import { compressedHandler } from 'tfjs-prune/files'
import { toOnnx } from 'tfjs-prune/onnx'
import { toWasm } from 'tfjs-prune/sparse'
import { type OpenData, openData, type Samples } from '../data/open-data.js'
import type {
  BackendName,
  DataFacts,
  DataName,
  Ending,
  LevelPlace,
  LoadedModel,
  LossName,
  Report,
  RunEvent,
  Settings,
  StockModel,
  TestEvaluations,
} from '../shared/contract.js'
import { startBackend } from './backend.js'
import { compressedFile, stockModel } from './exports.js'
import { NETWORKS } from './models.js'
import { reportOf, runLevels } from './run-levels.js'
import { forgetRun, readRounds } from './stored-runs.js'

let opened: OpenData | undefined
let started: Promise<void> | undefined
let running: AbortController | undefined
/** The finished levels of each loss. */
const rounds = new Map<LossName, Round[]>()

function theData(): OpenData {
  if (!opened) throw new Error('Open a data set first.')
  return opened
}

/** Lends a model with the weights of a level to some work. */
async function withLevel<T>(
  { loss, level }: LevelPlace,
  work: (model: LayersModel) => Promise<T>,
): Promise<T> {
  const round = rounds.get(loss)?.[level]
  if (!round) throw new Error(`The ${loss} run has no level ${level} yet.`)
  const model = NETWORKS[theData().facts.name].build()
  try {
    applyTrained(model, round)
    return await work(model)
  } finally {
    model.dispose()
  }
}

const evaluate = async (samples: Samples, model: LayersModel) =>
  evaluateOn(samples, { positiveClass: 1 })(model)

const demo = {
  /** Starts the backend, once, and opens a data set. */
  async open(backend: BackendName, data: DataName): Promise<DataFacts> {
    started ??= startBackend(backend)
    await started
    opened?.close()
    rounds.clear()
    opened = openData(data)
    return opened.facts
  },

  /** Runs to the end, or until `stop`. Goes on where a stored run of these settings ended. */
  async run(settings: Settings, tell: (event: RunEvent) => unknown): Promise<Ending> {
    running = new AbortController()
    const list: Round[] = []
    rounds.set(settings.loss, list)
    const keep = (round: Round) => {
      list[round.round] = round
    }
    return runLevels(settings, { data: theData(), signal: running.signal, keep, tell })
  },

  /** Ends the run under way at its next batch. */
  stop(): void {
    running?.abort()
  },

  /** The finished levels of a stored run, if there is one. */
  async stored(settings: Settings): Promise<Report[]> {
    const found = await readRounds(settings)
    rounds.set(settings.loss, [...found])
    return found.map(reportOf)
  },

  /** Removes a stored run. */
  forget(settings: Settings): void {
    rounds.delete(settings.loss)
    forgetRun(settings)
  },

  /** Evaluates a level, and the dense one beside it, on samples that have chosen nothing. */
  async test(place: LevelPlace): Promise<TestEvaluations> {
    const { test } = theData().parts
    const dense = await withLevel({ ...place, level: 0 }, (model) => evaluate(test, model))
    return { dense, level: await withLevel(place, (model) => evaluate(test, model)) }
  },

  /** The `.tfpr` of a level. */
  async compressed(place: LevelPlace): Promise<Uint8Array> {
    const file = await withLevel(place, compressedFile)
    return transfer(file, [file.buffer])
  },

  /** A level as the files of stock tfjs. */
  async stock(place: LevelPlace, weightsName: string): Promise<StockModel> {
    const model = await withLevel(place, (one) => stockModel(one, weightsName))
    return transfer(model, [model.weights])
  },

  /** A level as an ONNX file. */
  async onnx(place: LevelPlace): Promise<Uint8Array> {
    const file = await withLevel(place, (model) => toOnnx(model))
    return transfer(file, [file.buffer])
  },

  /** A level as a WebAssembly module. */
  async wasm(place: LevelPlace): Promise<Uint8Array> {
    const file = await withLevel(place, (model) => toWasm(model))
    return transfer(file, [file.buffer])
  },

  /** Reads a `.tfpr` and evaluates it on the validation part. */
  async load(file: Uint8Array): Promise<LoadedModel> {
    const model = await loadLayersModel(compressedHandler(file))
    try {
      const values = await Promise.all(model.getWeights().map((weight) => weight.data()))
      const alive = values.reduce((sum, one) => sum + one.filter((value) => value !== 0).length, 0)
      const validation = await evaluate(theData().parts.validation, model)
      return { parameters: model.countParams(), alive, validation }
    } finally {
      model.dispose()
    }
  },
}

/** The calls that the page may make. */
export type DemoWorker = typeof demo

expose(demo)
