import { cannotSay } from '../graph/onnx-error.js'
import type { LayerWriter } from './layer-writer.js'

/** Refuses a class that tfjs has, and tells why. */
const refusing =
  (reason: string, remedy: string): LayerWriter =>
  (layer) => {
    throw cannotSay(layer, reason, remedy)
  }

const unused = refusing('tfjs cannot run it in a model', 'resize before the model')
const random = refusing('its outcome is random', 'leave it out of the model that is written')
const inParts = refusing('ONNX has no such recurrence', 'run the model in tfjs')

/** Classes of tfjs that are refused with a reason of their own. */
export const refusingWriters: Readonly<Record<string, LayerWriter>> = {
  Resizing: unused,
  RandomWidth: random,
  RandomHeight: random,
  ConvRNN2D: inParts,
}
