import type { Network } from '../network/network.js'
import type { Machine } from '../programs/layout/builder.js'
import type { Parameter } from './reading/read-training.js'
import type { UpdateRule } from './updates/update-rules.js'

/** A trained weight with its gradients and slots, in the order of the network. */
interface Held {
  readonly parameter: Parameter
  /** Addresses of the elements and of four sums each. */
  readonly values: number
  readonly sums: number
  readonly gradients: Float32Array
  readonly slots: readonly Float32Array[]
}

/** Matrices with the values of others. */
interface Copy {
  readonly to: number
  readonly from: number
  readonly order: Uint32Array
}

/** The weights of a network in the memory of the kernels. */
export interface WeightsInMemory {
  /** The place of the sums of an array's gradients. */
  readonly sumsOf: (array: Float32Array) => number
  readonly trained: (array: Float32Array) => boolean
  /** One update by the sums, which are 0 afterwards. */
  readonly step: (at: { rate: number; step: number; clipNorm: number | undefined }) => void
  /** The elements that a parameter has now. */
  readonly read: (parameter: Parameter) => Float32Array
  /** Sets the elements of a parameter; `refresh` then brings the copies up to date. */
  readonly write: (array: Float32Array, values: ArrayLike<number>) => void
  readonly refresh: () => void
  readonly slotsOf: (parameter: Parameter) => readonly Float32Array[]
}

/** Puts weights into memory, and makes room for their gradients and slots. */
export function weightsInMemory(
  network: Network,
  { machine, rule, parameters }: Parts,
): WeightsInMemory {
  const { memory, constants, kernels } = machine
  const held = parameters
    .filter(({ trainable }) => trainable)
    .map(
      (parameter): Held => ({
        parameter,
        values: constants.place(parameter.values),
        sums: memory.reserve(parameter.values.length * 16),
        gradients: new Float32Array(parameter.values.length),
        slots: rule.slots.map(() => new Float32Array(parameter.values.length)),
      }),
    )
  for (const { values } of parameters) constants.place(values)
  const byArray = new Map(held.map((one) => [one.parameter.values, one]))
  const copies = network.steps.flatMap(({ operation }): Copy[] => {
    const copyOf = operation.kind === 'product' ? operation.matrix.copyOf : undefined
    if (operation.kind !== 'product' || !copyOf || !byArray.has(copyOf.matrix.values)) return []
    const to = constants.place(operation.matrix.values)
    return [{ to, from: constants.place(copyOf.matrix.values), order: copyOf.order }]
  })
  const view = (address: number, length: number) => new Float32Array(memory.buffer, address, length)
  const read = ({ values }: Parameter) => view(constants.place(values), values.length)
  const refresh = () => {
    for (const { to, from, order } of copies) {
      const [target, source] = [view(to, order.length), view(from, order.length)]
      for (let k = 0; k < order.length; k++) target[k] = source[order[k]!]!
    }
  }
  return {
    write: (array, values) => view(constants.place(array), array.length).set(values),
    refresh,
    sumsOf: (array) => byArray.get(array)!.sums,
    trained: (array) => byArray.has(array),
    read,
    slotsOf: ({ values }) => byArray.get(values)?.slots ?? [],
    step: ({ rate, step, clipNorm }) => {
      let squares = 0
      for (const { gradients, sums } of held) {
        squares += gather(view(sums, gradients.length * 4), gradients)
        if (gradients.length > 0) kernels.fill({ to: sums, length: gradients.length * 4, value: 0 })
      }
      const factor =
        clipNorm === undefined ? 1 : Math.min(1, clipNorm / (Math.sqrt(squares) + 1e-6))
      for (const { values: place, gradients, slots } of held) {
        if (factor < 1) for (let i = 0; i < gradients.length; i++) gradients[i]! *= factor
        const values = view(place, gradients.length)
        rule.update({ values, gradients, slots }, { rate, step })
      }
      refresh()
    },
  }
}

interface Parts {
  readonly machine: Machine
  readonly rule: UpdateRule
  readonly parameters: readonly Parameter[]
}

/** Adds the four sums of each element up; gives the sum of the squares. */
function gather(sums: Float32Array, gradients: Float32Array): number {
  let squares = 0
  for (let i = 0, at = 0; i < gradients.length; i++, at += 4) {
    const gradient = Math.fround(sums[at]! + sums[at + 1]! + (sums[at + 2]! + sums[at + 3]!))
    gradients[i] = gradient
    squares += gradient * gradient
  }
  return squares
}
