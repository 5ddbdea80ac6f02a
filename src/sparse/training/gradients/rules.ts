import type { Operation, Pad, Shape, Step, Window } from '../../network/network.js'
import { imageOf } from '../../programs/layout/layouts.js'
import { isPadded, poolMatrix, shareOf } from '../../programs/windows/matrices.js'
import { NotTrainable } from './not-trainable.js'
import { productInput } from './product-input.js'
import type { Tape, Trained } from './tape.js'

/** The gradients of a step's inputs, from that of its outcome; undefined for none. */
export type Rule = (
  step: Step,
  gradient: number,
  tape: Tape,
  trained: Trained,
) => readonly (number | undefined)[]

type Of<Kind extends Operation['kind']> = Extract<Operation, { readonly kind: Kind }>

const rule =
  <Kind extends Operation['kind']>(
    _: Kind,
    work: (
      operation: Of<Kind>,
      io: { inputs: readonly number[]; output: number; gradient: number },
      tape: Tape,
      trained: Trained,
    ) => readonly (number | undefined)[],
  ): Rule =>
  ({ operation, inputs, output }, gradient, tape, trained) =>
    work(operation as Of<Kind>, { inputs, output, gradient }, tape, trained)

const product = rule('product', (operation, { inputs, output, gradient }, tape, trained) => {
  const { bounds, matrix, bias } = operation
  const [input] = inputs as [number]
  const shape = tape.shapeOf(output)
  const inside =
    bounds && !tape.isCut(gradient)
      ? tape.emit({ kind: 'cutGradient', bounds }, [output, gradient], shape)
      : gradient
  if (trained(matrix.values) || (bias && trained(bias)))
    tape.emit({ kind: 'productGradient', product: operation }, [input, inside], [1])
  return [tape.isTrained(input) ? productInput(operation, { input, inside }, tape) : undefined]
})

const pool = rule('pool', ({ of, window }, { inputs, output, gradient }, tape) => {
  const [input] = inputs as [number]
  const shape = tape.shapeOf(input)
  if (of === 'maximum') {
    // A ReLU that the pool alone reads: its gradient is 0 where the maximum is cut.
    const bounds = tape.boundsOf(input)
    const operation = { kind: 'maximumGradient', window, ...(bounds && { bounds }) } as const
    return [tape.emit(operation, [input, output, gradient], shape)]
  }
  if (isPadded(window)) throw new NotTrainable('an average pool with padding has no gradient here')
  const channels = imageOf(shape)[2]
  const matrix = poolMatrix(window, channels, shareOf(window))
  return [productInput({ kind: 'product', window, matrix }, { input, inside: gradient }, tape)]
})

const globalPool = rule('globalPool', ({ of }, { inputs, output, gradient }, tape) => {
  const [input] = inputs as [number]
  const shape = tape.shapeOf(input)
  const [height, width, channels] = imageOf(shape)
  const image: Shape = [1, 1, channels]
  if (of === 'maximum') {
    const [most, pixel] = [output, gradient].map((value) =>
      tape.emit({ kind: 'reshape' }, [value], image),
    ) as [number, number]
    const window = { ...wholeWindow(height, width), strides: [height, width] as const }
    const operation = { kind: 'maximumGradient', window, each: true } as const
    return [tape.emit(operation, [input, most, pixel], shape)]
  }
  const factors = new Float32Array(channels).fill(1 / (height * width))
  const terms = new Float32Array(channels)
  const share = tape.emit({ kind: 'scale', factors, terms }, [gradient], [channels])
  const one = shape.map((_, axis) => (axis === shape.length - 1 ? channels : 1))
  const pixel = tape.emit({ kind: 'reshape' }, [share], one)
  const times = shape.map((side, axis) => (axis === shape.length - 1 ? 1 : side))
  return [tape.emit({ kind: 'enlarge', times }, [pixel], shape)]
})

const wholeWindow = (height: number, width: number): Window => ({
  size: [height, width],
  strides: [1, 1],
  dilations: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
})

const scale = rule('scale', ({ factors }, { gradient }, tape) => {
  const terms = new Float32Array(factors.length)
  return [tape.emit({ kind: 'scale', factors, terms }, [gradient], tape.shapeOf(gradient))]
})

const activate = rule('activate', (operation, { inputs, output, gradient }, tape) => {
  const shape = tape.shapeOf(gradient)
  if (operation.name === 'cut') {
    const { least = -Infinity, most = Infinity } = operation.parameters
    const bounds = [least, most] as const
    return [tape.emit({ kind: 'cutGradient', bounds }, [output, gradient], shape)]
  }
  const read = [inputs[0]!, gradient]
  return [tape.emit({ kind: 'activateGradient', activate: operation }, read, shape)]
})

