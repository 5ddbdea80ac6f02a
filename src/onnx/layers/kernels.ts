import { sizeOf } from '../../internal/size-of.js'
import type { LayerToWrite, Weight } from './layer-writer.js'

/** Values with their axes in another order: axis i of the outcome is axis `axes[i]`. */
export function permuted({ shape, values }: Omit<Weight, 'name'>, axes: readonly number[]) {
  const made = axes.map((axis) => shape[axis]!)
  const steps = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  const turned = new Float32Array(values.length)
  const place = new Array<number>(axes.length).fill(0)
  let from = 0
  for (let i = 0; i < turned.length; i++) {
    turned[i] = values[from]!
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const step = steps[axes[axis]!]!
      from += step
      if (++place[axis]! < made[axis]!) break
      from -= step * made[axis]!
      place[axis] = 0
    }
  }
  return { shape: made, values: turned }
}

/** Axes of a kernel of tfjs, [...window, a, b], in the order of ONNX: [b, a, ...window]. */
export function windowLast(rank: number): readonly number[] {
  return [rank - 1, rank - 2, ...Array.from({ length: rank - 2 }, (_, axis) => axis)]
}

/**
 * The name of the kernel [...window, a, b] as a constant [b, a, ...window].
 *
 * @param channelAxis That of the output channels in the constant.
 */
export function windowKernel(
  { graph, weight }: LayerToWrite,
  { role = 'kernel', channelAxis = 0 }: { role?: string; channelAxis?: number } = {},
): string {
  const kernel = weight(role)!
  return graph.constant(kernel.name, () => ({
    ...permuted(kernel, windowLast(kernel.shape.length)),
    channelAxis,
  }))
}

/** The name of the kernel [...window, channels, times] of a layer that sees each channel alone. */
export function depthwiseKernel({ graph, weight }: LayerToWrite, role: string): string {
  const kernel = weight(role)!
  return graph.constant(kernel.name, () => {
    const rank = kernel.shape.length
    const window = Array.from({ length: rank - 2 }, (_, axis) => axis)
    const { shape, values } = permuted(kernel, [rank - 2, rank - 1, ...window])
    const [channels, times, ...size] = shape as [number, number, ...number[]]
    return { shape: [channels * times, 1, ...size], values, channelAxis: 0 }
  })
}
