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
  type WasmFunction,
} from '../../internal/assembler.js'
import { constant, countDown, get, increase, set } from '../../internal/instructions.js'
import { one } from '../../internal/lanes.js'
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
  /** The memory that a run begins with. */
  readonly memory: Uint8Array
  /** Bytes of memory. */
  readonly bytes: number
  readonly inputs: readonly Span[]
  readonly outputs: readonly Span[]
  /** Facts for readers of the file, as JSON. */
  readonly facts: object
}

/** Bytes of a page of WebAssembly. */
const PAGE = 65536
/** So many zeros in a row cost more as bytes than another segment does. */
const GAP = 16

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
      [1, f32],
    ],
    body: [
      ...inputs.flatMap(addUp),
      ...[...get(SUM), ...get(SUM), 0x5c, 0x04, 0x40, ...constant(1), 0x0f, 0x0b], // not equal: NaN
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

const [PLACE, LEFT, SUM] = [0, 1, 2] as const

/** Adds x - x of all numbers up, which is NaN where one is not finite. */
const addUp = ({ address, length }: Span): Code => [
  ...[...constant(address), ...set(PLACE), ...constant(length), ...set(LEFT)],
  ...countDown(LEFT, [
    ...[...get(PLACE), ...one.load(0), ...get(PLACE), ...one.load(0), 0x93],
    ...[...get(SUM), ...one.add, ...set(SUM), ...increase(PLACE, constant(4))],
  ]),
]

/** The memory without its long stretches of zeros. */
function dataSection(memory: Uint8Array): Uint8Array[] {
  const segments = stretches(memory).flatMap(([first, end]) => [
    Uint8Array.from([0, ...constant(first), 0x0b, ...unsigned(end - first)]),
    memory.subarray(first, end),
  ])
  const count = Uint8Array.from(unsigned(segments.length / 2))
  const length = segments.reduce((sum, part) => sum + part.length, count.length)
  return [Uint8Array.from([11, ...unsigned(length)]), count, ...segments]
}

/** First byte and end of the stretches that hold something. */
function stretches(memory: Uint8Array): [first: number, end: number][] {
  const found: [number, number][] = []
  let [first, end] = [-1, -1]
  for (let i = 0; i < memory.length; i++) {
    if (memory[i] === 0) continue
    if (first >= 0 && i - end > GAP) {
      found.push([first, end])
      first = i
    } else if (first < 0) first = i
    end = i + 1
  }
  if (first >= 0) found.push([first, end])
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
