import { abs, max, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import type { Reader } from './connections.js'
import { feed } from './evaluate-constants.js'
import type { Call } from './graph.js'

/** A recurrent layer's own methods: `apply` of one within a wrapper would build it again. */
interface Recurrent extends layers.Layer {
  call(inputs: Tensor, options: object): Tensor | Tensor[]
  resetStates(): void
}

/**
 * Cells of each worker that put out 0 at every step, 1 a cell: nothing but constants and such cells
 * feed them, and the layer answers 0. `inputs` holds NaN for channels that are no constants.
 */
export async function cellsAtRest(
  call: Call,
  inputs: Float64Array,
  readers: readonly Reader[],
): Promise<Uint8Array[]> {
  return Promise.all(
    call.workers.map(async (layer, worker) => {
      const [read, state] = (['in', 'state'] as const).map(
        (reads) => readers.find((one) => one.worker === worker && one.reads === reads)!,
      ) as [Reader, Reader]
      const rest = new Uint8Array(read.outputs).fill(1)
      for (const [input, value] of inputs.entries())
        if (Number.isNaN(value)) wake(rest, read, input)
      settle(rest, state)
      if (!rest.includes(1)) return rest
      const answers = await largestAnswers(layer as Recurrent, () => feed(inputs, call, 0))
      for (const [cell, answer] of answers.entries()) if (answer !== 0) rest[cell] = 0
      return settle(rest, state)
    }),
  )
}

/** Wakes the cells that read a channel which is alive. */
function wake(rest: Uint8Array, { outputs, connections }: Reader, input: number): boolean {
  let isNew = false
  for (let cell = 0; cell < outputs; cell++) {
    if (!rest[cell] || connections[input * outputs + cell] === 0) continue
    rest[cell] = 0
    isNew = true
  }
  return isNew
}

/** Wakes the cells that read others which are awake, until nothing changes. */
function settle(rest: Uint8Array, state: Reader): Uint8Array {
  let isNew = true
  while (isNew) {
    isNew = false
    for (const [cell, isAtRest] of rest.entries())
      if (!isAtRest && wake(rest, state, cell)) isNew = true
  }
  return rest
}

/** The largest size of each cell's answers, over all samples and steps that the layer puts out. */
async function largestAnswers(layer: Recurrent, fed: () => Tensor): Promise<Float32Array> {
  const largest = tidy(() => {
    const answer = [layer.call(fed(), {})].flat()[0]!
    return max(abs(reshape(answer, [-1, answer.shape.at(-1)!])), 0)
  })
  if (layer.stateful) layer.resetStates()
  try {
    return (await largest.data()) as Float32Array
  } finally {
    largest.dispose()
  }
}
