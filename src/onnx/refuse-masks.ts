import type { layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../internal/class-name.js'
import { isStockMaker, readsMask } from '../sparse/reading/masks.js'
import { cannotSay } from './graph/onnx-error.js'

/**
 * Throws where one layer makes a mask of steps and another may obey it: ONNX has none. tfjs hands
 * masks on in ways of its own, so that the way from the one to the other is not asked.
 */
export function refuseMasks(all: readonly layers.Layer[]): void {
  const known = all.map((layer) => ({
    ...{ path: layer.name, className: classNameOf(layer) },
    config: layer.getConfig(),
  }))
  const maker = known.find(isStockMaker)
  const reader = known.find((layer) => layer !== maker && readsMask(layer.className))
  if (!maker || !reader) return
  const reason = `${maker.path} (${maker.className}) makes a mask that it may obey`
  throw cannotSay(reader, reason, 'leave the mask out, or run the model in tfjs')
}
