import type { GraphBuilder } from '../graph/builder.js'
import type { Value } from '../graph/graph.js'
import { cannotSay } from '../graph/onnx-error.js'
import type { LayerToWrite, LayerWriter } from './layer-writer.js'
import { numberOption } from './options.js'

/** tfjs picks the pixels that are the nearest to an even grid. */
const centerCrop: LayerWriter = (layer) => {
  const x = layer.inputs[0]!
  const size = [numberOption(layer, 'height'), numberOption(layer, 'width')]
  const sides = sidesOf(layer, x)
  const places = sides.map((side, axis) => {
    const half = Math.floor((side - size[axis]!) / 2)
    const isShifted = axis === 1 && half === 0 && side !== size[axis]
    return placesOf(side, { size: size[axis]!, before: isShifted ? 1 : half })
  })
  const isInside = (place: number, axis: number) => place >= 0 && place < sides[axis]!
  if (!places.every((chosen, axis) => chosen.every((place) => isInside(place, axis))))
    throw cannotSay(layer, `${size} is more than its images of ${sides}`, 'resize before the model')
  return picked(layer.graph, x, places)
}

function sidesOf(layer: LayerToWrite, { shape }: Value): readonly number[] {
  const sides = shape.slice(1, 3).filter((side) => side !== null)
  if (shape.length === 4 && sides.length === 2) return sides
  const found = shape.slice(1).map((side) => side ?? 'open')
  throw cannotSay(layer, `its input has the shape [${found}]`, 'give its images a fixed size')
}

/** The places of an axis as `cropAndResize` of tfjs picks them; its bounds are of 32 bits. */
function placesOf(
  side: number,
  { size, before }: { readonly size: number; readonly before: number },
): readonly number[] {
  const [first, last] = [before / side, (size + before) / side].map(Math.fround) as [number, number]
  const step = size > 1 ? ((last - first) * (side - 1)) / (size - 1) : 0
  const start = (size > 1 ? first : 0.5 * (first + last)) * (side - 1)
  const places = Array.from({ length: size }, (_, i) => start + i * step)
  // tfjs gives 0 for a pixel that lies beyond the last one, however little.
  return places.map((place) => (place > side - 1 ? side : Math.round(place)))
}

/** The image of some rows and columns. */
function picked(graph: GraphBuilder, x: Value, places: readonly (readonly number[])[]): Value {
  return places.reduce<Value>((image, chosen, axis) => {
    if (chosen.length === image.shape[axis + 1]) return image
    return graph.node('Gather', {
      inputs: [image, graph.ints(chosen)],
      attributes: { axis: { int: axis + (x.channelsFirst ? 2 : 1) } },
      shape: image.shape.with(axis + 1, chosen.length),
      ...(x.channelsFirst && { channelsFirst: true }),
    })
  }, x)
}

/** Layers that crop images around their middle. */
export const centerCropWriters: Readonly<Record<string, LayerWriter>> = { CenterCrop: centerCrop }