const softmax = rule('softmax', ({ log }, { output, gradient }, tape) => [
  tape.emit({ kind: 'softmaxGradient', log }, [output, gradient], tape.shapeOf(gradient)),
])

const normalise = rule('normalise', ({ norm }, { inputs, gradient }, tape) => {
  const read = [inputs[0]!, gradient]
  return [tape.emit({ kind: 'normaliseGradient', norm }, read, tape.shapeOf(gradient))]
})

const merge = rule('merge', ({ of }, { inputs, output, gradient }, tape) => {
  const shape = tape.shapeOf(output)
  const isSame = (value: number) => String(tape.shapeOf(value)) === String(shape)
  if (!inputs.every(isSame))
    throw new NotTrainable('a merge of different shapes has no gradient here')
  if (of === 'add') return inputs.map(() => gradient)
  const times = (value: number, by: number) =>
    tape.emit({ kind: 'merge', of: 'multiply' }, [value, by], shape)
  if (of === 'multiply') {
    return inputs.map((_, i) =>
      inputs.reduce((made, other, j) => (i === j ? made : times(made, other)), gradient),
    )
  }
  if (of !== 'average') throw new NotTrainable(`a merge by ${of} has no gradient here`)
  const channels = shape.at(-1)!
  const factors = new Float32Array(channels).fill(1 / inputs.length)
  const terms = new Float32Array(channels)
  const share = tape.emit({ kind: 'scale', factors, terms }, [gradient], shape)
  return inputs.map(() => share)
})

const concatenate = rule('concatenate', ({ axis }, { inputs, output, gradient }, tape) => {
  const whole = tape.shapeOf(output)
  let first = 0
  return inputs.map((value) => {
    const shape = tape.shapeOf(value)
    const before = first
    first += shape[axis]!
    const after = whole[axis]! - first
    const amounts = shape.map((_, i) => (i === axis ? ([before, after] as const) : NONE))
    return tape.emit({ kind: 'crop', amounts }, [gradient], shape)
  })
})

const NONE = [0, 0] as const

const reshape = rule('reshape', (_, { inputs, gradient }, tape) => [
  tape.emit({ kind: 'reshape' }, [gradient], tape.shapeOf(inputs[0]!)),
])

const permute = rule('permute', ({ axes }, { inputs, gradient }, tape) => {
  const back = axes.map((_, axis) => axes.indexOf(axis))
  return [tape.emit({ kind: 'permute', axes: back }, [gradient], tape.shapeOf(inputs[0]!))]
})

const framed =
  (kind: 'pad' | 'crop'): Rule =>
  ({ operation, inputs }, gradient, tape) => {
    const { amounts } = operation as Pad
    return [tape.emit({ kind, amounts }, [gradient], tape.shapeOf(inputs[0]!))]
  }

/** The sum of the copies of each pixel: an average pool, times the number of copies. */
const enlarge = rule('enlarge', ({ times }, { inputs, gradient }, tape) => {
  const [input] = inputs as [number]
  const shape = tape.shapeOf(input)
  if (times.at(-1) !== 1 || shape.length > 3)
    throw new NotTrainable('channels that are copied have no gradient here')
  const [rows = 1, columns = 1] = shape.length === 3 ? times : [1, times[0]]
  const channels = shape.at(-1)!
  const window = { ...wholeWindow(rows, columns), strides: [rows, columns] as const }
  const matrix = poolMatrix(window, channels, 1)
  const [height, width] = imageOf(tape.shapeOf(gradient))
  const image = tape.emit({ kind: 'reshape' }, [gradient], [height, width, channels])
  const small: Shape = [height / rows, width / columns, channels]
  const sum = tape.emit({ kind: 'product', window, matrix }, [image], small)
  return [tape.emit({ kind: 'reshape' }, [sum], shape)]
})

const spread = rule('spread', ({ steps }, { inputs, gradient }, tape) => {
  const [input] = inputs as [number]
  const shape = tape.shapeOf(input)
  if (shape.length !== 3) throw new NotTrainable('a spread sequence has no gradient here')
  const window = { ...wholeWindow(1, 1), strides: [steps[0]!, steps[1]!] as const }
  const matrix = poolMatrix(window, shape[2]!, 1)
  return [tape.emit({ kind: 'product', window, matrix }, [gradient], shape)]
})

/** By the kind of operation. */
export const rules: Readonly<Record<string, Rule>> = {
  ...{ product, pool, globalPool, scale, activate, softmax, normalise, merge },
  ...{ concatenate, reshape, permute, enlarge, spread, pad: framed('crop'), crop: framed('pad') },
}
