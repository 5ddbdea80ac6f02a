import type {
  Activate,
  Network,
  Operation,
  Pair,
  Product,
  Recurrent,
  Shape,
  SparseMatrix,
  Step,
  Window,
} from '../../../src/sparse/network/network.js'

/** Numbers that depend on a seed alone. */
export interface Dice {
  /** From 0 to `below` - 1. */
  readonly whole: (below: number) => number
  /** From -1 to 1. */
  readonly real: () => number
  readonly pick: <T>(all: readonly T[]) => T
  readonly floats: (length: number) => Float32Array
}

export function dice(seed: number): Dice {
  let state = (seed * 2654435761 + 12345) >>> 0
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 8) ^ (state >>> 20)) / 2 ** 24
  }
  for (let i = 0; i < 5; i++) next()
  const real = () => next() * 2 - 1
  return {
    whole: (below) => Math.floor(next() * below) % below,
    real,
    pick: (all) => all[Math.floor(next() * all.length) % all.length]!,
    floats: (length) => Float32Array.from({ length }, real),
  }
}

export function randomMatrix(
  { real, whole }: Dice,
  rows: number,
  columns: number,
  density: number,
): SparseMatrix {
  const starts = [0]
  const indices: number[] = []
  const values: number[] = []
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (whole(1000) >= density * 1000) continue
      indices.push(column)
      values.push(real() / Math.sqrt(columns * density))
    }
    starts.push(indices.length)
  }
  return {
    ...{ rows, columns, starts: Uint32Array.from(starts), indices: Uint32Array.from(indices) },
    values: Float32Array.from(values),
  }
}

/** Rows hold entries of one channel alone. */
export function depthwiseMatrix(
  { real }: Dice,
  places: number,
  channels: number,
  multiplier: number,
): SparseMatrix {
  const rows = channels * multiplier
  const indices: number[] = []
  for (let row = 0; row < rows; row++)
    for (let place = 0; place < places; place++)
      indices.push(place * channels + Math.floor(row / multiplier))
  return {
    ...{ rows, columns: places * channels, indices: Uint32Array.from(indices) },
    starts: Uint32Array.from({ length: rows + 1 }, (_, row) => row * places),
    values: Float32Array.from(indices, real),
  }
}

/** A window that fits an image, and the sides of its outcome. */
export function randomWindow(
  { whole }: Dice,
  shape: Shape,
): { window: Window; out: [number, number] } {
  const axes = [0, 1].map((axis) => {
    const side = shape[axis]!
    const size = 1 + whole(Math.min(3, side))
    const dilation = size > 1 ? 1 + whole(2) : 1
    const reach = (size - 1) * dilation + 1
    const before = whole(size)
    const after = Math.max(reach - side - before, whole(size))
    const stride = 1 + whole(3)
    const out = Math.floor((side + before + after - reach) / stride) + 1
    return { size, dilation, before, after, stride, out }
  })
  const pair = (of: (axis: (typeof axes)[0]) => number): Pair => [of(axes[0]!), of(axes[1]!)]
  return {
    window: {
      size: pair((axis) => axis.size),
      strides: pair((axis) => axis.stride),
      dilations: pair((axis) => axis.dilation),
      padding: [pair((axis) => axis.before), pair((axis) => axis.after)],
    },
    out: [axes[0]!.out, axes[1]!.out],
  }
}

export const activations: readonly Activate[] = [
  ['linear', {}],
  ['cut', { least: 0, most: Number.POSITIVE_INFINITY }],
  ['cut', { least: 0, most: 6 }],
  ['leakyRelu', { alpha: 0.3 }],
  ['thresholdedRelu', { theta: 0.2 }],
  ['elu', { alpha: 1 }],
  ['selu', {}],
  ['sigmoid', {}],
  ['hardSigmoid', {}],
  ['softplus', {}],
  ['softsign', {}],
  ['tanh', {}],
  ['swish', { beta: 1 }],
  ['mish', {}],
  ['gelu', {}],
  ['geluByTanh', {}],
].map(([name, parameters]) => ({ kind: 'activate', name, parameters }) as Activate)

/** One operation on a value, and the shape of its outcome; undefined where it does not fit. */
type Make = (dice: Dice, shape: Shape) => { operation: Operation; shape: Shape } | undefined

function product({ matrix, window }: Pick<Product, 'matrix'> & { window?: Window }, d: Dice) {
  const bounds = d.pick([undefined, [0, Number.POSITIVE_INFINITY], [0, 0.5]] as const)
  return {
    ...{ kind: 'product', matrix },
    ...(window && { window }),
    ...(d.whole(3) > 0 && { bias: d.floats(matrix.rows) }),
    ...(bounds && { bounds }),
  } as Product
}

