import type { Code } from '../../../internal/assembler.js'
import { countDown, get, increase, set } from '../../../internal/instructions.js'
import { four, type Lanes, one } from '../../../internal/lanes.js'
import { each } from './frame.js'

/** Vectors of a block, or floats where its lanes are one. */
export interface BlockShape {
  readonly lanes: Lanes
  readonly vectors: number
}

export const blockShapes = {
  wide: { lanes: four, vectors: 8 },
  narrow: { lanes: four, vectors: 4 },
  single: { lanes: one, vectors: 1 },
} as const satisfies Readonly<Record<string, BlockShape>>

/** Parameters that all functions over blocks begin with: fields of Blocks and places. */
export const blockParameters = [
  ...(['outer', 'inner', 'inOuter', 'inInner', 'outOuter', 'outInner', 'inHalf'] as const),
  ...(['outHalf', 'input', 'output', 'outRow', 'rows'] as const),
] as const
export const blockLocals = ['iOuter', 'iInner', 'inLine', 'outLine', 'inAt', 'outAt'] as const

type BlockName = (typeof blockParameters)[number] | (typeof blockLocals)[number]
export type BlockPlaces = Readonly<Record<BlockName, number>>

/** The body for each block, with its input at `inAt` and the output of a first row at `outAt`. */
export function eachBlock(at: BlockPlaces, body: Code): Code {
  const inner = [
    ...body,
    ...increase(at.inAt, get(at.inInner)),
    ...increase(at.outAt, get(at.outInner)),
  ]
  return [
    ...[...get(at.input), ...set(at.inLine), ...get(at.output), ...set(at.outLine)],
    ...[...get(at.outer), ...set(at.iOuter)],
    ...countDown(at.iOuter, [
      ...[...get(at.inLine), ...set(at.inAt), ...get(at.outLine), ...set(at.outAt)],
      ...[...get(at.inner), ...set(at.iInner), ...countDown(at.iInner, inner)],
      ...increase(at.inLine, get(at.inOuter)),
      ...increase(at.outLine, get(at.outOuter)),
    ]),
  ]
}

/** Code for each vector of a block at a pointer, which goes on to the second half after the first. */
export const eachVector = (
  vectors: number,
  { pointer, half }: { pointer: number; half: number },
  code: (vector: number, offset: number) => Code,
): Code =>
  each(vectors, (vector) => [
    ...(vector === 4 ? increase(pointer, get(half)) : []),
    ...code(vector, (vector % 4) * 16),
  ])
