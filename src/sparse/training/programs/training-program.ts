import type { Network } from '../../network/network.js'
import { reader, type Write, writer } from '../../programs/batches.js'
import { createBuilder, type Machine } from '../../programs/layout/builder.js'
import { sizeOf } from '../../programs/layout/layouts.js'
import type { Differentiated } from '../gradients/differentiate.js'
import type { TrainingKernels } from '../kernels/training-kernels.js'
import { hasSinglePixels } from './has-single-pixels.js'
import { lowerTraining } from './lower-training.js'
import type { MomentsOf } from './normalise.js'

/** A differentiated network in memory, for batches up to a size. */
export interface TrainingProgram {
  /** Samples that a batch may have. */
  readonly most: number
  /** Outputs of a batch in row-major order; `given` holds inputs and what steps need by name. */
  readonly forward: (given: Given, samples: number) => Float32Array[]
  /** Sums the gradients of all weights, from those of the outputs. */
  readonly backward: (gradients: readonly Float32Array[]) => void
}

/** Arrays in row-major order by the name of the value. */
export type Given = ReadonlyMap<string, Float32Array>

interface Parts {
  readonly machine: Machine
  readonly kernels: TrainingKernels
  readonly trained: (array: Float32Array) => boolean
  readonly sumsOf: (array: Float32Array) => number
}

/** Steps, from the first one to that before the end, that a group of samples goes through at once. */
interface Segment {
  /** 0 on the way forth, 1 on the way back. */
  readonly stage: number
  readonly first: number
  end: number
}

/** Every product skips zeros: a matrix that is whole costs little more than by its own kernel. */
const costs = { sparse: 1, dense: Number.POSITIVE_INFINITY }

/** Networks of single pixels are summed for 32 samples at a time, others for two pixels of 16. */
function lanesFor(network: Network, samples: number): 16 | 32 {
  const takes32 = network.steps.every(({ operation }) => operation.kind !== 'maximumGradient')
  return samples > 16 && takes32 && hasSinglePixels(network) ? 32 : 16
}

/** Puts a network into memory, with room for batches of `samples`. */
export function createTrainingProgram(
  { network, turn, gradients }: Differentiated,
  { machine, kernels, trained, sumsOf }: Parts,
  samples: number,
): TrainingProgram {
  const lanes = lanesFor(network, samples)
  const builder = createBuilder(network, machine, { lanes, costs })
  const moments: MomentsOf = new WeakMap()
  const inHand = { given: new Map() as Given, start: 0 }
  const segments: Segment[] = [{ stage: 0, first: 0, end: 0 }]
  const begin = (step: number, facts: { layer: string; kind: string }) => {
    segments.at(-1)!.end++
    builder.begin(step, facts)
  }
  /** All samples go through the steps so far before the next. */
  const part = (stage = segments.at(-1)!.stage) => {
    const { end } = segments.at(-1)!
    segments.push({ stage, first: end, end })
  }
  const give = (name: string, value: number) => {
    const size = sizeOf(builder.shapeOf(value))
    const make = writer(builder, value)
    builder.emit(() => {
      const write: Write = make()
      const all = new Float32Array(size * lanes)
      return (count) => {
        const from = inHand.given.get(name)!
        const first = inHand.start * size
        const given = from.subarray(first, first + count * size)
        if (count === lanes) write(given, 0)
        else {
          all.fill(0, count * size)
          all.set(given)
          write(all, 0)
        }
      }
    })
  }
  begin(-1, { layer: '', kind: 'inputs' })
  for (const [i, value] of network.inputs.entries()) give(`input ${i}`, value)
  const outputs: Float32Array[] = []
  for (const [i, step] of network.steps.entries()) {
    if (i === turn) {
      begin(i, { layer: '', kind: 'outputs' })
      for (const [n, value] of network.outputs.entries()) read(n, value)
      part(1)
    }
    const facts = { layer: step.layer, kind: step.operation.kind }
    begin(i, facts)
    const split = () => {
      part()
      begin(i, facts)
    }
    const training = { builder, kernels, trained, sumsOf, split, give }
    lowerTraining(training, step, moments)
  }
  function read(n: number, value: number): void {
    const size = sizeOf(builder.shapeOf(value))
    const make = reader(builder, value)
    builder.emit(() => {
      const take = make()
      return (count) => {
        const first = inHand.start * size
        take(outputs[n]!.subarray(first, first + count * size))
      }
    })
  }
  const outSizes = network.outputs.map((value) => sizeOf(network.shapes[value]!))
  const copies = Math.ceil(samples / lanes)
  const built = builder.finish(copies)
  const tasks = [built.steps.map((step) => step.tasks), ...built.others]
  let batch = 0
  const run = (wanted: number) => {
    for (const { stage, first, end } of segments) {
      if (stage !== wanted) continue
      for (let copy = 0; copy * lanes < batch; copy++) {
        built.use(copy)
        inHand.start = copy * lanes
        const count = Math.min(lanes, batch - inHand.start)
        for (let step = first; step < end; step++) {
          for (const task of tasks[copy]![step]!) task(count)
        }
      }
    }
  }
  return {
    most: copies * lanes,
    forward: (given, count) => {
      batch = count
      inHand.given = given
      for (const [n, size] of outSizes.entries()) outputs[n] = new Float32Array(size * count)
      run(0)
      return [...outputs]
    },
    backward: (values) => {
      inHand.given = new Map(gradients.map((name, i) => [name, values[i]!]))
      run(1)
    },
  }
}
