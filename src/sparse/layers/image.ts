import type { Operation, Pair, Shape } from '../network/network.js'
import type { LayerToRead, Value } from './layer-reader.js'
import { readingError } from './reading-error.js'

/** An input as an image, and the way back. */
export interface Image {
  readonly value: Value
  readonly size: Pair
  readonly channels: number
}

/** Sees a sequence as an image of height 1; an image is one already. */
export function imageOf(layer: LayerToRead, axes: 1 | 2): Image {
  const [value] = layer.inputs as [Value]
  const { shape } = value
  checkRank(layer, axes + 1)
  if (axes === 2) return { value, size: [shape[0]!, shape[1]!], channels: shape[2]! }
  const [steps, channels] = shape as [number, number]
  const image = layer.emit({ kind: 'reshape' }, [value], [1, steps, channels])
  return { value: image, size: [1, steps], channels }
}

/** Throws unless the layer has one input of a rank, or of a higher one; without the batch. */
export function checkRank({ inputs, path }: LayerToRead, least: number, most = least): void {
  const rank = inputs[0]?.shape.length ?? 0
  if (inputs.length === 1 && rank >= least && rank <= most) return
  const shapes = inputs.map(({ shape }) => `[${shape}]`).join(', ')
  throw readingError(
    `one input of ${least} axes${most > least ? ' or more' : ''} for ${path}`,
    shapes,
  )
}

/** Adds a step that makes an image of `pixels`; a sequence loses its height again. */
export function emitImage(
  layer: LayerToRead,
  { operation, input, pixels, channels, axes }: ImageStep,
): Value {
  if (pixels.some((count) => count < 1))
    throw readingError(`an image that is large enough for ${layer.path}`, `[${input.shape}]`)
  const made = layer.emit(operation, [input], [...pixels, channels])
  return axes === 2 ? made : layer.emit({ kind: 'reshape' }, [made], [pixels[1], channels])
}

interface ImageStep {
  readonly operation: Operation
  readonly input: Value
  readonly pixels: Pair
  readonly channels: number
  readonly axes: 1 | 2
}

/** The number of elements of a shape. */
export function elementsOf(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1)
}
