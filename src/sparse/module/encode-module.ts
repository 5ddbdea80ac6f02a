import {
  bodyOf,
  type Code,
  f32,
  i32,
  list,
  PREAMBLE,
  section,
  text,
  typesOf,
  unsigned,
  v128,
  type WasmFunction,
} from '../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../internal/instructions.js'
import { four, largerWhole, magnitude, one, simd } from '../../internal/lanes.js'
import { PAGE } from '../kernels/memory.js'
import type { Call } from './record.js'

/** Numbers in the memory of a module. */
export interface Span {
  readonly address: number
  readonly length: number
}

/** A module to be encoded. */
export interface ModuleParts {
  /** The calls of a run, in order. */
  readonly calls: readonly Call[]
  /** The functions that are called. */
  readonly functions: readonly WasmFunction[]
  /** The memory that a run begins with, in whole words of 4 bytes. */
  readonly memory: Uint8Array
  /** Bytes of memory. */
  readonly bytes: number
  readonly inputs: readonly Span[]
  readonly outputs: readonly Span[]
  /** Facts for readers of the file, as JSON. */
  readonly facts: object
}

/** Words of zeros that cost less as bytes, which compress well, than another segment does. */
const GAP = 16
/** Hosts refuse more than 100,000. */
const MOST_SEGMENTS = 50_000

/**
 * A module without imports. It exports its `memory`, the addresses `input0`, `input1`, ... and
 * `output0`, ... as constants, and `run`, which answers with 0, or with 1 where an input is not
 * finite. The facts are the custom section `tfjs-prune`.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { calls, functions, memory, bytes, inputs, outputs, facts } = parts
  const indices = new Map(functions.map(({ name }, index) => [name, index]))
  const types = functions.map(({ parameters }) => [0x60, ...list(typesOf(parameters)), 0])
  const run = functions.length
  const named = [...addresses('input', inputs), ...addresses('output', outputs)]
  const constants = named.map(({ address }) => [i32, 0, ...constant(address), 0x0b])
  const exported = [
    [...text('memory'), 2, 0],
    [...text('run'), 0, ...unsigned(run)],
    ...named.map(({ name }, index) => [...text(name), 3, ...unsigned(index)]),
  ]
  const body = bodyOf({
    locals: [
      [2, i32],
      [1, v128],
    ],
    body: [
      ...inputs.flatMap(raiseLargest),
      ...[...isInfinite, 0x04, 0x40, ...constant(1), 0x0f, 0x0b], // if, return
      ...calls.flatMap(({ name, parameters }) => {
        const index = indices.get(name)!
        const kinds = typesOf(functions[index]!.parameters)
        const given = parameters.map((value, i) =>
          kinds[i]![0] === f32 ? one.number(value) : constant(value | 0),
        )
        return [...given.flat(), 0x10, ...unsigned(index)]
      }),
      ...constant(0),
    ],
  })
  const head = [
    ...PREAMBLE,
    ...section(1, list([...types, [0x60, 0, 1, i32]])),
    ...section(3, list([...functions.map((_, index) => unsigned(index)), unsigned(run)])),
    ...section(5, list([[0, ...unsigned(Math.ceil(bytes / PAGE))]])),
    ...section(6, list(constants)),
    ...section(7, list(exported)),
    ...section(10, list([...functions.map(bodyOf), body])),
  ]
  const told = [...new TextEncoder().encode(JSON.stringify(facts))]
  const tail = section(0, [...text('tfjs-prune'), ...told])
  return joined([Uint8Array.from(head), ...dataSection(memory), Uint8Array.from(tail)])
}

const addresses = (side: string, spans: readonly Span[]) =>
  spans.map(({ address }, i) => ({ name: `${side}${i}`, address }))

const [PLACE, LEFT, LARGEST] = [0, 1, 2] as const

/**
 * Raises the largest magnitude to those of an input, 4 floats at a time. Without their signs, floats
 * are as large as their bits, and NaN is larger than any other.
 */
function raiseLargest({ address, length }: Span): Code {
  const raise = (floats: Code): Code => [
    ...[...get(LARGEST), ...floats, ...magnitude, ...largerWhole, ...set(LARGEST)],
  ]
  const whole = length >> 2
  const rest = Array.from({ length: length & 3 }, (_, i) => address + (whole * 4 + i) * 4)
  const vectors = countDown(LEFT, [
    ...[...raise([...get(PLACE), ...four.load(0)]), ...increase(PLACE, constant(16))],
  ])
  return [
    ...[...constant(address), ...set(PLACE), ...constant(whole), ...set(LEFT)],
    ...(whole > 0 ? vectors : []),
    ...rest.flatMap((place) => raise([...constant(place), ...four.spread(0)])),
  ]
}

/** Whether a lane is infinite or NaN: any of the comparisons with the bits of infinity holds. */
const isInfinite: Code = [
  ...[...get(LARGEST), ...constant(0x7f800000), ...simd(0x11), ...simd(0x3f), ...simd(0x53)],
]

/** The memory without its long stretches of zeros. */
function dataSection(memory: Uint8Array): Uint8Array[] {
  let gap = GAP
  let found = stretches(memory, gap)
  while (found.length > MOST_SEGMENTS) {
    gap *= 2
    found = stretches(memory, gap)
  }
  const segments = found.flatMap(([first, end]) => [
    Uint8Array.from([0, ...constant(first), 0x0b, ...unsigned(end - first)]),
    memory.subarray(first, end),
  ])
  const count = Uint8Array.from(unsigned(segments.length / 2))
  const length = segments.reduce((sum, part) => sum + part.length, count.length)
  return [Uint8Array.from([11, ...unsigned(length)]), count, ...segments]
}

/** First byte and end of the stretches between more words of zeros in a row than the gap. */
function stretches(
  { buffer, byteOffset, length }: Uint8Array,
  gap: number,
): [first: number, end: number][] {
  const words = new Uint32Array(buffer, byteOffset, length / 4)
  const found: [number, number][] = []
  let [first, end] = [-1, -1]
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 0) continue
    if (first >= 0 && i - end > gap) {
      found.push([first * 4, end * 4])
      first = i
    } else if (first < 0) first = i
    end = i + 1
  }
  if (first >= 0) found.push([first * 4, end * 4])
  return found
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