const density = (d: Dice) => d.pick([0.1, 0.3, 1])
const image = (shape: Shape) => shape.length === 3

export const makers: Readonly<Record<string, Make>> = {
  dense: (d, shape) => {
    const rows = 1 + d.whole(6)
    const matrix = randomMatrix(d, rows, shape.at(-1)!, density(d))
    return { operation: product({ matrix }, d), shape: [...shape.slice(0, -1), rows] }
  },
  convolution: (d, shape) => {
    if (!image(shape)) return undefined
    const { window, out } = randomWindow(d, shape)
    const rows = 1 + d.whole(6)
    const columns = window.size[0] * window.size[1] * shape[2]!
    const matrix = randomMatrix(d, rows, columns, density(d))
    return { operation: product({ matrix, window }, d), shape: [...out, rows] }
  },
  depthwise: (d, shape) => {
    if (!image(shape)) return undefined
    const { window, out } = randomWindow(d, shape)
    const matrix = depthwiseMatrix(
      ...([d, window.size[0] * window.size[1], shape[2]!, 1 + d.whole(2)] as const),
    )
    return { operation: product({ matrix, window }, d), shape: [...out, matrix.rows] }
  },
  pool: (d, shape) => {
    if (!image(shape)) return undefined
    const { window, out } = randomWindow(d, shape)
    const of = d.pick(['maximum', 'average'] as const)
    if (!everyWindowHasPixels(window, shape, out)) return undefined
    return { operation: { kind: 'pool', of, window }, shape: [...out, shape[2]!] }
  },
  globalPool: (d, shape) => ({
    operation: { kind: 'globalPool', of: d.pick(['maximum', 'average'] as const) },
    shape: [shape.at(-1)!],
  }),
  scale: (d, shape) => ({
    operation: { kind: 'scale', factors: d.floats(shape.at(-1)!), terms: d.floats(shape.at(-1)!) },
    shape,
  }),
  activate: (d, shape) => ({ operation: d.pick(activations), shape }),
  parametricRelu: (d, shape) => ({
    operation: { kind: 'parametricRelu', alpha: d.floats(shape.reduce((a, b) => a * b, 1)) },
    shape,
  }),
  softmax: (d, shape) => ({ operation: { kind: 'softmax', log: d.whole(2) === 1 }, shape }),
  layerNormalise: (d, shape) => ({
    operation: {
      ...{ kind: 'layerNormalise', epsilon: 0.1 },
      ...{ factors: d.floats(shape.at(-1)!), terms: d.floats(shape.at(-1)!) },
    },
    shape,
  }),
  reshape: (d, shape) => {
    const size = shape.reduce((a, b) => a * b, 1)
    const side = [2, 3, 4, 5].find((n) => size % n === 0) ?? 1
    const shapes = [[size], [size / side, side], [side, 1, size / side], shape]
    return { operation: { kind: 'reshape' }, shape: d.pick(shapes) }
  },
  permute: (d, shape) => {
    const axes = shape.map((_, axis) => axis)
    const order = d.whole(2) === 1 ? axes.reverse() : [...axes.slice(1), axes[0]!]
    return { operation: { kind: 'permute', axes: order }, shape: order.map((axis) => shape[axis]!) }
  },
  pad: (d, shape) => {
    const amounts = shape.map(
      (_, axis): Pair => (axis < 2 || d.whole(3) === 0 ? [d.whole(3), d.whole(2)] : [0, 0]),
    )
    return {
      operation: { kind: 'pad', amounts },
      shape: shape.map((side, axis) => side + amounts[axis]![0] + amounts[axis]![1]),
    }
  },
  crop: (d, shape) => {
    const amounts = shape.map((side): Pair => (side > 2 ? [d.whole(2), d.whole(2)] : [0, 0]))
    return {
      operation: { kind: 'crop', amounts },
      shape: shape.map((side, axis) => side - amounts[axis]![0] - amounts[axis]![1]),
    }
  },
  enlarge: (d, shape) => {
    if (shape.reduce((a, b) => a * b, 1) > 500) return undefined
    const times = shape.map((_, axis) => (axis === 2 ? 1 : 1 + d.whole(2)))
    return {
      operation: { kind: 'enlarge', times },
      shape: shape.map((side, axis) => side * times[axis]!),
    }
  },
  spread: (d, shape) => {
    if (shape.reduce((a, b) => a * b, 1) > 500) return undefined
    const steps = shape.map((_, axis) => (axis === 2 ? 1 : 1 + d.whole(2)))
    return {
      operation: { kind: 'spread', steps },
      shape: shape.map((side, axis) => (side - 1) * steps[axis]! + 1),
    }
  },
  recurrent: (d, shape) => {
    if (shape.length !== 2) return undefined
    const units = 1 + d.whole(4)
    const cell = d.pick(['simple', 'lstm', 'gru'] as const)
    const rows = units * { simple: 1, lstm: 4, gru: 3 }[cell]
    const sequences = d.whole(2) === 1
    const operation: Recurrent = {
      ...{ kind: 'recurrent', cell, units, sequences, backwards: d.whole(2) === 1 },
      kernel: randomMatrix(d, rows, shape[1]!, density(d)),
      recurrentKernel: randomMatrix(d, rows, units, density(d)),
      ...(d.whole(3) > 0 && { bias: d.floats(rows) }),
      activation: { kind: 'activate', name: 'tanh', parameters: {} },
      recurrentActivation: d.pick(
        activations.filter(({ name }) => name === 'sigmoid' || name === 'hardSigmoid'),
      ),
    }
    return { operation, shape: sequences ? [shape[0]!, units] : [units] }
  },
  layerCall: (_, shape) => ({
    operation: {
      kind: 'layerCall',
      call: ([input], batch) => {
        const size = input!.values.length / batch
        return { shape, values: input!.values.map((x, i) => x + 0.01 * (i % size)) }
      },
    },
    shape,
  }),
}

