import type { Dimension, LayerKind, WeightUse } from './layer-kind.js'

const USES: readonly WeightUse[] = ['kernel', 'scale', 'shift', 'mean', 'variance', 'other']
const DIMENSIONS: readonly Dimension[] = [
  ...(['in', 'out', 'multiple', 'gate', 'state', 'row', 'middle'] as const),
]

/** Throws a TypeError unless a kind is one, whatever a caller without types may hand in. */
export function checkKind(kind: LayerKind): void {
  const { className, weights, outputs = [] } = kind ?? {}
  expect(isText(className), 'a class name as text', className)
  expect(typeof weights === 'object' && weights !== null, `weights of ${className}`, weights)
  for (const [role, weight] of Object.entries(weights)) {
    expect(role !== '', `names for all weights of ${className}`, role)
    const name = `${className}/${role}`
    expect(USES.includes(weight?.use), `${USES.join(', ')} as use of ${name}`, weight?.use)
    expect(Array.isArray(weight.axes), `a list of axes of ${name}`, weight.axes)
    for (const dimension of [...weight.axes.flat(), ...(weight.makes ?? [])])
      expect(DIMENSIONS.includes(dimension), `${DIMENSIONS.join(', ')} in ${name}`, dimension)
  }
  for (const dimension of outputs)
    expect(DIMENSIONS.includes(dimension), `${DIMENSIONS.join(', ')} in outputs`, dimension)
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function expect(condition: boolean, wanted: string, got: unknown): void {
  if (condition) return
  throw new TypeError(
    `Cannot register a layer kind: expected ${wanted}, got ${JSON.stringify(got)}`,
  )
}
