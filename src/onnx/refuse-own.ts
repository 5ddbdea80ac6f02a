import type { layers } from '@tensorflow/tfjs-layers'
import { classNameOf, inheritsItsName } from '../internal/class-name.js'
import { hasOwnCall } from '../internal/own-call.js'
import { cannotSay } from './graph/onnx-error.js'
import { bearsStockName } from './stock-class.js'

type Layer = layers.Layer

/**
 * Refuses a layer whose names do not tell its work: a user's class may bear that of a stock one.
 *
 * @param own Layers whose activation only bears the name of a stock one.
 */
export function refuseOwn(layer: Layer, path: string, own: ReadonlySet<Layer>): void {
  const named = { path, className: classNameOf(layer) }
  if (own.has(layer)) throw cannotSay(named, 'its activation only bears the name of a stock one')
  if (inheritsItsName(layer)) throw cannotSay(named, 'a class of its own has inherited this name')
  if (bearsStockName(layer)) throw cannotSay(named, 'its class only bears the name of a stock one')
  const { cell } = layer as Layer & { readonly cell?: Layer }
  if (cell && inheritsItsName(cell))
    throw cannotSay(named, 'a cell of its own has inherited its name')
  if (cell && bearsStockName(cell))
    throw cannotSay(named, 'its cell only bears the name of a stock one')
}

/** Refuses a nested model of a user's class that does something else than its layers. */
export function refuseOwnModel(nested: Layer, path: string): void {
  if (!inheritsItsName(nested) && !hasOwnCall(nested)) return
  const named = { path, className: classNameOf(nested) }
  throw cannotSay(named, 'its class is one of its own, of which its layers do not tell all')
}
