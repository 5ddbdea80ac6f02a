import type { Code, WasmFunction } from '../../../internal/assembler.js'
import {
  constant,
  countDown,
  get,
  increase,
  plus,
  set,
  shiftLeft,
  word,
} from '../../../internal/instructions.js'
import { type BlockShape, blockLocals, blockParameters, eachBlock } from './blocks-code.js'
import { frame } from './frame.js'

/** Parameters of rows that gather blocks: those of blocks, GatherPlaces and ProductPlaces. */
export const gatherParameters = [
  ...blockParameters,
  ...(['starts', 'offsets', 'values', 'bias', 'bounds'] as const),
] as const

const gatherFrame = frame(gatherParameters, [
  ...blockLocals,
  ...([
    'iRow',
    'startAt',
    'biasAt',
    'out',
    'first',
    'end',
    'offsetAt',
    'valueAt',
    'from',
    'exact',
  ] as const),
])

export type Gather = typeof gatherFrame

/** Code of one row of one block. Entries lie from `first` to `end`, the row's block at `out`. */
export type RowCode = (gather: Gather, shape: BlockShape) => Code

/**
 * Two functions: one does all rows of a block before the next block, which suits rows that lie
 * side by side in the output; one does all blocks of a row before the next row.
 */
export function gatherFunctions(name: string, shape: BlockShape, code: RowCode): WasmFunction[] {
  const { at, toFunction } = gatherFrame
  const address = (offset: number): Code => [
    ...[...get(at.offsets), ...get(at.startAt), ...word(offset)],
    ...[...constant(2), ...shiftLeft, ...plus],
  ]
  const openRow = [...address(0), ...set(at.first), ...address(4), ...set(at.end)]
  const row = code(gatherFrame, shape)
  const closeRow = [at.startAt, at.biasAt].flatMap((pointer) => increase(pointer, constant(4)))
  const firstRow = [
    ...[...get(at.starts), ...set(at.startAt), ...get(at.bias), ...set(at.biasAt)],
    ...[...get(at.rows), ...set(at.iRow)],
  ]
  const byBlock = eachBlock(at, [
    ...[...firstRow, ...get(at.outAt), ...set(at.out)],
    ...countDown(at.iRow, [...openRow, ...row, ...closeRow, ...increase(at.out, get(at.outRow))]),
  ])
  const byRow = [
    ...firstRow,
    ...countDown(at.iRow, [
      ...openRow,
      ...eachBlock(at, [...get(at.outAt), ...set(at.out), ...row]),
      ...[...closeRow, ...increase(at.output, get(at.outRow))],
    ]),
  ]
  const { lanes, vectors } = shape
  const locals = [[vectors * 2 + 2, lanes.type] as const]
  return [toFunction(`${name}ByBlock`, locals, byBlock), toFunction(`${name}ByRow`, locals, byRow)]
}
