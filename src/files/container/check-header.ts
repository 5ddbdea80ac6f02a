import { describe } from '../../internal/describe.js'
import { bitsOf, type CompressedType, compressedTypes } from '../values/value-type.js'
import { type Header, valueWidth, type WeightEntry } from './header.js'
import { positionKinds } from './positions.js'
import { refusal } from './refusal.js'
import { hasRows } from './rows.js'
import { elementBytes, sizeOf } from './sizes.js'

const LARGEST = 0xffff_ffff

/**
 * Checks all that a header says, before anything is allocated for it: types, ranges, and that
 * counts and lengths can belong together. Throws a RangeError.
 */
export function checkHeader(header: unknown, maximumBytes: number): Header {
  const parts: Partial<Header> = asObject(header, 'a header that is an object')
  const { modelTopology, userDefinedMetadata, weights } = parts
  asObject(modelTopology, 'modelTopology to be an object')
  if (userDefinedMetadata !== undefined)
    asObject(userDefinedMetadata, 'userDefinedMetadata to be an object')
  if (!Array.isArray(weights)) throw refusal('a list of weights', describe(weights))
  const names = new Set<string>()
  let bytes = 0
  for (const weight of weights as readonly unknown[]) {
    const { name, shape, dtype } = checkEntry(asObject(weight, 'weights to be objects'))
    if (names.has(name)) throw refusal('each weight once', `${name} twice`)
    names.add(name)
    bytes += sizeOf(shape) * elementBytes(dtype)
    if (bytes > maximumBytes)
      throw refusal(`weights of at most ${maximumBytes} bytes`, `${bytes} with ${name}`)
  }
  return header as Header
}

function checkEntry(entry: Partial<WeightEntry>): WeightEntry {
  const { name, shape, dtype } = entry
  if (typeof name !== 'string') throw refusal('names of weights as text', describe(name))
  const demand = (holds: boolean, wanted: string, got: unknown) => {
    if (!holds)
      throw refusal(`${wanted} for ${name}`, typeof got === 'object' ? JSON.stringify(got) : got)
  }
  demand(
    Array.isArray(shape) && shape.every((side) => isWhole(side, LARGEST)),
    'a shape of whole numbers',
    shape,
  )
  demand(sizeOf(shape!) <= LARGEST, 'less than 2^32 elements', sizeOf(shape!))
  demand(
    dtype === 'float32' || dtype === 'int32' || dtype === 'bool',
    'float32, int32 or bool as dtype',
    dtype,
  )
  demand(isWhole(entry.kept, sizeOf(shape!)), `kept to be 0 to ${sizeOf(shape!)}`, entry.kept)
  demand(isWhole(entry.crc, LARGEST), 'a CRC-32', entry.crc)
  checkPositions(entry as WeightEntry, demand)
  checkValues(entry as WeightEntry, demand)
  return entry as WeightEntry
}

type Demand = (holds: boolean, wanted: string, got: unknown) => void

function checkPositions(entry: WeightEntry, demand: Demand): void {
  const { shape, kept, positions, positionBytes, countParameter, dtype } = entry
  const size = sizeOf(shape)
  const most = positions === 'all' ? 0 : Math.ceil(size / 8)
  demand(positionKinds.includes(positions), `positions to be one of ${positionKinds}`, positions)
  demand(isWhole(positionBytes, most), `at most ${most} bytes of positions`, positionBytes)
  demand(positions !== 'all' || kept === size, `${size} values where all are kept`, kept)
  demand(positions === 'all' || dtype === 'float32', `all positions of ${dtype}`, positions)
  if (positions !== 'rows' && positions !== 'columns') return
  demand(hasRows(shape), `a shape with ${positions}`, shape)
  demand(isWhole(countParameter, 32), 'a Rice parameter of 0 to 32', countParameter)
}

function checkValues(entry: WeightEntry, demand: Demand): void {
  const { shape, dtype, kept, values, valueBytes, deflated, channels, centres } = entry
  const isFloat = dtype === 'float32'
  demand(
    isFloat ? compressedTypes.includes(values as CompressedType) : values === dtype,
    `values that suit ${dtype}`,
    values,
  )
  if (values === 'int8') {
    const { stride, count } = channels ?? { stride: 0, count: 0 }
    const holds = isWhole(stride, LARGEST) && isWhole(count, LARGEST) && stride * count > 0
    demand(
      holds && sizeOf(shape) % (stride * count) === 0,
      'channels that divide the shape',
      channels,
    )
  }
  if (values.startsWith('codebook')) {
    const most = 2 ** bitsOf(values as CompressedType)
    demand(isWhole(centres, most) && centres! > 0 === kept > 0, `1 to ${most} centres`, centres)
  }
  const most = mostValueBytes(entry)
  demand(isWhole(valueBytes, most), `at most ${most} bytes of values`, valueBytes)
  if (deflated !== undefined) {
    const width = valueWidth(values)
    demand(isAscending(deflated, width) && kept > 0, `deflated planes below ${width}`, deflated)
    const least = (width - deflated.length) * kept
    demand(valueBytes >= least, `at least ${least} bytes of values`, valueBytes)
  } else demand(values === 'int8' || valueBytes === most, `${most} bytes of values`, valueBytes)
}

/** Whether it is a list of at least one whole number below `end`, each above the one before. */
function isAscending(list: unknown, end: number): boolean {
  const isNext = (value: unknown, i: number, all: readonly number[]) =>
    isWhole(value, end - 1) && !(all[i - 1]! >= all[i]!)
  return Array.isArray(list) && list.length > 0 && list.every(isNext)
}

/**
 * Bytes of the values when they are not deflated; for int8 with a step for each value or channel,
 * whichever are fewer.
 */
function mostValueBytes({ kept, values, channels, centres }: WeightEntry): number {
  if (kept === 0) return 0
  if (values === 'int32') return 4 * kept
  if (values === 'bool') return kept
  if (values === 'int8') return 4 + Math.min(kept, channels!.count) + kept
  const table = values.startsWith('codebook') ? 4 * centres! : 0
  return table + Math.ceil((kept * bitsOf(values)) / 8)
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
}

function asObject(value: unknown, wanted: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw refusal(wanted, describe(value))
}
