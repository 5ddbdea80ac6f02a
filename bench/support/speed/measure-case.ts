import { loadavg } from 'node:os'
import type * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Case } from './cases.js'
import { checkSame } from './compare.js'
import type { Limits } from './limits.js'
import type { Figure } from './runs.js'
import { compiledSide, type Input, onnxSide, randomInput, type Side, stockSide } from './sides.js'
import { ratioToThreads } from './threads-rule.js'
import { measureInTurns } from './times.js'

/** Milliseconds of processor time for a side at a density and a batch. */
const BUDGET = 300
const THREADS = 2

/** Every density and batch of a network, one figure each. */
export async function* measureCase(
  { batches, densities, fewer = densities, build, onnx = false, smaller }: Case,
  limits: Limits,
): AsyncGenerator<Figure> {
  for (const density of densities) {
    const model = await build(density)
    const small = smaller?.beside === density ? await smaller.build() : undefined
    const often = fewer.includes(density)
    for (const batch of batches.filter((batch) => batch === 1 || often)) {
      const threads = onnx && batch === 1 && often
      yield { density, batch, ...(await measure({ model, small, onnx, threads, batch }, limits)) }
    }
    for (const one of [model, small]) one?.dispose()
  }
}

interface Subjects {
  readonly model: LayersModel
  readonly small: LayersModel | undefined
  readonly onnx: boolean
  /** Also beside two threads. */
  readonly threads: boolean
  readonly batch: number
}

async function measure({ model, small, onnx, batch, ...also }: Subjects, limits: Limits) {
  const input = randomInput([batch, ...(model.inputs[0]!.shape.slice(1) as number[])])
  const compiled = await compiledSide('compiled', model, input)
  const native = onnx ? await onnxSide('onnx', model, { input, threads: 1 }) : undefined
  const same = [stockSide('tfjs', model, input), compiled, ...(native ? [native] : [])]
  const other = small ? await smallerSides(small, input) : []
  const difference = Math.max(await furthestOf(same), await furthestOf(other))
  const { times, others } = await measureInTurns([...same, ...other], {
    budget: BUDGET,
    turns: batch === 1 ? 5 : 3,
  })
  const threads = native && also.threads ? await threaded(model, { input, compiled }) : {}
  for (const side of [...same, ...other]) side.dispose()
  return {
    ...{ times, others, load: loadavg()[0]!, difference, ...threads },
    multiplyAdds: compiled.stats.multiplyAdds,
    limit: limitOf({ model, input, multiplyAdds: compiled.stats.multiplyAdds }, limits),
  }
}

const smallerSides = async (model: LayersModel, input: Input): Promise<Side[]> => [
  stockSide('smaller', model, input),
  await compiledSide('smallerCompiled', model, input),
]

/** The furthest output of the sides from those of the first. */
async function furthestOf([first, ...rest]: readonly Side[]): Promise<number> {
  if (!first) return 0
  const wanted = (await first.call()).slice()
  let most = 0
  for (const { name, call } of rest) most = Math.max(most, checkSame(name, await call(), wanted))
  return most
}

/**
 * Wall time beside a native runtime with two threads, measured apart: its threads wait by turning
 * round, which counts as processor time of the process.
 */
async function threaded(
  model: LayersModel,
  { input, compiled }: { input: Input; compiled: Side },
): Promise<Pick<Figure, 'threads'>> {
  const peer = (await onnxSide('peer', model, { input, threads: THREADS }))!
  const { times, others } = await measureInTurns([compiled, peer], { budget: BUDGET / 2 })
  await peer.dispose()
  const [ours, theirs] = [times.compiled!.wall.median, times.peer!.wall.median]
  const ratio = ratioToThreads({ peer: theirs, ours, others })
  return { threads: { peer: theirs, ours, others, ...(ratio === undefined ? {} : { ratio }) } }
}

/** Milliseconds that no kernel can stay below: sums in registers, or values read from memory. */
function limitOf(
  { model, input, multiplyAdds }: { model: LayersModel; input: Input; multiplyAdds: number },
  { peak, bandwidth }: Limits,
): Figure['limit'] {
  const batch = input.shape[0]!
  const kept = model.getWeights().reduce((sum, weight) => sum + nonZeros(weight), 0)
  return {
    sums: (2 * batch * multiplyAdds) / peak / 1e6,
    memory: (4 * (kept + input.values.length)) / bandwidth / 1e6,
  }
}

const nonZeros = (weight: tf.Tensor) => (weight.dataSync() as Float32Array).filter(Boolean).length
