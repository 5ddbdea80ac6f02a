/** A count with commas: 1,234,567. */
export const countText = (count: number): string => count.toLocaleString('en-US')

/** Bytes in kB of 1,000 bytes, or MB from 10 MB on. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1e7) return `${decimal(bytes / 1000)} kB`
  return `${decimal(bytes / 1e6)} MB`
}

/** A share as a percentage: 12.5 %. */
export const percentText = (share: number): string =>
  `${(100 * share).toLocaleString('en-US', { maximumFractionDigits: 2 })} %`

/** The sides of a shape: 3 x 3 x 16. */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 0 ? 'scalar' : shape.map((side) => (side < 0 ? '?' : side)).join(' x ')

/** A long path of names without its beginning: .../block_2/conv/kernel. */
export function nameText(name: string, longest = 56): string {
  if (name.length <= longest) return name
  const end = name.slice(-longest + 4)
  const cut = end.indexOf('/')
  return `...${cut < 0 ? end : end.slice(cut)}`
}

const decimal = (value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
