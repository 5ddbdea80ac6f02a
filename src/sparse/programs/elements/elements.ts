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
    builder.emit(() => {
      const places = { input: from.address, out: to.address, bounds, length }
      return () => kernels.cut(places)
    })
    return
  }
  const activate = builder.loops.activate(operation)
  builder.emit(() => {
    const places = { from: from.address, to: to.address, length }
    return () => activate(places)
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
  const relu = builder.loops.parametricRelu(alpha, builder.lanes)
  builder.emit(() => {
    const places = { from: from.address, to: to.address }
    return () => relu(places)
  })
}
