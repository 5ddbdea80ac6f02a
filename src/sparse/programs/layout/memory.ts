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
  /** Forgets the places from an address on: their memory was released. */
  readonly forget: (from: number) => void
}

export type Constant = Float32Array | Int32Array | Uint32Array

interface Place {
  readonly address: number
  forgotten: boolean
}

export function createConstants(memory: Memory): Constants {
  const places = new WeakMap<Constant, Place>()
  const derived = new WeakMap<object, Map<string, Place>>()
  let known: Place[] = []
  const write = (array: Constant): Place => {
    const address = memory.reserve(Math.max(array.byteLength, 16))
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    new Uint8Array(memory.buffer).set(bytes, address)
    const place = { address, forgotten: false }
    known.push(place)
    return place
  }
  const inUse = (place: Place | undefined) => (place?.forgotten ? undefined : place)
  return {
    place: (array) => {
      const place = inUse(places.get(array)) ?? write(array)
      places.set(array, place)
      return place.address
    },
    derive: (from, name, make) => {
      const named = derived.get(from) ?? new Map<string, Place>()
      derived.set(from, named)
      const place = inUse(named.get(name)) ?? write(make())
      named.set(name, place)
      return place.address
    },
    forget: (from) => {
      for (const place of known) if (place.address >= from) place.forgotten = true
      known = known.filter(({ forgotten }) => !forgotten)
    },
  }
}
