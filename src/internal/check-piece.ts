import { describe } from './describe.js'

/** Kind of piece, with its article, e.g. `a granularity`. */
type Kind = `a ${string}` | `an ${string}`

/** The option that holds a piece. */
export interface PieceOption {
  /** The caller's task, e.g. `prune`. */
  readonly task: string
  /** Name of the option, e.g. `granularity`. */
  readonly name: string
  /** Kind of piece that the option takes. */
  readonly kind: Kind
}

interface ObjectOption extends PieceOption {
  /** A function that every piece of this kind has, e.g. `grains`. */
  readonly method: string
}

interface FunctionOption extends PieceOption {
  /** Most arguments that a piece of this kind declares. A factory may declare more. */
  readonly arity?: number
}

/** Throws a TypeError unless `value` is an object with the method; a function is a factory. */
export function checkObjectPiece(value: unknown, { method, ...option }: ObjectOption): void {
  if (typeof value === 'function') throw uncalledFactory(value, option)
  const members = value as Readonly<Record<string, unknown>> | null | undefined
  if (typeof members?.[method] === 'function') return
  const got = describe(value)
  throw refuse(option, got === 'object' ? `an object without ${method}` : got)
}

/** Throws a TypeError unless `value` is a function of at most `arity` arguments. */
export function checkFunctionPiece(value: unknown, { arity, ...option }: FunctionOption): void {
  if (typeof value !== 'function') throw refuse(option, describe(value))
  if (arity !== undefined && value.length > arity) throw uncalledFactory(value, option)
}

/**
 * Calls a piece and gives its answer. Throws a TypeError if `piece` is a factory that was not
 * called: it answers with a piece, or it throws without a look at its first argument, which it took
 * for its options. Other errors are passed on, and so is any error of a function that carries
 * members, such as `needs` or `settings`: only a finished piece has them.
 */
export function askPiece<A extends readonly unknown[], R>(
  piece: (...args: A) => R,
  args: A,
  option: PieceOption,
): R {
  const outcome = callPiece(piece, args)
  if (outcome.isFactory) throw uncalledFactory(piece, option, outcome.error)
  if ('error' in outcome) throw outcome.error
  return outcome.answer
}

/** As {@link askPiece}, for arguments on which a piece may throw: only a factory is refused. */
export function refuseFactory<A extends readonly unknown[]>(
  piece: (...args: A) => unknown,
  args: A,
  option: PieceOption,
): void {
  const { isFactory, error } = callPiece(piece, args)
  if (isFactory) throw uncalledFactory(piece, option, error)
}

/** The error for a factory where the piece that it makes is wanted. */
export function uncalledFactory(
  factory: { readonly name: string },
  option: PieceOption,
  cause?: unknown,
): TypeError {
  const { name } = factory
  const call = name ? `call it, ${name}()` : 'call it'
  const error = refuse(
    option,
    `a factory: ${name || 'it'} is a function that makes ${option.kind}: ${call}`,
  )
  return cause === undefined ? error : Object.assign(error, { cause })
}

function refuse({ task, name, kind }: PieceOption, got: string): TypeError {
  return new TypeError(`Cannot ${task}: expected ${name} to be ${kind}, got ${got}`)
}

type Outcome<R> =
  | { readonly answer: R; readonly isFactory: boolean; readonly error?: undefined }
  | { readonly error: unknown; readonly isFactory: boolean }

function callPiece<A extends readonly unknown[], R>(piece: (...args: A) => R, args: A): Outcome<R> {
  const keys: PropertyKey[] = []
  // A rule is asked once about no rounds. All other pieces get their own arguments first.
  const given = isEmptyList(args[0]) ? watched(args, keys) : args
  try {
    const answer = piece(...given)
    return { answer, isFactory: typeof answer === 'function' }
  } catch (error) {
    if (Object.keys(piece).length > 0) return { error, isFactory: false }
    if (given === args) ignoreErrors(() => piece(...watched(args, keys)))
    return { error, isFactory: !isMember(keys[0], args[0]) }
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function ignoreErrors(call: () => unknown): void {
  try {
    call()
  } catch {
    // It has thrown before.
  }
}

/**
 * Whether the first key that was read belongs to the argument. A rule reads the length of the
 * rounds; a factory asks for options that are not there, or for none. Later keys do not count: an
 * error message may list the whole argument.
 */
function isMember(key: PropertyKey | undefined, argument: unknown): boolean {
  if (key === undefined || typeof argument !== 'object' || argument === null)
    return key !== undefined
  return key in argument || (Array.isArray(argument) && /^\d+$/.test(String(key)))
}

/** The arguments, of which the first notes the keys that are read. */
function watched<A extends readonly unknown[]>([first, ...others]: A, keys: PropertyKey[]): A {
  return [watch(first, (key) => keys.push(key)), ...others] as unknown as A
}

/** Stands in for a value, and tells which of its members are read. */
function watch(value: unknown, tell: (key: PropertyKey) => void): unknown {
  if (typeof value === 'object' && value !== null) {
    const get = (target: object, key: PropertyKey, receiver: unknown) => {
      tell(key)
      return Reflect.get(target, key, receiver)
    }
    return new Proxy(value, { get })
  }
  // A number is read in arithmetic. The hint `string` comes from an error message.
  const read = (hint: string) => {
    if (hint !== 'string') tell(hint)
    return value
  }
  return { [Symbol.toPrimitive]: read }
}
