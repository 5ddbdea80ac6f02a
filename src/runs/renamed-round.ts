import type { Checkpoint, Round } from '../rounds/round.js'
import type { RoundPieces } from '../rounds/round-pieces.js'

/** New names of weights, by the old ones. */
export type NewNames = ReadonlyMap<string, string>

/** A round, or the state within one: the parts that have names. */
type Named = Pick<Round, 'mask' | 'trained'> & Partial<Omit<Round, 'optimizer' | 'seconds'>>

/**
 * Gives the weights of rounds their new names. Parts that rounds share stay shared; a weight without
 * a new name keeps its own.
 */
export function renamer(names: NewNames): <R extends Named>(round: R) => R {
  const nameOf = (name: string) => names.get(name) ?? name
  const done = new Map<object, object>()
  const once = <T extends object>(part: T, rename: (part: T) => T): T => {
    if (!done.has(part)) done.set(part, rename(part))
    return done.get(part) as T
  }
  const values = <T extends Readonly<Record<string, unknown>>>(record: T): T =>
    Object.fromEntries(Object.entries(record).map(([name, one]) => [nameOf(name), one])) as T
  const places = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    list.map((one) => ({ ...one, name: nameOf(one.name), ...layerOf(one, nameOf) }))
  const point = (whole: Checkpoint) => ({ ...whole, weights: values(whole.weights) })
  return (round) => {
    const { mask, completed, trained, initial, checkpoint, movement, made, weights }: Named = round
    const { atMinimum, spared, starved }: Named = round
    return {
      ...round,
      mask: once(mask, (whole) => ({ ...whole, weights: places(whole.weights) })),
      ...(completed && { completed: places(completed) }),
      trained: values(trained),
      ...(initial && { initial: once(initial, values) }),
      ...(weights && { weights: places(weights) }),
      ...(checkpoint && { checkpoint: once(checkpoint, point) }),
      ...(movement && { movement: values(movement) }),
      ...(made && { made: renamedPieces(made, names) }),
      ...(atMinimum && { atMinimum: atMinimum.map(nameOf) }),
      ...(spared && { spared: spared.map(nameOf) }),
      ...(starved && { starved: places(starved) }),
    }
  }
}

/** The pieces of a run with the new names of its ends. */
export function renamedPieces<T extends RoundPieces>(pieces: T, names: NewNames): T {
  const { spareEnds } = pieces
  return spareEnds
    ? { ...pieces, spareEnds: spareEnds.map((name) => names.get(name) ?? name) }
    : pieces
}

/** The path of a layer, where a place has one. */
function layerOf(place: { readonly name: string }, nameOf: (name: string) => string) {
  const name = nameOf(place.name)
  return 'layer' in place ? { layer: name.slice(0, name.lastIndexOf('/')) } : {}
}
