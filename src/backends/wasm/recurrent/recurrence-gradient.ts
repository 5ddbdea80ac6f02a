import type { TensorInfo } from '@tensorflow/tfjs-core'
import { indexOf, type KernelCall, withScratch, zeros } from '../engine/backend.js'
import { multiplyPacked, pack } from './packed-product.js'
import { copyStep, placesOf, type Recurrence, recurrenceOf } from './recurrence.js'
import { packBack, stepTools } from './step-tools.js'

/** Kernel of inputs `dy`, `kernel`, `states`, `gates` and `extra`, as {@link RECURRENCE} keeps it. */
export const RECURRENCE_GRADIENT = 'tfjs-prune>RecurrenceGradient'

/** Places of the tensors of the gradient, and of its scratch. */
interface GradientPlaces {
  readonly dy: number
  readonly kernel: number
  readonly states: number
  readonly gates: number
  readonly extra: number
  readonly dSums: number
  readonly dKernel: number
  readonly dh: number
  readonly dc: number
  /** One state, the kernel transposed and once more in panels, the gates' gradients twice. */
  readonly scratch: number
}

/** Gradients of the sums, the recurrent kernel, and h and c of before the first step. */
export function recurrenceGradient(call: KernelCall): TensorInfo[] {
  const { dy, kernel, states, gates, extra } = call.inputs as Record<string, TensorInfo>
  const [steps, batch, width] = gates!.shape as [number, number, number]
  const its = recurrenceOf(call, { kernel: kernel!, batch, rows: steps * batch })
  const { backend, cell } = its
  const { units } = its.lengths
  const outputs = [
    zeros(backend, [steps * batch, width]),
    zeros(backend, [units, width]),
    zeros(backend, [batch, units]),
    ...(cell.extra === 'state' ? [zeros(backend, [batch, units])] : []),
  ]
  const at = (tensor: TensorInfo | undefined) => (tensor ? indexOf(backend, tensor) : 0)
  const [dSums, dKernel, dh, dc] = [0, 1, 2, 3].map((index) => at(outputs[index])) as Four
  const inputs = { dy: at(dy), kernel: at(kernel), states: at(states), gates: at(gates) }
  const size = batch * units + 2 * units * width + 2 * steps * batch * width
  withScratch(backend, size, (scratch) => {
    const places = { ...inputs, extra: at(extra), dSums, dKernel, dh, dc, scratch }
    const slopes = scratch + batch * units + 2 * units * width
    stepBack(its, places, slopes)
    addKernelGradient(its, places, slopes)
  })
  return outputs
}

type Four = [number, number, number, number]

/** Goes back through the steps; writes the gradients of all gates, step by step, to `slopes`. */
function stepBack(its: Recurrence, places: GradientPlaces, slopes: number): void {
  const { engine, cell, run, lengths, attributes } = its
  const { steps, batch, units, width } = lengths
  const { dh, dc, scratch, kernel } = places
  const spare = scratch + batch * units
  const packed = packBack(engine, cell, { ...lengths, kernel, spare, to: spare + units * width })
  const distance = slopes - places.gates
  for (let step = steps - 1; step >= 0; step--) {
    addOutput(its, places, step)
    const parts = placesOf(its, places, step)
    const tools = stepTools(
      { engine, run, lengths, cell, packed },
      { gates: parts.gates, slopes: distance },
    )
    cell.back(tools, { ...parts, dh, dc, scratch })
    const at = attributes.backwards ? steps - 1 - step : step
    copyStep(
      its,
      { apart: places.dSums, step: parts.gates + distance, at, length: width },
      { into: 'apart' },
    )
  }
}

/** dh += the gradient of this step's output. */
function addOutput(its: Recurrence, { dy, dh, scratch }: GradientPlaces, step: number): void {
  const { steps, batch, units } = its.lengths
  const { sequences } = its.attributes
  if (!sequences && step < steps - 1) return
  if (sequences)
    copyStep(its, { apart: dy, step: scratch, at: step, length: units }, { into: 'step' })
  const from = sequences ? scratch : dy
  its.engine.addBias({ rows: 1, columns: batch * units }, { x: dh, bias: from, out: dh })
}

/** Of the recurrent kernel: each product's operand times the gradients of its gates. */
function addKernelGradient(its: Recurrence, places: GradientPlaces, slopes: number): void {
  const { engine, cell, lengths } = its
  const { steps, batch, units, width } = lengths
  const room = slopes + steps * batch * width
  for (const { from, to, of } of cell.products) {
    const source = {
      from: slopes + from * units,
      rows: steps * batch,
      columns: (to - from) * units,
      step: width,
    }
    multiplyPacked(engine, pack(engine, source, room), {
      a: of === 'hBefore' ? places.states : places.extra,
      rows: units,
      rowStep: 1,
      innerStep: units,
      c: places.dKernel + from * units,
      cStep: width,
      accumulate: true,
    })
  }
}
