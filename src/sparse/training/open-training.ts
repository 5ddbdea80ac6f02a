import { tensor, tidy } from '@tensorflow/tfjs-core'
import { learningRateOf } from '../../internal/learning-rate.js'
import type { OpenTraining } from '../../types.js'
import { createKernels } from '../kernels/create-kernels.js'
import { createMemory, type Memory } from '../kernels/memory.js'
import type { Machine } from '../programs/layout/builder.js'
import { sizeOf } from '../programs/layout/layouts.js'
import { createConstants } from '../programs/layout/memory.js'
import { pick, spread } from './at-places.js'
import { drawDropout } from './draw-dropout.js'
import { type Differentiated, differentiate } from './gradients/differentiate.js'
import { NotTrainable } from './gradients/not-trainable.js'
import { createTrainingKernels, type TrainingKernels } from './kernels/training-kernels.js'
import { lateChanges } from './late-changes.js'
import { hasSinglePixels } from './programs/has-single-pixels.js'
import { createTrainingProgram, type TrainingProgram } from './programs/training-program.js'
import { type Parameter, readTraining, type TrainingNetwork } from './reading/read-training.js'
import { readSlots, writeSlots } from './slots.js'
import type { TrainingParts } from './training-parts.js'
import { ruleOf } from './updates/rule-of.js'
import { type WeightsInMemory, weightsInMemory } from './weights-in-memory.js'

/** A model in training, in memory of its own. */
export interface SparseTraining {
  /** Kernel weights that are left, as a share of all. */
  readonly share: number
  /** Whether all work is that of dense layers on flat samples. */
  readonly isDense: boolean
  readonly work: NonNullable<OpenTraining['work']>
  readonly dispose: () => void
}

/**
 * Compiles a model for training.
 *
 * @throws {NotTrainable | RangeError} If the model cannot be trained so.
 * @throws {Error} If the host has no SIMD, forbids WebAssembly or refuses the memory.
 */
export async function openTraining(parts: TrainingParts): Promise<SparseTraining> {
  const { model, kept, optimizer } = parts
  const rule = ruleOf(optimizer)
  if (!rule || Object.hasOwn(optimizer, 'applyGradients'))
    throw new NotTrainable(`the optimizer is ${optimizer.getClassName()}`)
  if (tidy(() => model.calculateLosses().length) > 0)
    throw new NotTrainable('the model has regularisers')
  const read = await readTraining(model, kept)
  if (read.network.outputs.length > 1) throw new NotTrainable('it has several outputs')
  const arrays = new Set(read.parameters.flatMap((one) => (one.trainable ? [one.values] : [])))
  const differentiated = differentiate(read.network, (array) => arrays.has(array))
  const memory = createMemory()
  const machine = {
    kernels: await createKernels(memory),
    ...{ memory, constants: createConstants(memory) },
  }
  const { network } = differentiated
  const kernels = await createTrainingKernels(memory)
  const weights = weightsInMemory(network, { ...read, machine, kernels, rule })
  const programFor = programs(differentiated, { machine, weights, kernels })
  // Whatever has no gradient here is found now, not in the first step.
  programFor(USUAL_BATCH)
  const steps = await readSlots(parts, read.parameters, weights.slotsOf)
  return {
    share: shareOf(read.parameters),
    isDense: hasSinglePixels(network),
    work: working(parts, { ...read, network, weights, programFor, steps }),
    dispose: memory.dispose,
  }
}

/** Samples of a batch that the first program has room for. */
const USUAL_BATCH = 32

interface Machinery {
  readonly machine: Machine & { readonly memory: Memory }
  readonly kernels: TrainingKernels
  readonly weights: WeightsInMemory
}

/** Gives a program with room for a batch; a larger one than before takes the place of the last. */
function programs(
  differentiated: Differentiated,
  { machine, kernels, weights: { sumsOf, trained } }: Machinery,
): (samples: number) => TrainingProgram {
  const { memory, constants } = machine
  const start = memory.used
  let program: TrainingProgram | undefined
  return (samples) => {
    if (program && program.most >= samples) return program
    // It is no more, also where the memory for another one is refused.
    program = undefined
    memory.release(start)
    constants.forget(start)
    program = createTrainingProgram(differentiated, { machine, kernels, trained, sumsOf }, samples)
    return program
  }
}

interface Working extends TrainingNetwork {
  readonly weights: WeightsInMemory
  readonly programFor: (samples: number) => TrainingProgram
  /** Steps that the optimizer has taken before. */
  readonly steps: number
}

function working(parts: TrainingParts, own: Working): NonNullable<OpenTraining['work']> {
  const { model, optimizer, clipNorm } = parts
  const { network, parameters, dropouts, weights, programFor } = own
  const shape = network.shapes[network.outputs[0]!]!
  const size = sizeOf(network.shapes[network.inputs[0]!]!)
  const late = lateChanges(model, own)
  let { steps } = own
  return {
    step: (inputs, costOf) => {
      late.refuse()
      const samples = inputs[0]!.length / size
      const given = new Map(inputs.map((input, i) => [`input ${i}`, input]))
      for (const one of dropouts) given.set(one.name, drawDropout(one, samples))
      const program = programFor(samples)
      const [made] = program.forward(given, samples) as [Float32Array]
      const { value, gradient } = costOf({ values: made, shape: [samples, ...shape] })
      program.backward([gradient])
      steps++
      weights.step({ rate: learningRateOf(optimizer), step: steps, clipNorm })
      return value
    },
    load: () => {
      const changed = late.take()
      for (const parameter of changed) {
        const { variable, places, values } = parameter
        const all = variable.dataSync()
        weights.write(values, pick(all, places, new Float32Array(values.length)))
        late.see(parameter)
      }
      if (changed.length > 0) weights.refresh()
    },
    save: async () => {
      late.refuse()
      for (const parameter of parameters) {
        const { variable, places } = parameter
        const values = weights.read(parameter)
        const all = spread(values, places, new Float32Array(variable.size))
        const made = tensor(all, variable.shape, 'float32')
        variable.assign(made)
        made.dispose()
        late.see(parameter)
      }
      await writeSlots(parts, parameters, { slotsOf: weights.slotsOf, steps })
    },
  }
}

/** Weights that are left, as a share of all, in kernels. */
function shareOf(parameters: readonly Parameter[]): number {
  const kernels = parameters.filter(({ places }) => places)
  const sum = (of: (one: Parameter) => number) => kernels.reduce((total, one) => total + of(one), 0)
  return (
    sum(({ values }) => values.length) /
    Math.max(
      1,
      sum(({ variable }) => variable.size),
    )
  )
}
