import type { LayerKind } from '../layer-kinds/layer-kind.js'
import { expectSame, expectThat } from './expectations.js'
import { isOpen, type KindExample, type TriedLayer } from './kind-example.js'

/** Throws unless the sizes of dimensions multiply to the sides of a weight. */
export function expectSides(
  { window, weights, recurrent }: LayerKind,
  { role, shape, axes, use }: TriedLayer['weights'][number],
  { layer, sizes }: TriedLayer,
): void {
  for (const [axis, names] of axes.entries()) {
    if (names.length === 0 || shape[axis] === 1) continue
    const wanted = names.map((name) => sizes.get(name) ?? Number.NaN)
    expectSame(
      shape[axis],
      wanted.reduce((product, size) => product * size, 1),
      `axis ${axis} of ${role}, ${names.join(' times ')}`,
    )
  }
  if (use !== 'kernel' || weights[role] === undefined || recurrent) return
  const front = shape.slice(0, axes.filter((names) => names.length === 0).length)
  const { kernelSize } = layer.getConfig() as { kernelSize?: readonly number[] }
  const isPoint = front.every((side) => side === 1)
  if (!isPoint || window) {
    const wanted = isPoint ? front : (window && kernelSize) || []
    expectSame(front, [...wanted], `the window of ${role}`)
  }
}

/**
 * The channels of the output are as many as its dimensions multiply to, and a window that spreads
 * makes no side shorter, one that gathers none longer.
 */
export function expectOutputs(
  { kind, inputShape, inputs = 1 }: KindExample,
  tried: TriedLayer,
): void {
  const { outputs = ['out'], passes = 'same', window, recurrent } = kind
  if (passes !== 'same' || !isOpen({ kind, inputShape }, tried)) return
  const shapes = Array.from({ length: inputs }, () => [...inputShape])
  const found = tried.layer.computeOutputShape(inputs === 1 ? shapes[0]! : shapes) as number[]
  const wanted = outputs.reduce((product, name) => product * (tried.sizes.get(name) ?? 1), 1)
  expectSame(found.at(-1), wanted, `the channels of the output, ${outputs.join(' times ')}`)
  if (!window || recurrent) return
  const growth = found.slice(1, -1).map((side, axis) => side - inputShape[axis + 1]!)
  const isSo = growth.every((by) => (window === 'spreads' ? by >= 0 : by <= 0))
  expectThat(isSo, `sides as of a window that ${window}`, found)
}
