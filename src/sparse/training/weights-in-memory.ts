import type { Network } from '../network/network.js'
import type { Machine } from '../programs/layout/builder.js'
import type { PickPlaces, TrainingKernels } from './kernels/training-kernels.js'
import { MOST_SETTINGS } from './kernels/update-code.js'
import type { Parameter } from './reading/read-training.js'
import type { UpdateRule } from './updates/update-rules.js'

/** A trained weight with its gradients and slots, in the order of the network. */
interface Held {
  readonly parameter: Parameter
  /** Addresses of the elements and of four sums each. */
  readonly values: number
  readonly sums: number
  readonly gradients: number
  readonly slots: readonly number[]
  readonly length: number
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
  { machine: { memory, constants }, kernels, rule, parameters }: Parts,
): WeightsInMemory {
  const held = parameters
    .filter(({ trainable }) => trainable)
    .map((parameter): Held => {
      const { length } = parameter.values
      const room = () => memory.reserve(length * 4)
      return {
        ...{ parameter, length, values: constants.place(parameter.values), gradients: room() },
        ...{ sums: memory.reserve(length * 16), slots: rule.slots.map(room) },
      }
    })
  for (const { values } of parameters) constants.place(values)
  const settings = memory.reserve(MOST_SETTINGS * 4)
  const squares = memory.reserve(8)
  const byArray = new Map(held.map((one) => [one.parameter.values, one]))
  const copies = network.steps.flatMap(({ operation }): PickPlaces[] => {
    const copyOf = operation.kind === 'product' ? operation.matrix.copyOf : undefined
    if (operation.kind !== 'product' || !copyOf || !byArray.has(copyOf.matrix.values)) return []
    const to = constants.place(operation.matrix.values)
    const { order, matrix } = copyOf
    const from = constants.place(matrix.values)
    return [{ to, from, order: constants.place(order), length: order.length }]
  })
  const view = (address: number, length: number) => new Float32Array(memory.buffer, address, length)
  const refresh = () => copies.forEach(kernels.pickFloats)
  /** Sets what is pruned of a weight that is no kernel to 0. */
  const clear = ({ parameter: { gone }, length }: Held, address: number) => {
    const floats = view(address, length)
    for (const place of gone ?? []) floats[place] = 0
  }
  /** Such that the norm of all gradients is as asked for at most. */
  const factorFor = (clipNorm: number | undefined) => {
    if (clipNorm === undefined) return 1
    const sum = new Float64Array(memory.buffer, squares, 1).fill(0)
    for (const one of held) kernels.sumSquares({ ...one, out: squares })
    return Math.min(1, clipNorm / (Math.sqrt(sum[0]!) + 1e-6))
  }
  return {
    write: (array, values) => view(constants.place(array), array.length).set(values),
    refresh,
    sumsOf: (array) => byArray.get(array)!.sums,
    trained: (array) => byArray.has(array),
    read: ({ values }) => view(constants.place(values), values.length),
    slotsOf: ({ values }) => {
      const { slots, length } = byArray.get(values)!
      return slots.map((slot) => view(slot, length))
    },
    step: ({ clipNorm, ...at }) => {
      for (const { sums, gradients, length } of held)
        kernels.sumGradients({ sums, out: gradients, length })
      for (const one of held) clear(one, one.gradients)
      view(settings, MOST_SETTINGS).set([factorFor(clipNorm), ...rule.settings(at)])
      for (const one of held) {
        kernels.update(rule.name, { ...one, settings })
        clear(one, one.values)
      }
      refresh()
    },
  }
}

interface Parts {
  readonly machine: Machine
  readonly kernels: TrainingKernels
  readonly rule: UpdateRule
  readonly parameters: readonly Parameter[]
}
