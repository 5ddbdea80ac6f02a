import { camelCase } from '../../internal/camel-case.js'
import { describe } from '../../internal/describe.js'
import { cannotSay } from '../graph/onnx-error.js'
import type { LayerToWrite } from './layer-writer.js'

/** An option that is a number. */
export function numberOption(layer: LayerToWrite, key: string, otherwise?: number): number {
  const value = layer.config[key] ?? otherwise
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw cannotSay(layer, `its ${key} is ${describe(value)}`)
  return value
}

/** An option that is one number for all axes, or one for each. */
export function numbersOption(
  layer: LayerToWrite,
  key: string,
  { axes, otherwise }: { readonly axes: number; readonly otherwise?: number },
): readonly number[] {
  const value = layer.config[key] ?? otherwise
  const all: unknown[] = Array.isArray(value) ? value : new Array(axes).fill(value)
  if (all.length !== axes || !all.every(Number.isInteger))
    throw cannotSay(layer, `its ${key} is ${JSON.stringify(value)}`)
  return all as number[]
}

/** An option that is a text, in the words of tfjs: `channels_last` is `channelsLast`. */
export function textOption(layer: LayerToWrite, key: string, otherwise: string): string {
  const value = layer.config[key] ?? otherwise
  if (typeof value !== 'string') throw cannotSay(layer, `its ${key} is ${describe(value)}`)
  return camelCase(value)
}

/** An option that is true or false. */
export function flagOption({ config }: LayerToWrite, key: string, otherwise: boolean): boolean {
  return (config[key] ?? otherwise) === true
}

/** Refuses layers whose channels come first in tfjs. */
export function refuseChannelsFirst(layer: LayerToWrite): void {
  const order = textOption(layer, 'dataFormat', 'channelsLast')
  if (order !== 'channelsLast')
    throw cannotSay(layer, `its dataFormat is ${order}`, 'build it with channelsLast')
}
