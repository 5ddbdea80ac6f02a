import {
  type Declined,
  decline,
  type LayerReader,
  type LayerToRead,
  type Value,
} from '../layers/layer-reader.js'
import { readerOf } from '../layers/readers.js'
import { readingError } from '../layers/reading-error.js'
import type { NetworkSource } from '../network/source.js'
import type { Graph } from './graph.js'
import type { LayerData } from './model-data.js'

/** All that is shared by the calls of a network that is being read. */
export interface Reading {
  readonly source: NetworkSource
  readonly graph: Graph
  /** Readers of classes that are read in another way. */
  readonly readers?: Readonly<Record<string, LayerReader>> | undefined
  /** The network is to run without tfjs. */
  readonly isAlone: boolean
  /** Made once a layer, by a key. Paths would not do: a name may hold a `/`. */
  readonly made: Map<LayerData, Map<string, object>>
}

/** Reads one call of a layer that is no model. */
export function readCall(
  data: LayerData,
  path: string,
  inputs: readonly Value[],
  { source, graph, made, readers }: Reading,
): ReturnType<LayerReader> {
  const { name, className, config } = data
  const reader = readers?.[className] ?? readerOf(className)
  if (!reader) return decline('its class is not known')
  const madeHere = made.get(data) ?? new Map<string, object>()
  made.set(data, madeHere)
  const layer: LayerToRead = {
    path,
    config,
    inputs,
    weight: (role, shape, inner) => {
      const saved = [name, inner?.saved, role].filter(Boolean).join('/')
      const full = [path, inner?.name, role].filter(Boolean).join('/')
      const found = source.weight({ path: full, saved })
      const wanted = `a weight ${full} of shape [${shape.map((side) => side ?? 'any')}]`
      if (!found) throw readingError(wanted, 'none')
      const fits = shape.every((side, axis) => side === null || side === found.shape[axis])
      if (!fits || found.shape.length !== shape.length)
        throw readingError(wanted, `[${found.shape}]`)
      return found
    },
    once: <T extends object>(key: string, make: () => T): T => {
      const known = madeHere.get(key) ?? make()
      madeHere.set(key, known)
      return known as T
    },
    emit: (operation, values, shape) => graph.emit(path, operation, values, shape),
  }
  return reader(layer)
}

/** Hands a call over to tfjs; throws where there is none. */
export function callInTfjs(
  { className }: LayerData,
  path: string,
  inputs: readonly Value[],
  { source, graph, isAlone, declined }: Reading & Declined,
): Value {
  if (!source.layerCall) {
    const remedy = isAlone ? '' : ', or a LayersModel and the option tfjs to run others'
    throw readingError(
      `layers that can be compiled${remedy}`,
      `${path} (${className}): ${declined}`,
    )
  }
  const shapes = inputs.map(({ shape }) => shape)
  const { shape, call } = source.layerCall(path, shapes)
  return graph.emit(path, { kind: 'layerCall', call }, inputs, shape)
}
