import { describe } from './describe.js'
import { isOptionError, optionError } from './option-error.js'
import { quietPromise } from './quiet-promise.js'

/** Each kind of piece, with its article, and one of them as a caller writes it. */
const EXAMPLES = {
  'a criterion': 'magnitude()',
  'a granularity': 'units()',
  'a loss': 'paper.black()',
  'a rewinder': 'rewindToInitial()',
  'a schedule': 'geometric()',
  'a stopping rule': 'falseNegativesAtMost(3)',
  'a store of a run': "folderStore('runs/a')",
  'a teacher': 'denseTeacher()',
  'a training function': 'fit(data, { optimizer, epochs })',
  'an allocator': 'perLayer()',
  'an augmentation': 'shiftImages({ pixels: 2 })',
  'an evaluation function': 'evaluateOn(data, { positiveClass: 1 })',
} as const

/** The option that holds a piece. */
export interface PieceOption {
  /** The caller's task, e.g. `prune`. */
  readonly task: string
  /** Name of the option, e.g. `granularity`. */
  readonly name: string
  /** Kind of piece that the option takes. */
  readonly kind: keyof typeof EXAMPLES
}

interface ObjectOption extends PieceOption {
  /** A function that every piece of this kind has, e.g. `grains`. */
  readonly method: string
}

/** Throws a TypeError unless `value` is an object with the method; a function is a factory. */
export function checkObjectPiece(value: unknown, { method, ...option }: ObjectOption): void {
  if (typeof value === 'function') throw uncalledFactory(value, option)
  const members = value as Readonly<Record<string, unknown>> | null | undefined
  if (typeof members?.[method] === 'function') return
  const got = describe(value)
  throw refuse(option, got === 'object' ? `an object without ${method}` : got)
}

/** Throws a TypeError unless `value` is a function. */
export function checkFunctionPiece(value: unknown, option: PieceOption): void {
  if (typeof value !== 'function') throw refuse(option, describe(value))
}

/**
 * Calls a piece and gives its answer. Throws a TypeError if `piece` is a factory that was not
 * called: it answers with a function, or it takes what it is given for its options and refuses
 * them. Other errors are passed on.
 */
export function askPiece<A extends readonly unknown[], R>(
  piece: (...args: A) => R,
  args: A,
  option: PieceOption,
): R {
  let answer: R
  try {
    answer = piece(...args)
  } catch (error) {
    if (refusesOptions(piece, error)) throw uncalledFactory(piece, option, error)
    throw error
  }
  if (typeof answer === 'function') throw uncalledFactory(piece, option)
  return answer
}

/** As {@link askPiece}, for arguments on which a piece may throw: only a factory is refused. */
export function refuseFactory<A extends readonly unknown[]>(
  piece: (...args: A) => unknown,
  args: A,
  option: PieceOption,
): void {
  let answer: unknown
  try {
    answer = piece(...args)
  } catch (error) {
    if (refusesOptions(piece, error)) throw uncalledFactory(piece, option, error)
  }
  if (typeof answer === 'function') throw uncalledFactory(piece, option)
  quietPromise(answer)
}

/** Whether a call failed since it was one of a factory. A function with members is a piece. */
export function refusesOptions(piece: object, error: unknown): boolean {
  return isOptionError(error) && Object.keys(piece).length === 0
}

/** The error for a factory where the piece that it makes is wanted. */
export function uncalledFactory(
  factory: { readonly name: string },
  option: PieceOption,
  cause?: unknown,
): TypeError {
  const { name } = factory
  const call = name ? `call it, ${name}()` : 'call it'
  const got = `a factory: ${name || 'it'} is a function that makes ${option.kind}: ${call}`
  const error = new TypeError(messageOf(option, option.kind, got))
  return cause === undefined ? error : Object.assign(error, { cause })
}

function refuse(option: PieceOption, got: string): TypeError {
  const wanted = `${option.kind}, such as ${EXAMPLES[option.kind]}`
  return optionError(new TypeError(messageOf(option, wanted, got)))
}

function messageOf({ task, name }: PieceOption, wanted: string, got: string): string {
  return `Cannot ${task}: expected ${name} to be ${wanted}, got ${got}`
}
