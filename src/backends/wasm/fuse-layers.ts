import { backend, getBackend } from '@tensorflow/tfjs-core'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { checkModel } from '../../internal/check-model.js'
import { visitLayers } from '../../internal/model-weights.js'
import type { WasmBackend } from './engine/backend.js'
import { engineOf } from './engine/engine-of.js'

type Layer = layers.Layer

/** A layer that runs as before, and why. */
export interface LeftLayer {
  /** Path of the layer: names of layers joined by `/`. */
  readonly layer: string
  readonly reason: string
}

/** The outcome of {@link fuseRecurrent} and {@link fuseBatchNorms}. */
export interface FusedLayers {
  /** Paths of the layers that run fused from now on, in the model's order. */
  readonly fused: readonly string[]
  /** All other layers of the kind. */
  readonly left: readonly LeftLayer[]
  /** Lets the layers run as before. A second call does nothing. */
  readonly restore: () => void
}

/** A kind of layers that can run fused. */
export interface Fusing<L extends Layer> {
  readonly task: string
  /** The layers in words, e.g. `recurrent layers`. */
  readonly kind: string
  readonly isOne: (layer: Layer) => layer is L
  /** Why a layer cannot run fused. */
  readonly reasonAgainst: (layer: L) => string | undefined
  /** The fused call of a layer, which goes back to the ordinary one by itself. */
  readonly callOf: (layer: L, ordinary: Layer['call']) => Layer['call']
}

/** Gives the layers of a kind, wherever they are in a model, a `call` of their own. */
export function fuseLayers<L extends Layer>(model: LayersModel, fusing: Fusing<L>): FusedLayers {
  const { task, kind, callOf } = fusing
  checkModel(model, task)
  if (getBackend() !== 'wasm') {
    const wanted = "the wasm backend in use (await setBackend('wasm') first)"
    throw new Error(`Cannot ${task}: expected ${wanted}, got ${getBackend()}`)
  }
  const found = layersOf(model, fusing)
  if (found.size === 0) {
    const got = 'one without: it needs none of this'
    throw new TypeError(`Cannot ${task}: expected a model with ${kind}, got ${got}`)
  }
  const places = [...found].map(([layer, path]) => {
    return { layer, path, reason: reasonAgainst(layer, fusing) }
  })
  const fused = places.filter(({ reason }) => reason === undefined)
  for (const { layer } of fused) layer.call = callOf(layer, layer.call.bind(layer))
  const ours = new Map(fused.map(({ layer }) => [layer, layer.call]))
  return {
    fused: fused.map(({ path }) => path),
    left: places.flatMap(({ path, reason }) => (reason ? [{ layer: path, reason }] : [])),
    restore: () => {
      for (const [layer, call] of ours)
        if (layer.call === call) Reflect.deleteProperty(layer, 'call')
    },
  }
}

/** The layers of the kind, each once, with their paths. */
function layersOf<L extends Layer>(model: LayersModel, { isOne }: Fusing<L>): Map<L, string> {
  const found = new Map<L, string>()
  visitLayers(model.layers, { prefix: '', frozen: false }, (layer, path) => {
    if (isOne(layer) && !found.has(layer)) found.set(layer, path)
  })
  return found
}

function reasonAgainst<L extends Layer>(layer: L, fusing: Fusing<L>): string | undefined {
  if (Object.hasOwn(layer, 'call')) return 'its call is replaced already'
  if (!engineOf(backend() as WasmBackend).compile) return 'the host has no SIMD'
  return fusing.reasonAgainst(layer)
}
