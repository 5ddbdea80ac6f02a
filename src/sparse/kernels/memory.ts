import { noMemory, noSimd } from './host-errors.js'

/** Bytes of a page of WebAssembly. */
export const PAGE = 65536
const MOST_PAGES = 65536
/** Addresses are multiples of it: a pair of cache lines. */
const ALIGNMENT = 128
/** Bytes behind the last place: loops may read a vector that ends there. */
export const SLACK = 128

/** Memory that the kernels of one network work on. Places are addresses in bytes. */
export interface Memory {
  /** The memory itself, for modules that import it. */
  readonly host: WebAssembly.Memory
  /** Another one after `reserve` had to grow: views are to be made anew. */
  readonly buffer: ArrayBuffer
  /** Bytes that are in use. */
  readonly used: number
  /** The address of bytes that hold zeros and that nobody else uses, a multiple of 128. */
  readonly reserve: (bytes: number) => number
  /** Lets go of the places from an address on, which hold zeros again. */
  readonly release: (from: number) => void
  /** Lets go of all places; the host frees the bytes once nothing else holds the kernels. */
  readonly dispose: () => void
}

/** Options of {@link createMemory}. */
export interface MemoryOptions {
  /** Bytes to begin with; it grows as needed. */
  readonly bytes?: number
  /** Threads may share it. The most that it may grow to is then set aside at once. */
  readonly shared?: { readonly maximumBytes: number }
}

const hint = (size: string) => `set a ${size} maximumBytes for threads, or leave them out`

/** Places begin behind it, so that the address 0 stands for none. */
const FIRST = ALIGNMENT

const pagesOf = (bytes: number) => Math.ceil(bytes / PAGE)

/** @throws {RangeError} If the host refuses the memory. */
export function createMemory({ bytes = 0, shared }: MemoryOptions = {}): Memory {
  const initial = pagesOf(FIRST + bytes + SLACK)
  let host: WebAssembly.Memory | undefined = openMemory(initial, shared)
  let top = FIRST
  const opened = (): WebAssembly.Memory => {
    if (host) return host
    throw new Error('Cannot use the memory of a network: expected it in use, got one disposed of')
  }
  return {
    get host() {
      return opened()
    },
    get buffer() {
      return opened().buffer
    },
    get used() {
      return host ? top : 0
    },
    reserve: (bytes) => {
      const memory = opened()
      const end = top + Math.ceil(Math.max(bytes, 1) / ALIGNMENT) * ALIGNMENT
      growTo(memory, end + SLACK)
      const address = top
      top = end
      return address
    },
    release: (from) => {
      new Uint8Array(opened().buffer, from, top - from).fill(0)
      top = from
    },
    dispose: () => {
      host = undefined
    },
  }
}

function openMemory(initial: number, shared: MemoryOptions['shared']): WebAssembly.Memory {
  if (typeof WebAssembly === 'undefined') throw noSimd()
  if (initial > MOST_PAGES) throw noMemory(initial * PAGE)
  const maximum = shared && Math.max(initial, pagesOf(shared.maximumBytes))
  try {
    return new WebAssembly.Memory({ initial, ...(maximum && { maximum, shared: true }) })
  } catch (cause) {
    throw noMemory((maximum ?? initial) * PAGE, cause, shared && hint('smaller'))
  }
}

/** Grows by an eighth at least, so that many small places do not copy the memory each time. */
function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const has = memory.buffer.byteLength / PAGE
  const lacks = pagesOf(bytes) - has
  if (lacks <= 0) return
  if (has + lacks > MOST_PAGES) throw noMemory(bytes)
  const generous = Math.min(Math.max(lacks, has >> 3), MOST_PAGES - has)
  try {
    memory.grow(generous)
  } catch {
    try {
      memory.grow(lacks)
    } catch (cause) {
      throw noMemory(
        bytes,
        cause,
        memory.buffer instanceof ArrayBuffer ? undefined : hint('larger'),
      )
    }
  }
}
