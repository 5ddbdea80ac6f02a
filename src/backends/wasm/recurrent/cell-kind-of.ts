import { layers } from '@tensorflow/tfjs-layers'
import { classNameOf } from '../../../internal/class-name.js'
import { isMaskingLayer } from '../../../layers/masking-class.js'
import type { CellKind } from './cell-code.js'
import type { CellName } from './cells.js'
import { curveOf } from './curve-of.js'
import type { RecurrentLayer } from './recurrent-layer.js'

interface StockClass {
  readonly layer: unknown
  readonly cell: unknown
}

let stock: Readonly<Record<CellName, StockClass>> | undefined

/** The classes of tfjs, which have no names in its exports, by layers made of them. */
function stockClasses(): Readonly<Record<CellName, StockClass>> {
  const of = (made: layers.RNN): StockClass => ({
    layer: made.constructor,
    cell: made.cell.constructor,
  })
  const options = { units: 1, name: 'stock' } // or tfjs counts it in the names of others
  stock ??= {
    SimpleRNN: of(layers.simpleRNN(options)),
    LSTM: of(layers.lstm(options)),
    GRU: of(layers.gru(options)),
  }
  return stock
}

/** The class of a layer, that of the stock layer for a masking one. */
function classOf(layer: RecurrentLayer): unknown {
  const { constructor: own } = layer as object
  return isMaskingLayer(layer) ? Object.getPrototypeOf(own) : own
}

/** The cell and activations of a layer that the fused way can run; otherwise the reason against. */
export function cellKindOf(layer: RecurrentLayer): CellKind | string {
  const { cell } = layer
  const all = Object.entries(stockClasses()) as [CellName, StockClass][]
  const own = classOf(layer)
  const [name, classes] = all.find(([, { layer: of }]) => own === of) ?? []
  if (!name || !classes) {
    const className = classNameOf(layer)
    const known = Object.hasOwn(stockClasses(), className)
    return `its class is ${className}${known ? ', but not that of tfjs' : ''}`
  }
  const changed = (cell as object).constructor !== classes.cell || Object.hasOwn(cell, 'call')
  if (changed) return 'its cell is not that of tfjs'
  if (layer.returnState) return 'it returns its states'
  if (layer.stateful) return 'it keeps its states between batches'
  if (layer.numConstants !== null) return 'it takes constants'
  if (cell.dropout > 0 || cell.recurrentDropout > 0) return 'it has dropout'
  const { activation, recurrentActivation = activation } = cell
  const [curve, gate] = [curveOf(activation), curveOf(recurrentActivation)]
  if (!curve) return `its activation is ${activation.getClassName()}`
  if (!gate) return `its recurrentActivation is ${recurrentActivation.getClassName()}`
  return { cell: name, activation: curve, gate }
}
