import { elementwise } from '../../network/elementwise.js'
import type { Activate, ParametricRelu, Scale, Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'
import { imageOf } from '../layout/layouts.js'
import { sameFlat, sameForm } from './same-form.js'

export function lowerActivate(builder: Builder, step: Step, operation: Activate): void {
  const { from, to, floats: length } = sameForm(builder, step.inputs[0]!, step.output)
  const { kernels, constants } = builder
  if (operation.name === 'cut') {
    const { least = -Infinity, most = Infinity } = operation.parameters
    const bounds = constants.place(Float32Array.of(least, most))
    builder.emit(() => () => {
      kernels.cut({ input: from.address, out: to.address, bounds, length })
    })
    return
  }
  const change = elementwise(operation)
  builder.emit(() => () => {
    const floats = builder.floats()
    const shift = (to.address - from.address) / 4
    const end = from.address / 4 + length
    for (let i = from.address / 4; i < end; i++) floats[i + shift] = change(floats[i]!)
  })
}

export function lowerScale(builder: Builder, step: Step, { factors, terms }: Scale): void {
  const { from, to, floats, planes } = sameForm(builder, step.inputs[0]!, step.output)
  const { kernels, constants, lanes } = builder
  const channels = imageOf(builder.shapeOf(step.output))[2]
  const length = planes ? planes.plane : lanes
  const places = {
    factors: constants.place(factors),
    terms: constants.place(terms),
    ...{ channels, groups: floats / length, length, step: length * 4 },
  }
  builder.emit(() => {
    const call = { ...places, input: from.address, out: to.address }
    return () => kernels.scale(call)
  })
}

export function lowerParametricRelu(builder: Builder, step: Step, { alpha }: ParametricRelu): void {
  const { from, to } = sameFlat(builder, step.inputs[0]!, step.output)
  const { lanes } = builder
  builder.emit(() => () => {
    const floats = builder.floats()
    let [i, out] = [from.address / 4, to.address / 4]
    for (const factor of alpha) {
      for (let lane = 0; lane < lanes; lane++, i++, out++) {
        const x = floats[i]!
        floats[out] = x > 0 ? x : x * factor
      }
    }
  })
}
