import { describe } from '../internal/describe.js'

/**
 * Why JSON would not give a value back as it is, as a place and a value, e.g. `rate.high is NaN`;
 * undefined for a value that it would.
 *
 * @param name The name of the value, with which its place begins.
 */
export function jsonProblem(value: unknown, name: string): string | undefined {
  return problemIn(value, name, [])
}

function problemIn(value: unknown, place: string, around: readonly unknown[]): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${place} is ${value}`
  if (typeof value !== 'object') return `${place} is ${described(value)}`
  if (around.includes(value)) return `${place} holds itself`
  const inside = [...around, value]
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const problem = problemIn(value[i], `${place}[${i}]`, inside)
      if (problem !== undefined) return problem
    }
    return undefined
  }
  if (!isPlain(value)) return `${place} is ${described(value)}`
  for (const [name, inner] of Object.entries(value)) {
    const problem = problemIn(inner, `${place}.${name}`, inside)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Whether an object is one of names and values alone, and not of a class. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function described(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    if ('dataId' in value) return 'a tensor'
    const { name } = value.constructor ?? {}
    return name ? `an object of the class ${name}` : 'an object'
  }
  return typeof value === 'function' ? 'a function' : describe(value)
}
