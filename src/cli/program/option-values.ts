import { InvalidArgumentError } from 'commander'

/** Reads the value of `--density`. */
export function densityValue(text: string): number {
  const density = Number(text)
  if (text.trim() !== '' && density > 0 && density <= 1) return density
  throw new InvalidArgumentError(
    'Expected a share of the weights above 0 and at most 1, such as 0.1.',
  )
}

/** Reads the value of `--cells`. */
export function cellsValue(text: string): number {
  const cells = Number(text)
  if (Number.isSafeInteger(cells) && cells >= 2) return cells
  throw new InvalidArgumentError('Expected a whole number of at least 2, such as 4.')
}

/** Reads the value of `--opset`. */
export function opsetValue(text: string): number {
  const opset = Number(text)
  if (Number.isInteger(opset) && opset >= 13 && opset <= 22) return opset
  throw new InvalidArgumentError('Expected a whole number from 13 to 22.')
}

/** Reads the value of an option that counts, such as `--workers`. */
export function countValue(text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw new InvalidArgumentError('Expected a whole number of at least 1, such as 2.')
}

/** Reads the value of an option in seconds, such as `--backoff`. */
export function secondsValue(text: string): number {
  const seconds = Number(text)
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0) return seconds
  throw new InvalidArgumentError('Expected a number of seconds of at least 0, such as 0.5.')
}

/** Reads the value of `--idle`. */
export function idleValue(text: string): number {
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds > 0) return seconds
  throw new InvalidArgumentError('Expected a number of seconds above 0, such as 60.')
}
