import { reshape, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { unitAxes } from '../granularity/kernel-axes.js'
import type { ModelWeight } from '../internal/model-weights.js'
import { classNameOf, isFirstOfTwo } from './layer-inputs.js'
import { containerOf } from './observe-layers.js'

type Layer = layers.Layer

/** Scales gamma of the batch normalisation that alone takes in what the weight's layer puts out: a new tensor. */
export function batchNormScale(model: LayersModel, weight: ModelWeight): Tensor {
  const { name, owner, shape } = weight
  const axes = unitAxes({ ...weight, className: classNameOf(owner) })
  const own = shape.map((side, axis) => (axes.includes(axis) ? side : 1))
  const [norm, ...others] = new Set(isFirstOfTwo(weight) ? [] : findNorms(model, owner))
  const gamma = (others.length === 0 ? norm : undefined)?.weights.find(({ originalName }) =>
    originalName.endsWith('gamma'),
  )
  const size = own.reduce((product, side) => product * side, 1)
  if (gamma && (gamma.shape[0] as number) === size) return reshape(gamma.read(), own)
  const got = gamma ? `one of ${gamma.shape[0]} scales for ${size} units` : 'none'
  throw new RangeError(
    `Cannot gather batchNormScale of ${name}: expected a batch normalisation with a scale right behind its layer, got ` +
      `${got}: leave it out with the option select`,
  )
}

/** The normalisations behind the calls of a layer, undefined for a call that something else takes in. */
function findNorms(model: LayersModel, owner: Layer): (Layer | undefined)[] {
  const nodes = Object.values(containerOf(model).nodesByDepth).flat()
  return nodes.flatMap(({ outboundLayer, outputTensors: [output] }) => {
    const { layers: nested } = outboundLayer as Layer & Partial<Pick<LayersModel, 'layers'>>
    if (Array.isArray(nested)) return findNorms(outboundLayer as unknown as LayersModel, owner)
    if (outboundLayer !== owner) return []
    const consumers = nodes.filter(({ inputTensors }) => inputTensors.includes(output!))
    const isNorm = consumers.length === 1 && consumers[0]!.outboundLayer.getClassName() === 'BatchNormalization'
    const isOutput = containerOf(model).outputs.includes(output!)
    return [isNorm && !isOutput ? consumers[0]!.outboundLayer : undefined]
  })
}
