import type { Network, Step } from '../../network/network.js'

/** Who reads each value, and when it is read for the last time. */
export interface Uses {
  readonly consumers: readonly (readonly Step[])[]
  /**
   * Index of the last step that reads the elements of a value, by whatever name: a reshaped value
   * has the elements of another. Infinity for those of an output.
   */
  readonly lastUse: (value: number) => number
}

export function usesOf({ shapes, outputs, steps }: Network): Uses {
  const consumers: Step[][] = shapes.map(() => [])
  const roots = shapes.map((_, value) => value)
  const last = shapes.map(() => -1)
  steps.forEach((step, i) => {
    if (step.operation.kind === 'reshape') roots[step.output] = roots[step.inputs[0]!]!
    for (const value of step.inputs) {
      consumers[value]!.push(step)
      last[roots[value]!] = i
    }
  })
  for (const value of outputs) last[roots[value]!] = Number.POSITIVE_INFINITY
  return { consumers, lastUse: (value) => last[roots[value]!]! }
}
