import type { Network, Step } from '../network/network.js'

/** Who writes and who reads the values of a network. */
export interface Uses {
  /** The step that writes a value; undefined for an input. */
  readonly writer: (value: number) => Step | undefined
  /** How often a value is read, as an output of the network too. */
  readonly readers: (value: number) => number
}

export function usesOf({ steps, outputs }: Network): Uses {
  const writers = new Map(steps.map((step) => [step.output, step]))
  const counts = new Map<number, number>()
  for (const value of [...steps.flatMap(({ inputs }) => inputs), ...outputs])
    counts.set(value, (counts.get(value) ?? 0) + 1)
  return {
    writer: (value) => writers.get(value),
    readers: (value) => counts.get(value) ?? 0,
  }
}
