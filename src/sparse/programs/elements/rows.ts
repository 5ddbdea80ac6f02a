import type { LayerNormalise, Softmax, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { sizeOf } from '../layout/layouts.js'
import { sameFlat } from './same-form.js'

/** Changes a row along the last axis in place: its elements lie `step` apart. */
type ChangeRow = (floats: Float32Array, first: number, step: number) => void

export function lowerSoftmax(builder: Builder, step: Step, { log }: Softmax): void {
  const length = builder.shapeOf(step.output).at(-1)!
  lowerRows(builder, step, (floats, first, step) => {
    const end = first + length * step
    let largest = -Infinity
    for (let i = first; i < end; i += step) largest = Math.max(largest, floats[i]!)
    let total = 0
    for (let i = first; i < end; i += step) {
      const power = Math.exp(floats[i]! - largest)
      total += power
      floats[i] = log ? floats[i]! - largest : power
    }
    const logarithm = Math.log(total)
    for (let i = first; i < end; i += step)
      floats[i] = log ? floats[i]! - logarithm : floats[i]! / total
  })
}

export function lowerLayerNormalise(
  builder: Builder,
  step: Step,
  { epsilon, factors, terms }: LayerNormalise,
): void {
  const length = builder.shapeOf(step.output).at(-1)!
  lowerRows(builder, step, (floats, first, step) => {
    let mean = 0
    for (let i = 0; i < length; i++) mean += floats[first + i * step]!
    mean /= length
    let variance = 0
    for (let i = 0; i < length; i++) variance += (floats[first + i * step]! - mean) ** 2
    const scale = 1 / Math.sqrt(variance / length + epsilon)
    for (let i = 0; i < length; i++) {
      const at = first + i * step
      floats[at] = (floats[at]! - mean) * scale * factors[i]! + terms[i]!
    }
  })
}

function lowerRows(builder: Builder, { inputs, output }: Step, change: ChangeRow): void {
  const shape = builder.shapeOf(output)
  const length = shape.at(-1)!
  const rows = sizeOf(shape) / length
  const { lanes } = builder
  const { from, to, floats: all } = sameFlat(builder, inputs[0]!, output)
  builder.emit(() => () => {
    const floats = builder.floats()
    if (from !== to) floats.copyWithin(to.address / 4, from.address / 4, from.address / 4 + all)
    for (let row = 0; row < rows; row++) {
      for (let lane = 0; lane < lanes; lane++)
        change(floats, to.address / 4 + row * length * lanes + lane, lanes)
    }
  })
}
