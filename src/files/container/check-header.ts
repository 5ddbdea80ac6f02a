import { describe } from '../../internal/describe.js'
import { sizeOf } from '../../internal/size-of.js'
import type { Demand } from '../codecs/codec.js'
import { codecs } from '../codecs/codecs.js'
import { elementBytes, isElementType } from '../model/elements.js'
import { refusal } from '../model/refusal.js'
import { positionKinds } from '../positions/positions.js'
import { hasRows } from '../positions/rows.js'
import { type Header, mostAxes, type WeightEntry, weightsAlone } from './header.js'
import { fieldsOf } from './share-sections.js'

const LARGEST = 0xffff_ffff

/** Parts of a header that are objects where they are there. */
const OBJECTS = [
  'userDefinedMetadata',
  'signature',
  'trainingConfig',
  'modelInitializer',
  'initializerSignature',
] as const

/**
 * Checks all fields of a header before anything is allocated for them: their types and ranges, and
 * whether counts and lengths can belong together. Throws a RangeError.
 */
export function checkHeader(header: unknown, maximumBytes: number): Header {
  const parts: Partial<Header> = asObject(header, 'a header that is an object')
  const { modelTopology, weights } = parts
  if (modelTopology !== undefined || parts.format !== weightsAlone)
    asObject(modelTopology, 'modelTopology to be an object')
  for (const name of OBJECTS)
    if (parts[name] !== undefined) asObject(parts[name], `${name} to be an object`)
  if (!Array.isArray(weights)) throw refusal('a list of weights', describe(weights))
  const names = new Set<string>()
  const entries: WeightEntry[] = []
  let bytes = 0
  for (const weight of weights as readonly unknown[]) {
    const entry = checkEntry(asObject(weight, 'weights to be objects'))
    checkShared(entry, entries)
    entries.push(entry)
    const { name, dtype } = entry
    if (names.has(name)) throw refusal('each weight once', `${name} twice`)
    names.add(name)
    bytes += mostKept(entry) * elementBytes(dtype)
    if (bytes > maximumBytes)
      throw refusal(`weights of at most ${maximumBytes} bytes`, `${bytes} with ${name}`)
  }
  return header as Header
}

function checkEntry(entry: Partial<WeightEntry>): WeightEntry {
  const { name, shape, dtype } = entry
  if (typeof name !== 'string') throw refusal('names of weights as text', describe(name))
  const demand: Demand = (holds, wanted, got) => {
    if (!holds)
      throw refusal(`${wanted} for ${name}`, typeof got === 'object' ? JSON.stringify(got) : got)
  }
  demand(
    Array.isArray(shape) && shape.every((side) => isWhole(side, LARGEST)),
    'a shape of whole numbers',
    shape,
  )
  demand(shape!.length <= mostAxes, `at most ${mostAxes} axes`, shape!.length)
  demand(sizeOf(shape!) <= LARGEST, 'less than 2^32 elements', sizeOf(shape!))
  demand(dtype !== 'string' || holdsTexts(entry as WeightEntry), 'bytes of texts', entry.kept)
  demand(isElementType(dtype), 'float32, int32, bool or string as dtype', dtype)
  const most = dtype === 'string' ? LARGEST : sizeOf(shape!)
  demand(isWhole(entry.kept, most), `kept to be 0 to ${most}`, entry.kept)
  demand(isWhole(entry.crc, LARGEST), 'a CRC-32', entry.crc)
  checkPositions(entry as WeightEntry, demand)
  checkValues(entry as WeightEntry, demand)
  return entry as WeightEntry
}

/** A shared section is that of an earlier weight of the same fields, which has it itself. */
function checkShared(entry: WeightEntry, before: readonly WeightEntry[]): void {
  const { name, sameAs } = entry
  if (sameAs === undefined) return
  const first = before[sameAs]
  if (first && first.sameAs === undefined && fieldsOf(first) === fieldsOf(entry)) return
  throw refusal(`an earlier weight with the fields of ${name} as sameAs`, describe(sameAs))
}

function checkPositions(entry: WeightEntry, demand: Demand): void {
  const { shape, kept, positions, positionBytes, countParameter, dtype } = entry
  const size = mostKept(entry)
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
  const { dtype, kept, values, valueBytes, deflated } = entry
  const codec = Object.hasOwn(codecs, values) ? codecs[values] : undefined
  demand(codec?.dtype === dtype, `values that suit ${dtype}`, values)
  codec!.checkFields?.(entry, demand)
  const most = kept === 0 ? 0 : codec!.mostBytes(entry)
  demand(isWhole(valueBytes, most), `at most ${most} bytes of values`, valueBytes)
  if (deflated !== undefined) {
    const { width } = codec!
    demand(isAscending(deflated, width) && kept > 0, `deflated planes below ${width}`, deflated)
    const least = (width - deflated.length) * kept
    demand(valueBytes >= least, `at least ${least} bytes of values`, valueBytes)
    return
  }
  const least = (kept > 0 && codec!.leastBytes?.(entry)) || most
  const wanted = least === most ? `${most}` : `${least} to ${most}`
  demand(valueBytes >= least, `${wanted} bytes of values`, valueBytes)
}

/** Whether there are as many bytes as the lengths of texts take, and none without texts. */
function holdsTexts({ shape, kept }: WeightEntry): boolean {
  const count = sizeOf(shape)
  return count === 0 ? kept === 0 : kept >= 4 * count
}

/** The values of a weight of which all are kept. The texts of a weight are all kept. */
function mostKept({ shape, dtype, kept }: WeightEntry): number {
  return dtype === 'string' ? kept : sizeOf(shape)
}

/** Whether it is a list of at least one whole number below `end`, each above the one before. */
function isAscending(list: unknown, end: number): boolean {
  const isNext = (value: unknown, i: number, all: readonly number[]) =>
    isWhole(value, end - 1) && !(all[i - 1]! >= all[i]!)
  return Array.isArray(list) && list.length > 0 && list.every(isNext)
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
}

function asObject(value: unknown, wanted: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw refusal(wanted, describe(value))
}
