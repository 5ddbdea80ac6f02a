import { flagOption } from '../layers/config.js'
import { readingError } from '../layers/reading-error.js'
import type { LayerData, ModelData } from './model-data.js'

/** Classes of tfjs whose outcome depends on a mask that reaches them. */
const READERS = new Set([
  'SimpleRNN',
  'LSTM',
  'GRU',
  'RNN',
  'ConvRNN2D',
  'ConvLSTM2D',
  'Bidirectional',
  'Softmax',
  'MultiHeadAttention',
  'TransformerDecoder',
])

/** Whether the outcome of a class of tfjs depends on a mask that reaches it. */
export function readsMask(className: string): boolean {
  return READERS.has(className)
}

/** Classes of models. Those that are no wrapped layers are looked into. */
const MODELS = new Set(['Sequential', 'Model', 'Functional'])

/**
 * Throws where a layer makes a mask and another may obey it. tfjs hands masks on in ways of its
 * own, also past layers that take none, so that the way from the one to the other is not asked.
 */
export function checkMasks(
  model: ModelData,
  { isKnown, makesMask = () => false, inheritsName = () => false }: MaskRules,
): void {
  const all = allLayers(model, '')
  const isUsers = ({ layer: { className }, path }: PlacedLayer) =>
    inheritsName(path) || (!readsMask(className) && !isKnown(className))
  // A model in a wrapper hands no mask out of it.
  const keepsMasks = ({ layer: { className }, path }: PlacedLayer) =>
    MODELS.has(className) && !inheritsName(path)
  const maker = all.find(
    (one) => isStockMaker(one.layer) || (isUsers(one) && !keepsMasks(one) && makesMask(one.path)),
  )
  if (!maker) return
  const reader = all.find(
    (one) => one !== maker && (readsMask(one.layer.className) || isUsers(one)),
  )
  if (!reader) return
  throw readingError(
    `no mask that reaches ${reader.path} (${reader.layer.className}); run the model in tfjs`,
    `that of ${maker.path} (${maker.layer.className})`,
  )
}

/** All that is not known of the layers of tfjs. */
interface MaskRules {
  /** Whether a class is one of tfjs. */
  readonly isKnown: (className: string) => boolean
  readonly makesMask?: ((path: string) => boolean) | undefined
  readonly inheritsName?: ((path: string) => boolean) | undefined
}

/** Whether a layer of tfjs makes a mask. */
export function isStockMaker({ className, config }: Omit<LayerData, 'name' | 'calls'>): boolean {
  return (
    className === 'Masking' || (className === 'Embedding' && flagOption(config, 'maskZero', false))
  )
}

interface PlacedLayer {
  readonly layer: LayerData
  readonly path: string
}

/** All layers that are no models, those in wrappers too. */
function allLayers(model: ModelData, prefix: string): PlacedLayer[] {
  return model.layers.flatMap((layer) => {
    const path = prefix + layer.name
    if (layer.model) return allLayers(layer.model, `${path}/`)
    const inner = layer.config.layer as LayerData | undefined
    const wrapped = inner?.config ? [{ layer: inner, path: `${path}/${inner.config.name}` }] : []
    return layer.className === 'InputLayer' ? [] : [{ layer, path }, ...wrapped]
  })
}
