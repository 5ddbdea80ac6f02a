import { camelCase } from '../../internal/camel-case.js'
import { describe } from '../../internal/describe.js'
import { readingError } from './reading-error.js'

/** Options of a layer; keys are those of tfjs (`kernelSize`), texts may be those of Python. */
export type Config = Readonly<Record<string, unknown>>

/** A value of JSON with all keys in the words of tfjs; texts stay. */
export function withCamelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withCamelKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [camelCase(key), withCamelKeys(inner)]),
  )
}

/** An option that is a text, in the words of tfjs. */
export function textOption(config: Config, key: string, otherwise: string): string {
  const value = config[key] ?? otherwise
  if (typeof value !== 'string') throw readingError(`a text for ${key}`, describe(value))
  return camelCase(value)
}

/** An option that is a finite number. */
export function numberOption(config: Config, key: string, otherwise?: number): number {
  const value = config[key] ?? otherwise
  if (!Number.isFinite(value)) throw readingError(`a number for ${key}`, describe(value))
  return value as number
}

/** An option that is a whole number of at least 1. */
export function countOption(config: Config, key: string, otherwise?: number): number {
  const value = config[key] ?? otherwise
  if (!isCount(value)) throw readingError(`a whole number for ${key}`, describe(value))
  return value
}

/** An option that is one whole number for all axes, or one for each of `axes` axes. */
export function countsOption(
  config: Config,
  key: string,
  { axes, otherwise }: { axes: number; otherwise?: number | readonly number[] | undefined },
): number[] {
  const value = config[key] ?? otherwise
  const all = Array.isArray(value) ? value : new Array<unknown>(axes).fill(value)
  if (all.length !== axes || !all.every(isCount))
    throw readingError(`${axes} whole numbers for ${key}`, JSON.stringify(value))
  return all
}

/** An option that is true or false. */
export function flagOption(config: Config, key: string, otherwise: boolean): boolean {
  return (config[key] ?? otherwise) === true
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1
}
