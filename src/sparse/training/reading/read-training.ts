import type { Variable } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { modelWeights } from '../../../internal/model-weights.js'
import { isStockCall } from '../../../internal/stock-call.js'
import type { Network, Product, SparseMatrix } from '../../network/network.js'
import type { SparseWeight } from '../../network/source.js'
import { joinBounds } from '../../passes/join-bounds.js'
import { neededSteps } from '../../passes/needed-steps.js'
import { readLayers } from '../../reading/read-network.js'
import { keptPositions } from '../../sources/kept-positions.js'
import { layerPlaces } from '../../sources/layer-places.js'
import { liveSource } from '../../sources/live-source.js'
import { NotTrainable } from '../gradients/not-trainable.js'
import { checkNorms } from './check-norms.js'
import { type Dropout, trainingReaders } from './training-readers.js'

/** A weight of the model as the network holds it. */
export interface Parameter {
  readonly variable: Variable
  readonly trainable: boolean
  /** The elements in the order of the network; their identity stands for the parameter. */
  readonly values: Float32Array
  /** The place of each in the variable. @default their order */
  readonly places?: Uint32Array
  /** Places of elements that stay 0, in a weight that is no kernel. @default none */
  readonly gone?: Uint32Array
}

/** A model as a network to train. */
export interface TrainingNetwork {
  readonly network: Network
  readonly parameters: readonly Parameter[]
  readonly dropouts: readonly Dropout[]
}

/** Whole numbers that a float32 holds exactly. */
const MOST_ENTRIES = 2 ** 24

/**
 * Reads a model with the weights that a mask keeps. Kernels are read with numbers in place of their
 * values, which tell afterwards where the reader has put each of them.
 *
 * @throws {NotTrainable} If the model cannot be trained as a network.
 */
export async function readTraining(
  model: LayersModel,
  kept: ReadonlyMap<Variable, Uint8Array>,
): Promise<TrainingNetwork> {
  const found = layerPlaces(model)
  const { variables } = found
  const own = [...found.layers].find(([, layer]) => hasOwnWay(layer))
  if (own) throw new NotTrainable(`${own[0]} has a call of its own`)
  if (hasOwnWay(model) || !isStockModel(model))
    throw new NotTrainable('the model is of a class of its own')
  const facts = new Map(modelWeights(model).map((weight) => [weight.variable as unknown, weight]))
  const numbered: Numbered[] = []
  const whole = new Map<Float32Array, Parameter>()
  const seen = new Map<unknown, SparseWeight>()
  const dropouts: Dropout[] = []
  let next = 1
  const weight = ({ path }: { path: string }): SparseWeight | undefined => {
    const variable = variables.get(path)?.read() as Variable | undefined
    const fact = variable && facts.get(variable)
    if (!variable || !fact) return undefined
    const known = seen.get(variable)
    if (known) return known
    const { shape } = variable
    const values = Float32Array.from(variable.dataSync())
    const { trainable } = fact
    const keeps = kept.get(variable)
    if (shape.length < 2) {
      const gone = keeps && keptPositions(keeps.map((one) => 1 - one))
      whole.set(values, { variable, trainable, values, ...(gone && { gone }) })
      seen.set(variable, { shape, values })
      return seen.get(variable)
    }
    const positions = keeps ? keptPositions(keeps) : undefined
    const count = positions?.length ?? values.length
    if (next + count > MOST_ENTRIES) throw new NotTrainable('it has more than 16 million weights')
    numbered.push({ first: next, end: next + count, variable, trainable, values, positions })
    const numbers = new Float32Array(count)
    for (let i = 0; i < count; i++) numbers[i] = next++
    seen.set(variable, { shape, values: numbers, ...(positions && { positions }) })
    return seen.get(variable)
  }
  const isFrozen = (path: string) =>
    facts.get(variables.get(`${path}/moving_mean`)?.read())?.frozen === true
  const network = readLayers(
    { ...(await liveSource(model, found)), weight },
    { readers: trainingReaders({ isFrozen, onDropout: (dropout) => dropouts.push(dropout) }) },
  )
  const matrices = new Map<SparseMatrix, Parameter>()
  const replaced = new Map<SparseMatrix, SparseMatrix>()
  const steps = network.steps.map((step) => {
    if (step.operation.kind !== 'product') return step
    const operation = withValues(step.operation, { numbered, matrices, replaced })
    return { ...step, operation }
  })
  const parameters = [...matrices.values(), ...whole.values()]
  checkNorms({ ...network, steps })
  checkClaimed({ ...network, steps }, parameters, model, kept)
  checkOnce(parameters)
  return {
    network: neededSteps(joinBounds({ ...network, steps })),
    parameters,
    dropouts,
  }
}

