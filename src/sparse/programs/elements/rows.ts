import type { LayerNormalise, Softmax, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { sizeOf } from '../layout/layouts.js'
import type { Rows } from '../loops/element-loops.js'
import { sameFlat } from './same-form.js'

export function lowerSoftmax(builder: Builder, step: Step, { log }: Softmax): void {
  inPlace(builder, step, builder.loops.softmax({ ...rowsOf(builder, step), log }))
}

export function lowerLayerNormalise(
  builder: Builder,
  step: Step,
  { epsilon, factors, terms }: LayerNormalise,
): void {
  const rows = { ...rowsOf(builder, step), epsilon, factors, terms }
  inPlace(builder, step, builder.loops.normaliseRows(rows))
}

/** The rows along the last axis. */
function rowsOf({ shapeOf, lanes }: Builder, { output }: Step): Rows {
  const shape = shapeOf(output)
  const length = shape.at(-1)!
  return { rows: sizeOf(shape) / length, length, lanes }
}

function inPlace(builder: Builder, { inputs, output }: Step, change: (at: number) => void): void {
  const { from, to, floats: length } = sameFlat(builder, inputs[0]!, output)
  builder.emit(() => {
    const places = { from: from.address, to: to.address, length }
    return () => {
      if (from !== to) builder.loops.copy(places)
      change(places.to)
    }
  })
}
