import { memory } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type PruneOptions, PruningError, prune, type Round } from 'tfjs-prune'
import type { StoreFunctions } from 'tfjs-prune/runs'
import { quickRun, type Samples } from '../prune/support.js'
import { bitsOf } from '../support/weights.js'

/** The functions of a store over a map of bytes, and the map. */
export function mapFunctions(): StoreFunctions & { readonly entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>()
  return {
    entries,
    name: 'a map',
    read: (entry) => entries.get(entry),
    write: (entry, bytes) => void entries.set(entry, bytes),
    lock: () => () => {},
  }
}

/**
 * A round in plain lists, its seconds left out: equal only if all else is, to the last bit. The slots
 * of an optimizer go by their order: tfjs numbers the names of variables in each process.
 */
export function plainRound({ seconds: _, ...round }: Round): unknown {
  const { optimizer, checkpoint } = round
  const nameless = (slots: NonNullable<Round['optimizer']>) =>
    slots.map((slot) => ({ ...slot, name: slot.name.split('/').at(-1) }))
  return inBits({
    ...round,
    ...(optimizer && { optimizer: nameless(optimizer) }),
    ...(checkpoint?.optimizer && {
      checkpoint: { ...checkpoint, optimizer: nameless(checkpoint.optimizer) },
    }),
  })
}

function inBits(value: unknown): unknown {
  if (value instanceof Float32Array) return { float32: bitsOf(value) }
  if (ArrayBuffer.isView(value))
    return { [value.constructor.name]: Array.from(value as unknown as ArrayLike<number>) }
  if (Array.isArray(value)) return value.map(inBits)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inBits(one)]))
}

/** Options of a quick run; `training` and `options` replace what they name. */
export type QuickOptions = NonNullable<Parameters<typeof quickRun>[1]>

/** Options of a quick run of four epochs a round that keeps its state after each of them. */
export function runWithPoints(
  data: Samples,
  { training, ...options }: QuickOptions = {},
): PruneOptions {
  return quickRun(data, { ...options, training: { epochs: 4, checkpointEvery: 1, ...training } })
}

/** Thrown by {@link runUntilEvent}. */
export class Killed extends Error {}

/** Runs until an event makes it stop as an abort would, or to its end; the rounds that it gave. */
export async function runUntilEvent(
  model: LayersModel,
  options: PruneOptions,
  stopsAt: (event: Parameters<NonNullable<PruneOptions['onProgress']>>[0]) => boolean,
): Promise<readonly Round[]> {
  const onProgress: PruneOptions['onProgress'] = (event) => {
    if (stopsAt(event)) throw new Killed('stopped')
  }
  try {
    return (await prune(model, { ...options, onProgress })).rounds
  } catch (error) {
    if (error instanceof PruningError && error.cause instanceof Killed) return error.rounds
    if (error instanceof Killed) return []
    throw error
  }
}

/** Number of tensors now. */
export const tensors = () => memory().numTensors