/** Whether a model or a layer has a method that its class does not say. */
const hasOwnWay = (one: LayersModel | layers.Layer) =>
  Object.hasOwn(one, 'apply') || (Object.hasOwn(one, 'call') && !isStockCall(one.call))

/** A class that extends a stock one has no class name of its own, or another. */
function isStockModel(model: LayersModel): boolean {
  const made = model.constructor as { readonly className?: string }
  const names = ['Model', 'Functional', 'Sequential']
  return Object.hasOwn(made, 'className') && names.includes(made.className!)
}

/** Throws for a weight that two readings train, each by its own gradient. */
function checkOnce(parameters: readonly Parameter[]): void {
  const variables = new Set<Variable>()
  for (const { variable, trainable } of parameters) {
    if (trainable && variables.has(variable))
      throw new NotTrainable(`the weight ${variable.name} is reached by two paths`)
    variables.add(variable)
  }
}

/** Kernels in these would hold numbers in place of their values. */
const UNREAD = ['recurrent', 'parametricRelu']

/** Throws where a trained weight is in none of the steps that have gradients. */
function checkClaimed(
  { steps }: Network,
  parameters: readonly Parameter[],
  model: LayersModel,
  kept: ReadonlyMap<Variable, Uint8Array>,
): void {
  const found = steps.find(({ operation }) => UNREAD.includes(operation.kind))
  if (found) throw new NotTrainable(`${found.layer} has no gradient here`)
  const arrays = new Set(
    steps.flatMap(({ operation }) => {
      if (operation.kind === 'product') return [operation.matrix.values, operation.bias]
      return operation.kind === 'normalise' ? [operation.norm.gamma, operation.norm.beta] : []
    }),
  )
  const claimed = new Set(
    parameters.filter(({ values }) => arrays.has(values)).map(({ variable }) => variable),
  )
  for (const weight of model.trainableWeights) {
    const variable = weight.read() as Variable
    // A weight that is pruned whole has nothing to train.
    if (claimed.has(variable) || kept.get(variable)?.every((one) => one === 0)) continue
    throw new NotTrainable(`the weight ${weight.originalName} has no gradient here`)
  }
}

interface Numbered {
  /** Numbers of its elements: from the first to before the end. */
  readonly first: number
  readonly end: number
  readonly variable: Variable
  readonly trainable: boolean
  readonly values: Float32Array
  readonly positions: Uint32Array | undefined
}

interface Known {
  readonly numbered: readonly Numbered[]
  readonly matrices: Map<SparseMatrix, Parameter>
  /** Matrices with values, by those with numbers; calls of a layer share one. */
  readonly replaced: Map<SparseMatrix, SparseMatrix>
}

/** The product with the values of its weights in place of their numbers. */
function withValues(product: Product, { numbered, matrices, replaced }: Known): Product {
  const { matrix } = product
  const known = replaced.get(matrix)
  if (known) return { ...product, matrix: known }
  const [first] = matrix.values
  const of = numbered.find(({ first: from, end }) => from <= first! && first! < end)
  const { length } = matrix.values
  const [places, values] = [new Uint32Array(length), new Float32Array(length)]
  for (let i = 0; i < length; i++) {
    const at = matrix.values[i]! - of!.first
    places[i] = of!.positions?.[at] ?? at
    values[i] = of!.values[places[i]!]!
  }
  const made = { ...matrix, values }
  replaced.set(matrix, made)
  if (of) {
    const { variable, trainable } = of
    matrices.set(made, { variable, trainable, values, places })
  }
  return { ...product, matrix: made }
}
