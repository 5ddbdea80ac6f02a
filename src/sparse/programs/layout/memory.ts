import type { Memory as KernelMemory } from '../../kernels/memory.js'

/** Memory of the kernels. Places are addresses in bytes. */
export type Memory = Pick<KernelMemory, 'buffer' | 'reserve'>

/** The memory as floats, made anew when it has grown. */
export function floatsOf(memory: Memory): () => Float32Array {
  let floats = new Float32Array(memory.buffer)
  return () => {
    if (floats.buffer !== memory.buffer) floats = new Float32Array(memory.buffer)
    return floats
  }
}

/** Arrays that are written once and stay, each of them once however many programs share it. */
export interface Constants {
  readonly place: (array: Constant) => number
  /** The place of an array that is derived from an object, by the name of the derivation. */
  readonly derive: (from: object, name: string, make: () => Constant) => number
}

export type Constant = Float32Array | Int32Array | Uint32Array

export function createConstants(memory: Memory): Constants {
  const places = new WeakMap<Constant, number>()
  const derived = new WeakMap<object, Map<string, number>>()
  const write = (array: Constant): number => {
    const address = memory.reserve(Math.max(array.byteLength, 16))
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    new Uint8Array(memory.buffer).set(bytes, address)
    return address
  }
  return {
    place: (array) => {
      const place = places.get(array) ?? write(array)
      places.set(array, place)
      return place
    },
    derive: (from, name, make) => {
      const places = derived.get(from) ?? new Map<string, number>()
      derived.set(from, places)
      const place = places.get(name) ?? write(make())
      places.set(name, place)
      return place
    },
  }
}
