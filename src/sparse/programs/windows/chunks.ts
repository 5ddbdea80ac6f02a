import type { Product, Step } from '../../network/network.js'
import type { Builder, PlaneProduct, Task } from '../layout/builder.js'
import { newPlanes } from '../layout/forms.js'
import { imageOf } from '../layout/layouts.js'
import { isDense, multiplication } from './multiply.js'
import { asPlanes, onPlanes } from './plane-products.js'

/** Bytes that stay in the cache between a product and the one that reads it. */
const CACHE = 1 << 17

/** The next step alone reads the outcome, channel by channel: both are done for a few at a time. */
export function isHandedOn({ network, ...builder }: Builder, step: Step): boolean {
  const { output } = step
  const [reader, ...others] = builder.uses.consumers[output] ?? []
  if (!reader || others.length > 0 || network.outputs.includes(output)) return false
  if (network.steps[network.steps.indexOf(step) + 1] !== reader) return false
  const { operation } = reader
  const channels = imageOf(builder.shapeOf(output))[2]
  return (
    operation.kind === 'product' &&
    asPlanes({ network, ...builder }, reader.output) &&
    isDepthwise(operation, channels) &&
    !isDense(operation.matrix, builder.costs)
  )
}

/** Each row reads the channel of its own number alone. */
function isDepthwise({ matrix: { rows, starts, indices } }: Product, channels: number): boolean {
  if (rows !== channels) return false
  for (let row = 0; row < rows; row++)
    for (let k = starts[row]!; k < starts[row + 1]!; k++)
      if (indices[k]! % channels !== row) return false
  return true
}

/** Two products, the second of them depthwise, by a few channels at a time. */
export function inChunks(builder: Builder, first: PlaneProduct, second: PlaneProduct): void {
  const { multiplication: before, like: between } = onPlanes(builder, first)
  const size = 4 * Math.max(1, Math.floor(CACHE / 16 / between.plane))
  const channels = Math.min(size, between.channels)
  const chunk = builder.addValue([between.height, between.width, channels])
  const { buffer } = newPlanes(builder, chunk, { ...between, channels })
  const copies: (() => Task)[] = []
  const inside = { ...builder, emit: (make: () => Task) => copies.push(make) }
  const { multiplication: behind, like } = onPlanes(inside, { ...second, input: chunk })
  const to = newPlanes(builder, second.output, like)
  const fill = multiplication(builder, { ...before, output: { buffer, bytes: 0 } })
  const take = multiplication(builder, { ...behind, output: { buffer: to.buffer, bytes: 0 } })
  builder.emit(() => {
    const copy = copies.map((make) => make())
    const tasks: Task[] = []
    for (let row = 0; row < between.channels; row += channels) {
      const rows = { first: row, end: Math.min(row + channels, between.channels) }
      tasks.push(fill(rows, 0), ...copy, take(rows))
    }
    return (samples) => {
      for (const task of tasks) task(samples)
    }
  })
}
