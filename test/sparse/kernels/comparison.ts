import { createKernels } from '../../../src/sparse/kernels/create-kernels.js'
import type { Kernels } from '../../../src/sparse/kernels/kernels.js'
import { createMemory } from '../../../src/sparse/kernels/memory.js'
import { plainKernels } from './plain.js'

/** Floats of the memory that both kinds of kernels work on. */
export const SIZE = 1 << 16

/** Numbers from 0 to below 1 that look random, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed + 1
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 0) / 2 ** 32
  }
}

export interface Room {
  readonly floats: Float32Array
  readonly words: Int32Array
}

// 0, -0, infinities, NaN of either sign, and a number below 0
const odd = [0, 0x8000_0000, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0xffc0_0000, 0xbf80_0000]

/** Takes all signs; in two of three cases some odd numbers follow, most of which have one. */
export function takeSigns({ floats, words }: Room, next: () => number): void {
  for (const [i, value] of floats.entries()) floats[i] = Math.abs(value)
  const count = Math.floor(next() * 3) * Math.ceil(next() * 40)
  for (let i = 0; i < count; i++)
    words[Math.floor(next() * words.length)] = odd[Math.floor(next() * odd.length)]!
}

/** Compares the kernels with plain loops, on memories that begin alike. */
export async function comparison(options: { relaxed?: boolean; shared?: boolean } = {}) {
  const memory = createMemory({
    bytes: SIZE * 4,
    ...(options.shared && { shared: { maximumBytes: 2 ** 22 } }),
  })
  const kernels = await createKernels(memory, { relaxed: options.relaxed ?? false })
  const floats = new Float32Array(memory.buffer)
  const words = new Int32Array(memory.buffer)
  const plain = new Float32Array(floats.length)
  const plainWords = new Int32Array(plain.buffer)
  const plainOnes = plainKernels(plain.buffer)
  return {
    floats,
    /** The first float that one piece of work leaves different; -1 where there is none. */
    firstDifference: (
      seed: number,
      prepare: (room: Room) => void,
      work: (kernels: Kernels) => void,
      same: (a: number, b: number) => boolean = Object.is,
    ): number => {
      const next = random(seed)
      for (let i = 0; i < floats.length; i++) floats[i] = next() * 2 - 1
      prepare({ floats, words })
      plainWords.set(words)
      work(kernels)
      work(plainOnes)
      return plain.findIndex((value, index) => !same(value, floats[index]!))
    },
  }
}
