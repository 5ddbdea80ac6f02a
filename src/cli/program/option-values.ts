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
