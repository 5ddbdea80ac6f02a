import type { Network } from '../network/network.js'
import { type Read, reader, type Write, writer } from './batches.js'
import { foldPads } from './fold-pads.js'
import {
  type Built,
  type Costs,
  createBuilder,
  type Machine,
  type StepFacts,
  type Task,
} from './layout/builder.js'
import { sizeOf } from './layout/layouts.js'
import { lowerStep } from './lower.js'

export interface ProgramOptions {
  /** Images side by side: 16 for batches, 1 for one image after another. */
  readonly lanes: 1 | 16
  readonly costs: Costs
  /** Throws where an input is not finite, before anything is summed. @default false */
  readonly checked?: boolean
}

/** Some samples of a batch, from the first one to that before the end, and where they go. */
export interface Part {
  /** @default 0 */
  readonly first?: number
  /** @default all samples */
  readonly end?: number
  /** Arrays for the whole batch. @default new ones */
  readonly outputs?: Float32Array[]
}

/** A network in memory, ready to run. */
export interface Program {
  /** Batches of inputs in row-major order, in the order of the network; the same for outputs. */
  readonly run: (inputs: readonly Float32Array[], batch: number, part?: Part) => Float32Array[]
  /** Bytes of the values between steps; without the weights and their places. */
  readonly bytes: number
  /** First the packing of the inputs, then the steps, last the unpacking of the outputs. */
  readonly steps: readonly StepFacts[]
  /** The addresses of a sample of each input, to be written before a run, and of each output. */
  readonly places: { readonly inputs: readonly number[]; readonly outputs: readonly number[] }
  /** Milliseconds that each of the steps takes in a run. */
  readonly profile: (inputs: readonly Float32Array[], batch: number) => number[]
}

export function createProgram(
  network: Network,
  machine: Machine,
  options: ProgramOptions,
): Program {
  const batch: Batch = { inputs: [], outputs: [], first: 0, end: 0 }
  return runnable(build(foldPads(network), machine, options, batch), options.lanes, batch)
}

/** The arrays of the run in progress, and the samples that its lanes hold. */
interface Batch {
  inputs: readonly Float32Array[]
  outputs: readonly Float32Array[]
  first: number
  end: number
}

interface Runnable extends Built {
  readonly inSizes: readonly number[]
  readonly outSizes: readonly number[]
  readonly places: Program['places']
}

function build(
  network: Network,
  machine: Machine,
  options: ProgramOptions,
  batch: Batch,
): Runnable {
  const builder = createBuilder(network, machine, options)
  const sizes = (values: readonly number[]) => values.map((value) => sizeOf(network.shapes[value]!))
  const [inSizes, outSizes] = [sizes(network.inputs), sizes(network.outputs)]
  builder.begin(-1, { layer: '', kind: 'inputs' })
  const bufferOf = (value: number) => builder.formsOf(value).flat!.buffer
  const writers = network.inputs.map((value) => writer(builder, value, options.checked))
  const inputs = network.inputs.map(bufferOf)
  builder.emit(() => moves(writers, inSizes, batch, 'inputs'))
  for (const [i, step] of network.steps.entries()) {
    builder.begin(i, { layer: step.layer, kind: step.operation.kind })
    lowerStep(builder, step)
  }
  builder.begin(network.steps.length, { layer: '', kind: 'outputs' })
  const readers = network.outputs.map((value) => reader(builder, value))
  builder.emit(() => moves(readers, outSizes, batch, 'outputs'))
  const outputs = network.outputs.map(bufferOf)
  const built = builder.finish()
  const addresses = (buffers: typeof inputs) => buffers.map(({ address }) => address)
  const places = { inputs: addresses(inputs), outputs: addresses(outputs) }
  return { ...built, inSizes, outSizes, places }
}

/** Hands each array's part of the samples in progress on. */
function moves(
  makers: readonly (() => Write | Read)[],
  sizes: readonly number[],
  batch: Batch,
  side: 'inputs' | 'outputs',
): Task {
  const all = makers.map((make) => make())
  return () => {
    const { first, end, [side]: given } = batch
    for (let i = 0; i < all.length; i++) {
      const [values, from, to] = [given[i]!, first * sizes[i]!, end * sizes[i]!]
      all[i]!(to - from === values.length ? values : values.subarray(from, to), first)
    }
  }
}

function runnable(
  { bytes, steps, inSizes, outSizes, places }: Runnable,
  lanes: number,
  batch: Batch,
): Program {
  const tasks = steps.map((step) => step.tasks)
  const pass = (after?: (step: number) => void) => {
    const samples = batch.end - batch.first
    for (let i = 0; i < tasks.length; i++) {
      for (const task of tasks[i]!) task(samples)
      after?.(i)
    }
  }
  const newOutputs = (count: number) => outSizes.map((size) => new Float32Array(count * size))
  const run = (
    inputs: readonly Float32Array[],
    count: number,
    { first = 0, end = count, outputs = newOutputs(count) }: Part = {},
    after?: (step: number) => void,
  ): Float32Array[] => {
    check(inputs, count, inSizes)
    batch.inputs = inputs
    batch.outputs = outputs
    try {
      for (batch.first = first; batch.first < end; batch.first += lanes) {
        batch.end = Math.min(batch.first + lanes, end)
        pass(after)
      }
    } finally {
      batch.inputs = []
      batch.outputs = []
    }
    return outputs
  }
  return {
    run: (inputs, count, part) => run(inputs, count, part),
    ...{ bytes, places },
    steps: steps.map(({ facts }) => facts),
    profile: (inputs, count) => {
      const times = steps.map(() => 0)
      let last = performance.now()
      run(inputs, count, {}, (step) => {
        const now = performance.now()
        times[step]! += now - last
        last = now
      })
      return times
    },
  }
}

function check(inputs: readonly Float32Array[], batch: number, sizes: readonly number[]): void {
  if (inputs.length !== sizes.length)
    throw new RangeError(
      `Cannot run the network: expected ${sizes.length} inputs, got ${inputs.length}`,
    )
  for (const [i, size] of sizes.entries()) {
    if (inputs[i]!.length === batch * size) continue
    throw new RangeError(
      `Cannot run the network: expected ${batch} x ${size} numbers in input ${i}, got ` +
        `${inputs[i]!.length}`,
    )
  }
}
