import {
  backend,
  customGrad,
  engine,
  fused,
  type GradSaveFunc,
  getBackend,
  type NamedTensorMap,
  reshape,
  type Tensor,
  type Tensor2D,
  tidy,
  util,
  zeros,
} from '@tensorflow/tfjs-core'
import { computeMasked } from '../../../layers/compute-masked.js'
import { isMaskingLayer } from '../../../layers/masking-class.js'
import type { WasmBackend } from '../engine/backend.js'
import { engineOf } from '../engine/engine-of.js'
import { cellKindOf } from './cell-kind-of.js'
import { RECURRENCE, type RecurrenceAttributes } from './recurrence.js'
import { RECURRENCE_GRADIENT } from './recurrence-gradient.js'
import type { RecurrentLayer } from './recurrent-layer.js'

type Call = RecurrentLayer['call']

/** A call of a layer that the fused way can run. */
interface FusedCall {
  readonly x: Tensor
  /** h, and c of an LSTM. */
  readonly states: readonly Tensor[]
  readonly attributes: RecurrenceAttributes
}

/** Runs a layer the fused way where it can, and by `ordinary` elsewhere: both give one value. */
export function fusedCall(layer: RecurrentLayer, ordinary: Call): Call {
  return (inputs, options) =>
    tidy(() => {
      const call = canRun() ? readCall(layer, inputs, options) : undefined
      if (!call) return ordinary(inputs, options)
      const run = () => runFused(layer, call)
      return isMaskingLayer(layer) ? computeMasked(layer.heldWeights, run, { stock: true }) : run()
    })
}

/** Whether the backend can, and no gradient of a gradient is taken. */
function canRun(): boolean {
  if (getBackend() !== 'wasm' || engine().state.gradientDepth > 1) return false
  return engineOf(backend() as WasmBackend).compile !== undefined
}

function readCall(
  layer: RecurrentLayer,
  inputs: Parameters<Call>[0],
  options: Parameters<Call>[1] | undefined,
): FusedCall | undefined {
  const kind = cellKindOf(layer)
  const [x, ...others] = [inputs].flat()
  if (typeof kind === 'string' || !x || others.length > 0 || options?.mask) return undefined
  const { units } = layer.cell
  if (x.rank !== 3 || x.size === 0) return undefined
  const shape: [number, number] = [x.shape[0]!, units]
  const count = kind.cell === 'LSTM' ? 2 : 1
  const given = options?.initialState as Tensor[] | null | undefined
  const states = given ?? Array.from({ length: count }, () => zeros(shape))
  if (states.length !== count) return undefined
  if (!states.every((state) => util.arraysEqual(state.shape, shape))) return undefined
  if (![x, ...states].every(({ dtype }) => dtype === 'float32')) return undefined
  const { returnSequences: sequences, goBackwards: backwards } = layer
  return { x, states, attributes: { ...kind, sequences, backwards } }
}

/** The products of all inputs are one; steps are the kernel's. */
function runFused({ cell }: RecurrentLayer, { x, states, attributes }: FusedCall): Tensor {
  const [batch, steps, channels] = x.shape as [number, number, number]
  const sums = fused.matMul({
    a: reshape(x, [batch * steps, channels]) as Tensor2D,
    b: cell.kernel.read() as Tensor2D,
    ...(cell.bias && { bias: cell.bias.read() }),
  })
  return recur(attributes)(sums, cell.recurrentKernel.read(), ...states)
}

const run = (name: string, inputs: NamedTensorMap, attributes: RecurrenceAttributes) =>
  engine().runKernel(name, inputs, { ...attributes }) as Tensor[]

/** h of the last step, or of all, of the sums, the recurrent kernel, h and c. */
function recur(attributes: RecurrenceAttributes): (...inputs: Tensor[]) => Tensor {
  return customGrad<Tensor>((...given) => {
    const save = given.at(-1) as GradSaveFunc
    const [sums, kernel, h, c] = given.slice(0, -1) as [Tensor, Tensor, Tensor, Tensor?]
    const inputs = { sums, kernel, h, ...(c && { c }) }
    const [value, ...kept] = run(RECURRENCE, inputs, attributes)
    save([kernel, ...kept])
    return { value: value!, gradFunc: (dy, saved) => gradientOf(attributes, dy, saved) }
  })
}

function gradientOf(attributes: RecurrenceAttributes, dy: Tensor, saved: Tensor[]): Tensor[] {
  const [kernel, states, gates, extra] = saved as [Tensor, Tensor, Tensor, Tensor?]
  const inputs = { dy, kernel, states, gates, ...(extra && { extra }) }
  return run(RECURRENCE_GRADIENT, inputs, attributes)
}
