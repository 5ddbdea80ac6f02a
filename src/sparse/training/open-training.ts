import {
  dropout as drawDropout,
  type Optimizer,
  ones,
  type Scalar,
  type Tensor,
  tensor,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { learningRateOf } from '../../internal/learning-rate.js'
import type { Mask } from '../../masks/mask.js'
import { createKernels } from '../kernels/create-kernels.js'
import { createMemory } from '../kernels/memory.js'
import { createConstants } from '../programs/layout/memory.js'
import { differentiate, NotTrainable } from './gradients/differentiate.js'
import { createTrainingKernels } from './kernels/training-kernels.js'
import { createTrainingProgram, type TrainingProgram } from './programs/training-program.js'
import { type Parameter, readTraining } from './reading/read-training.js'
import type { Dropout } from './reading/training-readers.js'
import { ruleOf } from './updates/rule-of.js'
import { weightsInMemory } from './weights-in-memory.js'

/** All that a compiled training needs. */
export interface TrainingParts {
  readonly model: LayersModel
  readonly mask: Mask | undefined
  /** The innermost optimizer: its rate may change from step to step. */
  readonly optimizer: Optimizer
  readonly clipNorm: number | undefined
}

/** A model in training, in memory of its own. */
export interface SparseTraining {
  /** Multiply-adds that are left, as a share of all. */
  readonly share: number
  /** One step; `costOf` gives the cost of the outputs in tfjs. */
  readonly step: (inputs: readonly Tensor[], costOf: (outputs: Tensor) => Scalar) => Scalar
  /** Writes weights, statistics and the optimizer's slots to the model and the optimizer. */
  readonly save: () => Promise<void>
  readonly dispose: () => void
}

/**
 * Compiles a model for training.
 *
 * @throws {NotTrainable | RangeError} If the model cannot be trained so.
 * @throws {Error} If the host has no SIMD, forbids WebAssembly or refuses the memory.
 */
export async function openTraining(parts: TrainingParts): Promise<SparseTraining> {
  const { model, mask, optimizer, clipNorm } = parts
  const rule = ruleOf(optimizer)
  if (!rule) throw new NotTrainable(`the optimizer is ${optimizer.getClassName()}`)
  if (tidy(() => model.calculateLosses().length) > 0)
    throw new NotTrainable('the model has regularisers')
  const { network: whole, parameters, dropouts } = readTraining(model, mask)
  if (whole.outputs.length > 1) throw new NotTrainable('it has several outputs')
  const trainedArrays = new Set(parameters.filter((one) => one.trainable).map((one) => one.values))
  const differentiated = differentiate(whole, (array) => trainedArrays.has(array))
  const memory = createMemory()
  const kernels = await createKernels(memory)
  const trainingKernels = await createTrainingKernels(memory)
  const machine = { kernels, memory, constants: createConstants(memory) }
  const { network } = differentiated
  const weights = weightsInMemory(network, { machine, rule, parameters })
  const start = memory.used
  const { sumsOf, trained } = weights
  let program: TrainingProgram | undefined
  const programFor = (samples: number): TrainingProgram => {
    if (program && program.most >= samples) return program
    memory.release(start)
    machine.constants.forget(start)
    program = createTrainingProgram(
      differentiated,
      { machine, kernels: trainingKernels, trained, sumsOf },
      samples,
    )
    return program
  }
  let steps = await readSlots(parts, parameters, weights.slotsOf)
  const [output] = network.outputs as [number]
  const outShape = network.shapes[output]!
  return {
    share: shareOf(parameters),
    step: (inputs, costOf) => {
      const samples = inputs[0]!.shape[0]!
      const given = new Map<string, Float32Array>()
      for (const [i, input] of inputs.entries()) given.set(`input ${i}`, floatsOf(input))
      for (const one of dropouts) given.set(one.name, draw(one, samples))
      const running = programFor(samples)
      const [made] = running.forward(given, samples) as [Float32Array]
      const outputs = tensor(made, [samples, ...outShape], 'float32')
      const { value, grads } = valueAndGrads((logits: Tensor) => costOf(logits))([outputs])
      running.backward([grads[0]!.dataSync() as Float32Array])
      steps++
      weights.step({ rate: learningRateOf(optimizer), step: steps, clipNorm })
      outputs.dispose()
      grads[0]!.dispose()
      return value as Scalar
    },
    save: async () => {
      for (const parameter of parameters) {
        const { variable, places } = parameter
        const values = weights.read(parameter)
        const all = places ? spread(values, places, variable.size) : values.slice()
        const made = tensor(all, variable.shape, 'float32')
        variable.assign(made)
        made.dispose()
      }
      await writeSlots(parts, parameters, { slotsOf: weights.slotsOf, steps })
    },
    dispose: () => memory.dispose(),
  }
}

const floatsOf = (input: Tensor): Float32Array => {
  const values = input.dataSync()
  return values instanceof Float32Array ? values : Float32Array.from(values as Int32Array)
}

/** The mask of a dropout layer for a batch, as tfjs draws it. */
function draw({ shape, rate, noiseShape, seed }: Dropout, samples: number): Float32Array {
  const whole = [samples, ...shape]
  const noise = noiseShape?.map((side, axis) => side ?? whole[axis]!)
  return tidy(() => drawDropout(ones(whole), rate, noise, seed).dataSync() as Float32Array)
}

function spread(values: Float32Array, places: Uint32Array, size: number): Float32Array {
  const all = new Float32Array(size)
  for (let i = 0; i < places.length; i++) all[places[i]!] = values[i]!
  return all
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

type NamedTensor = Awaited<ReturnType<Optimizer['getWeights']>>[number]
type SlotsOf = (parameter: Parameter) => readonly Float32Array[]

/** The weights that the optimizer knows, in its order, each with the parameters that hold it. */
function inOrder({ model }: TrainingParts, parameters: readonly Parameter[]) {
  return model.trainableWeights.map((weight) => {
    const variable = weight.read()
    return { variable, held: parameters.filter((one) => one.variable === variable) }
  })
}

/** Takes the slots of the optimizer over; gives the steps that it has taken. */
async function readSlots(
  parts: TrainingParts,
  parameters: readonly Parameter[],
  slotsOf: SlotsOf,
): Promise<number> {
  const [iterations, ...slots] = await parts.optimizer.getWeights()
  const steps = (await iterations!.tensor.data())[0] ?? 0
  iterations!.tensor.dispose()
  const order = inOrder(parts, parameters)
  for (const [i, { tensor: slot }] of slots.entries()) {
    const at = Math.floor(i / order.length)
    const values = await slot.data()
    for (const one of order[i % order.length]!.held) {
      const target = slotsOf(one)[at]!
      for (let k = 0; k < target.length; k++) target[k] = values[one.places ? one.places[k]! : k]!
    }
  }
  return steps
}

/** Gives the optimizer the slots and the count of steps. */
async function writeSlots(
  parts: TrainingParts,
  parameters: readonly Parameter[],
  { slotsOf, steps }: { slotsOf: SlotsOf; steps: number },
): Promise<void> {
  const { optimizer } = parts
  const names = ruleOf(optimizer)!.slots
  const order = inOrder(parts, parameters)
  const slots = names.flatMap((name, at) =>
    order.map(({ variable, held }): NamedTensor => {
      const all = new Float32Array(variable.size)
      for (const one of held) {
        const values = slotsOf(one)[at]!
        for (let k = 0; k < values.length; k++) all[one.places ? one.places[k]! : k] = values[k]!
      }
      return { name: `${variable.name}/${name}`, tensor: tensor(all, variable.shape, 'float32') }
    }),
  )
  const before = await optimizer.getWeights()
  const iterations = { name: 'iter', tensor: tensor(steps, [], 'int32') }
  await optimizer.setWeights([iterations, ...slots])
  for (const { tensor: one } of [...before, iterations, ...slots]) one.dispose()
}
