import type { Merge, Shape } from '../network/network.js'
import { numberOption } from './config.js'
import type { LayerReader, LayerToRead, Value } from './layer-reader.js'
import { readingError } from './reading-error.js'

const merging =
  (of: Merge['of']): LayerReader =>
  (layer) => {
    const { inputs, path } = layer
    if (inputs.length < 2 || (of === 'subtract' && inputs.length > 2))
      throw readingError(`two inputs for ${path}`, inputs.length)
    const rank = Math.max(...inputs.map(({ shape }) => shape.length))
    const aligned = inputs.map((input) => withRank(layer, input, rank))
    const shapes = aligned.map(({ shape }) => shape)
    return layer.emit({ kind: 'merge', of }, aligned, commonShape(shapes, path))
  }

/** Puts axes of length 1 before those of an input. */
function withRank(layer: LayerToRead, input: Value, rank: number): Value {
  const missing = rank - input.shape.length
  if (missing === 0) return input
  const shape = [...new Array<number>(missing).fill(1), ...input.shape]
  return layer.emit({ kind: 'reshape' }, [input], shape)
}

/** The shape that inputs of one rank are spread to. */
function commonShape(shapes: readonly Shape[], path: string): Shape {
  return shapes[0]!.map((_, axis) => {
    const sides = shapes.map((shape) => shape[axis]!)
    const longest = Math.max(...sides)
    if (sides.some((side) => side !== 1 && side !== longest))
      throw readingError(`inputs of one shape for ${path}`, shapes.map((s) => `[${s}]`).join(', '))
    return longest
  })
}

const concatenating: LayerReader = (layer) => {
  const { inputs, config, path } = layer
  const { shape: first } = inputs[0]!
  const given = numberOption(config, 'axis', -1)
  // tfjs counts the batch as axis 0, and takes every negative axis, and the one behind the last,
  // for the last one.
  const axis = given < 0 || given === first.length + 1 ? first.length - 1 : given - 1
  if (axis < 0)
    throw readingError(`${path} to join within samples; run the model in tfjs`, `axis ${given}`)
  const fits = ({ shape }: Value) =>
    shape.length === first.length && shape.every((side, i) => i === axis || side === first[i])
  if (axis >= first.length || !inputs.every(fits)) {
    const got = inputs.map(({ shape }) => `[${shape}]`).join(', ')
    throw readingError(`inputs of ${path} that fit along axis ${given}`, got)
  }
  const shape = [...first]
  shape[axis] = inputs.reduce((sum, input) => sum + input.shape[axis]!, 0)
  return layer.emit({ kind: 'concatenate', axis }, inputs, shape)
}

export const mergingReaders = {
  Add: merging('add'),
  Multiply: merging('multiply'),
  Average: merging('average'),
  Maximum: merging('maximum'),
  Minimum: merging('minimum'),
  Subtract: merging('subtract'),
  Concatenate: concatenating,
}
