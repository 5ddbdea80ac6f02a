/** A typed array, of any kind. */
export type StoredArray = Exclude<ArrayBufferView, DataView>

/** An array that was taken out of plain data. */
export interface FoundArray {
  /** Where it was, such as `trained.out/kernel`. */
  readonly path: string
  readonly array: StoredArray
  /** The shape that stands beside it, if it has as many elements. */
  readonly shape: readonly number[]
}

/** Plain data without its arrays: JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/** The key of an object that stands for something that JSON lacks. */
const TAG = '$'

/**
 * Writes plain data as JSON. Typed arrays are handed to `store`, which answers with the JSON that
 * stands for each. NaN, infinite numbers, -0 and undefined come back as they are.
 *
 * @throws {TypeError} For anything else, such as a function or a date, with its place.
 */
export function toJsonValue(data: unknown, store: (found: FoundArray) => Json): Json {
  const write = (value: unknown, path: string, shape?: unknown): Json => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (value === undefined) return { [TAG]: 'undefined' }
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { [TAG]: nameOf(value) }
    if (Array.isArray(value)) return value.map((one, i) => write(one, join(path, `${i}`)))
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const array = value as StoredArray
      return { [TAG]: 'array', array: store({ path, array, shape: shapeOf(array, shape) }) }
    }
    if (!isRecord(value)) throw unknownKind(value, path)
    const own = (key: string) => write(value[key], join(path, key), value.shape)
    const written = Object.fromEntries(Object.keys(value).map((key) => [key, own(key)]))
    return TAG in written ? { [TAG]: 'object', object: written } : written
  }
  return write(data, '')
}

/** Reads the JSON of {@link toJsonValue}; `load` gives the array that a piece of JSON stands for. */
export function fromJsonValue(json: Json, load: (json: Json) => StoredArray): unknown {
  const read = (value: Json): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(read)
    const tagged = value as { readonly [key: string]: Json }
    const kind = tagged[TAG]
    if (kind === undefined) return readAll(tagged)
    if (kind === 'undefined') return undefined
    if (kind === 'array') return load(tagged.array!)
    return kind === 'object' ? readAll(tagged.object as typeof tagged) : Number(kind)
  }
  const readAll = (record: { readonly [key: string]: Json }) =>
    Object.fromEntries(Object.entries(record).map(([key, one]) => [key, read(one)]))
  return read(json)
}

const nameOf = (value: number) => (Object.is(value, -0) ? '-0' : `${value}`)

const join = (path: string, key: string) => (path === '' ? key : `${path}.${key}`)

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]'
}

function shapeOf(array: StoredArray, shape: unknown): readonly number[] {
  const { length } = array as unknown as ArrayLike<number>
  if (!Array.isArray(shape)) return [length]
  return shape.reduce((product, side) => product * side, 1) === length ? shape : [length]
}

function unknownKind(value: unknown, path: string): TypeError {
  const kind = typeof value === 'object' ? (value as object).constructor?.name : typeof value
  return new TypeError(`Cannot store the run: expected plain data in ${path}, got a ${kind}`)
}
