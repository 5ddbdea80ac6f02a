import type { LayerCall, Step } from '../network/network.js'
import { reader, writer } from './batches.js'
import type { Builder } from './layout/builder.js'
import { sizeOf } from './layout/layouts.js'

/** Hands batches in row-major order to tfjs. */
export function lowerLayerCall(builder: Builder, step: Step, { call }: LayerCall): void {
  const shapes = step.inputs.map(builder.shapeOf)
  const readers = step.inputs.map((value) => reader(builder, value))
  const write = writer(builder, step.output)
  const size = sizeOf(builder.shapeOf(step.output))
  builder.emit(() => {
    const reads = readers.map((make) => make())
    const put = write()
    return (samples) => {
      const inputs = reads.map((read, i) => {
        const shape = shapes[i]!
        const values = new Float32Array(samples * sizeOf(shape))
        read(values)
        return { values, shape }
      })
      const { values } = call(inputs, samples)
      if (values.length !== samples * size)
        throw new RangeError(
          `Cannot run ${step.layer}: expected ${samples} x ${size} numbers from tfjs, got ` +
            `${values.length}`,
        )
      put(values, 0)
    }
  })
}