function everyWindowHasPixels(
  { size, strides, dilations, padding }: Window,
  shape: Shape,
  out: readonly [number, number],
): boolean {
  return ([0, 1] as const).every((axis) =>
    Array.from({ length: out[axis] }, (_, o) => o).every((o) =>
      Array.from({ length: size[axis] }, (_, i) => i).some((i) => {
        const at = o * strides[axis] + i * dilations[axis] - padding[0][axis]
        return at >= 0 && at < shape[axis]!
      }),
    ),
  )
}

export const allKinds = [...Object.keys(makers), 'merge', 'spreadMerge', 'concatenate']

/** A chain of operations with branches that are merged or concatenated. */
export function randomNetwork(
  seed: number,
  operations: number,
  { first, kinds = allKinds }: { first?: string; kinds?: readonly string[] } = {},
): Network {
  const d = dice(seed)
  const start = d.pick([[5, 6, 3], [9, 7, 4], [1, 11, 2], [2, 2, 5], [7, 3], [12], [13, 9, 1]])
  const shapes: Shape[] = [start]
  const steps: Step[] = []
  const add = (operation: Operation, inputs: number[], shape: Shape): number => {
    const output = shapes.push(shape) - 1
    steps.push({ layer: `layer${steps.length}`, operation, inputs, output })
    return output
  }
  const apply = (kind: string): void => {
    const input = d.whole(3) === 0 ? d.whole(shapes.length) : shapes.length - 1
    const shape = shapes[input]!
    if (kind === 'merge') {
      const of = d.pick(['add', 'multiply', 'average', 'maximum', 'minimum', 'subtract'] as const)
      const equal = shapes.flatMap((s, i) => (String(s) === String(shape) ? [i] : []))
      const more = of === 'subtract' ? [d.pick(equal)] : [d.pick(equal), d.pick(equal)]
      add({ kind: 'merge', of }, [input, ...more], shape)
    } else if (kind === 'spreadMerge') {
      const narrow = add({ kind: 'globalPool', of: 'average' }, [input], [shape.at(-1)!])
      const ones = [...shape.slice(0, -1).map(() => 1), shape.at(-1)!]
      const ready = add({ kind: 'reshape' }, [narrow], ones)
      const of = d.pick(['add', 'multiply', 'average', 'subtract'] as const)
      add({ kind: 'merge', of }, d.whole(2) ? [input, ready] : [ready, input], shape)
    } else if (kind === 'concatenate') {
      const axis = d.whole(shape.length)
      const fitting = shapes.flatMap((s, i) =>
        s.length === shape.length && s.every((side, a) => a === axis || side === shape[a])
          ? [i]
          : [],
      )
      const other = d.pick(fitting)
      const sides = shape.map((side, a) => (a === axis ? side + shapes[other]![a]! : side))
      if (sides.reduce((a, b) => a * b, 1) < 2000)
        add({ kind: 'concatenate', axis }, [input, other], sides)
    } else {
      const made = makers[kind]!(d, shape)
      if (made) add(made.operation, [input], made.shape)
    }
  }
  if (first) apply(first)
  for (let i = 0; i < 50 && steps.length < operations; i++) apply(d.pick(kinds))
  const outputs = [...new Set([shapes.length - 1, d.whole(shapes.length)])]
  return { shapes, inputs: [0], outputs, steps }
}
