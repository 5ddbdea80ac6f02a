import type { Attribute } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import { activationName } from './activations.js'
import type { LayerToWrite } from './layer-writer.js'

/** A kind of recurrent cell, in the words of ONNX. */
export interface CellKind {
  readonly op: 'RNN' | 'LSTM' | 'GRU'
  /** How many states it carries from step to step. */
  readonly states: number
  /** The gates of tfjs in the order in which ONNX has them. */
  readonly gates: readonly number[]
  /** The options of tfjs that name the activations of ONNX, in its order. */
  readonly activations: readonly ('activation' | 'recurrentActivation')[]
}

const simple: CellKind = { op: 'RNN', states: 1, gates: [0], activations: ['activation'] }

/** tfjs: input, forget, carry, output. ONNX: input, output, forget, carry. */
const lstm: CellKind = {
  op: 'LSTM',
  states: 2,
  gates: [0, 3, 1, 2],
  activations: ['recurrentActivation', 'activation', 'activation'],
}

/** Both: update, reset, new; an update gate of 1 keeps the old state in both. */
const gru: CellKind = {
  op: 'GRU',
  states: 1,
  gates: [0, 1, 2],
  activations: ['recurrentActivation', 'activation'],
}

const kinds: Readonly<Record<string, CellKind>> = {
  SimpleRNN: simple,
  SimpleRNNCell: simple,
  LSTM: lstm,
  LSTMCell: lstm,
  GRU: gru,
  GRUCell: gru,
}

/** The kind of a recurrent layer's cell. Throws for a cell that ONNX does not have. */
export function cellKind(layer: LayerToWrite): CellKind {
  const cell = layer.config.cell as { readonly className?: string } | undefined
  const className = layer.className === 'RNN' ? String(cell?.className) : layer.className
  if (className === 'StackedRNNCells')
    throw cannotSay(layer, 'its cells are stacked', 'use a recurrent layer for each of them')
  if (!Object.hasOwn(kinds, className)) throw cannotSay(layer, `its cell is a ${className}`)
  if (layer.config.resetAfter === true) throw cannotSay(layer, 'its resetAfter is true')
  return kinds[className]!
}

interface Activation {
  readonly name: string
  readonly alpha?: number
  readonly beta?: number
}

/** The activations that ONNX's recurrent operations have, by the words of tfjs. */
const known: Readonly<Record<string, Activation>> = {
  linear: { name: 'Affine', alpha: 1, beta: 0 },
  relu: { name: 'Relu' },
  elu: { name: 'Elu', alpha: 1 },
  sigmoid: { name: 'Sigmoid' },
  hardSigmoid: { name: 'HardSigmoid', alpha: 0.2, beta: 0.5 },
  softplus: { name: 'Softplus' },
  softsign: { name: 'Softsign' },
  tanh: { name: 'Tanh' },
}

/** The attributes that tell the activations of cells, one cell after the other. */
export function cellActivations(
  cells: readonly LayerToWrite[],
): Readonly<Record<string, Attribute>> {
  const found = cells.flatMap((cell) =>
    cellKind(cell).activations.map((key) => {
      const name = activationName(cell, key)
      if (Object.hasOwn(known, name)) return known[name]!
      const remedy = `recurrent operations have ${Object.keys(known).join(', ')}`
      throw cannotSay(cell, `its ${key} is ${name}`, remedy)
    }),
  )
  // Each activation takes as many of the numbers as it needs, in order.
  const alphas = found.flatMap(({ alpha }) => alpha ?? [])
  const betas = found.flatMap(({ beta }) => beta ?? [])
  return {
    activations: { texts: found.map(({ name }) => name) },
    ...(alphas.length > 0 && { activation_alpha: { floats: alphas } }),
    ...(betas.length > 0 && { activation_beta: { floats: betas } }),
  }
}
