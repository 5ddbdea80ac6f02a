import type { OptionCheck } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { optionError } from '../../internal/option-error.js'

const WANTED = "a URL such as 'redis://localhost:6379', or options of ioredis"

/** Throws unless `value` says where Redis is; a password is never part of the message. */
export const checkConnection: OptionCheck = (value, { task, name }) => {
  const message = (got: string) => `Cannot ${task}: expected ${name} to be ${WANTED}, got ${got}`
  if (typeof value === 'string') {
    if (/^rediss?:$/.test(protocolOf(value) ?? '')) {
      if (!new URL(value).pathname.includes('@')) return
      const got = 'an @ in its path: write signs of a password by encodeURIComponent'
      throw optionError(new RangeError(message(got)))
    }
    const got = protocolOf(value) ? `a URL of ${protocolOf(value)}` : 'a text that is none'
    throw optionError(new RangeError(message(got)))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw optionError(new TypeError(message(describe(value))))
  if ('keyPrefix' in value)
    throw optionError(new RangeError(message('keyPrefix, which BullMQ does not allow')))
}

/** Throws unless `value` is a name that keys of Redis can hold. */
export const checkName: OptionCheck = (value, { task, name }) => {
  const wanted = 'a name of letters, digits, dots, dashes and underscores'
  const message = `Cannot ${task}: expected ${name} to be ${wanted}, got ${describe(value)}`
  if (typeof value !== 'string') throw optionError(new TypeError(message))
  if (!/^[\p{L}\p{N}._-]+$/u.test(value)) throw optionError(new RangeError(message))
}

function protocolOf(text: string): string | undefined {
  try {
    return new URL(text).protocol
  } catch {
    return undefined
  }
}
